import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { memoryMedium, type Medium } from "../../../operators/updates/medium.ts";
import {
  dropUpload,
  installModel,
  keepPiece,
  readIndex,
  readModel,
  readUpload,
  recover,
  removeModel,
  uploadedBytes,
  type ModelIndex,
} from "../../../operators/updates/model-store.ts";
import { seeded } from "../../../pipeline/seeded.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const first: ModelIndex = { models: [], trust: "launch" };

class PowerCut extends Error {}

/** A medium whose power is cut at its `limit`-th step; a write that is cut off leaves part of its bytes. */
const cutAfter = (held: Map<string, Uint8Array>, limit: number, share: number): Medium => {
  const inner = memoryMedium(held);
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps >= limit) throw new PowerCut();
  };
  return {
    ...inner,
    write: (name, bytes) => {
      if (steps + 1 >= limit) inner.write(name, bytes.slice(0, Math.floor(share * bytes.length)));
      step();
      inner.write(name, bytes.slice());
    },
    rename: (from, to) => {
      step();
      inner.rename(from, to);
    },
    remove: (name) => {
      step();
      inner.remove(name);
    },
  };
};

/** The model, as the upload that it is made of here: its files one after the other. */
const random = seeded(3, "model");
const upload = Uint8Array.from({ length: 50_000 }, () => Math.floor(random.uniform() * 256));
const files = new Map([
  ["model.json", upload.slice(0, 3000)],
  ["net.onnx", upload.slice(3000)],
]);
const digest = sha256(upload);
const pieceBytes = 4096;

/** Takes up where the medium is: what a satellite does after each restart. Returns whether the model is installed. */
const goOn = (medium: Medium): boolean => {
  let index = readIndex(medium, first);
  recover(medium, index);
  for (const { sha256: one } of index.models) {
    // What is installed is whole, whenever it is looked at.
    expect(sha256(Buffer.concat([...readModel(medium, index, one).values()]))).toBe(digest);
  }
  if (index.models.length > 0) {
    dropUpload(medium, "update");
    return true;
  }
  for (let at = 0; at < upload.length; at += pieceBytes) {
    if (uploadedBytes(medium, "update") > at) continue;
    keepPiece(medium, "update", at, upload.slice(at, at + pieceBytes));
  }
  const whole = readUpload(medium, "update", upload.length, digest);
  if (whole === null) return false;
  index = installModel(medium, index, { model: "net", sha256: digest }, files, "proven");
  dropUpload(medium, "update");
  return index.models.length === 1;
};

describe("models on board", () => {
  it("are installed bit for bit or not at all, wherever the power is cut: 200 places, several times each", () => {
    const chance = seeded(1, "power");
    let cuts = 0;
    for (let run = 0; run < 200; run++) {
      const held = new Map<string, Uint8Array>();
      for (;;) {
        // The first cut falls anywhere on the way; those that follow anywhere again.
        const medium = cutAfter(held, 1 + Math.floor(chance.uniform() * 60), chance.uniform());
        try {
          expect(goOn(medium)).toBe(true);
          break;
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          cuts += 1;
          const after = memoryMedium(held);
          const index = readIndex(after, first);
          expect(index.models.length === 0 ? index.trust === "launch" : index.trust === "proven").toBe(true);
          for (const one of index.models) readModel(after, index, one.sha256);
        }
      }
      const medium = memoryMedium(held);
      const index = readIndex(medium, first);
      recover(medium, index);
      expect([...readModel(medium, index, digest)].map(([name, bytes]) => [name, sha256(bytes)])).toEqual(
        [...files].map(([name, bytes]) => [name, sha256(bytes)]),
      );
      expect(medium.names().toSorted()).toEqual(
        ["index", `model/${digest}/model.json`, `model/${digest}/net.onnx`].toSorted(),
      );
    }
    expect(cuts).toBeGreaterThanOrEqual(200);
  });

  it("an upload is whole once every byte is there and its digest holds, in whatever order it came", () => {
    const medium = memoryMedium();
    const offsets = Array.from({ length: Math.ceil(upload.length / pieceBytes) }, (_, i) => i * pieceBytes);
    for (const at of offsets.toReversed()) {
      expect(readUpload(medium, "u", upload.length, digest)).toBe(null);
      keepPiece(medium, "u", at, upload.slice(at, at + pieceBytes));
    }
    expect(sha256(readUpload(medium, "u", upload.length, digest) ?? new Uint8Array())).toBe(digest);
    expect(readUpload(medium, "u", upload.length, "0".repeat(64))).toBe(null);
    expect(readUpload(medium, "other", upload.length, digest)).toBe(null);
  });

  it("a model that is removed is gone, and so are its files; another stays", () => {
    const medium = memoryMedium();
    let index = installModel(medium, first, { model: "a", sha256: digest }, files, "t");
    const other = new Map([["model.json", Buffer.from("{}")]]);
    index = installModel(medium, index, { model: "b", sha256: "b".repeat(64) }, other, "t");
    index = removeModel(medium, index, digest);
    expect(index.models.map(({ model }) => model)).toEqual(["b"]);
    expect(medium.names().filter((name) => name.includes(digest))).toEqual([]);
    expect(() => readModel(medium, index, digest)).toThrow("is not installed");
    medium.write(`model/${"b".repeat(64)}/model.json`, Buffer.from("[]"));
    expect(() => readModel(medium, index, "b".repeat(64))).toThrow("is not what was installed");
  });
});
