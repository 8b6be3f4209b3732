import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { InferencePool } from "../../../models/inference/pool.ts";
import { unpackDetections } from "../../../models/inference/protocol.ts";
import type { InferencePlan } from "../../../models/inference/tile-inference.ts";
import type { InputTile } from "../../../models/inference/tile-input.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { toyFile, toyScene } from "../toys.ts";

const plan: InferencePlan = {
  answer: "detections",
  trial: null,
  isStrict: true,
  where: 'model "toy"',
  inputName: "input",
  layout: "NCHW",
  pixelOrder: "layout",
  channels: 4,
  multipleOfPx: 16,
  head: {
    kind: "centre",
    strideCells: 2,
    outputs: { heatmap: "heatmap", size: "size", offset: "offset" },
    looks: 1,
  },
  classCount: 1,
  scoreThreshold: 0.2,
  maxDetections: 100,
  mergeIou: 0.3,
  fit: "pad",
  anchor: "centre",
  outputLayout: "NCHW",
  format: "onnx",
  quantised: "integer",
  device: ["cpu"],
};
const ones = [1, 1, 1, 1];
const none = [0, 0, 0, 0];
const inputTile = (side = 64): InputTile => {
  const { width, height, planes } = toyScene(side, side, [[10, 20, 0.5]]);
  return {
    width,
    height,
    planes,
    valid: null,
    gain: ones.map((g) => g / 1000),
    bias: none,
    blank: none,
    margin: none,
  };
};
const poolOf = async (threads: number, toy = "toy-centre"): Promise<InferencePool> =>
  new InferencePool(await readFile(toyFile(toy)), plan, threads);

describe("inference pool", () => {
  test("gives each tile its own answer, whatever the tiles' sizes", async () => {
    await using pool = await poolOf(2);
    const sides = [64, 32, 48, 64, 96, 32];
    const found = await Promise.all(sides.map((side) => pool.run(inputTile(side))));
    expect(found.map((rows) => unpackDetections(rows).length)).toEqual(sides.map(() => 1));
  });

  test("takes samples in shared memory as they are", async () => {
    await using pool = await poolOf(1);
    const tile = inputTile();
    const planes = tile.planes.map((plane) => {
      const shared = new Uint16Array(new SharedArrayBuffer(plane.byteLength));
      shared.set(plane);
      return shared;
    });
    expect(await pool.run({ ...tile, planes })).toEqual(await pool.run(tile));
  });

  test("an abort ends what waits and what runs, and nothing else", async () => {
    await using pool = await poolOf(1);
    await pool.open();
    const controller = new AbortController();
    const going = Array.from({ length: 8 }, () => pool.run(inputTile(), controller.signal));
    const other = pool.run(inputTile());
    controller.abort(new Error("enough"));
    const settled = await Promise.allSettled(going);
    expect(settled.map((s) => s.status === "rejected" && String(s.reason))).toEqual(
      Array(8).fill("Error: enough"),
    );
    expect(unpackDetections(await other)).toHaveLength(1);
    await expect(pool.run(inputTile(), controller.signal)).rejects.toThrow("enough");
  });

  test("a tile that fails takes no other tile with it", async () => {
    await using pool = await poolOf(1);
    const tile = inputTile();
    const broken = { ...tile, gain: [Number.NaN, 1, 1, 1] };
    const [bad, good] = await Promise.allSettled([pool.run(broken), pool.run(tile)]);
    expect(bad.status === "rejected" && isSwathError(bad.reason, "model")).toBe(true);
    expect(good.status).toBe("fulfilled");
  });

  test("workers that die reject the tiles that they held, and no tile waits for ever", async () => {
    const dying = new URL("../dying-worker.mjs", import.meta.url);
    await using pool = new InferencePool(await readFile(toyFile("toy-centre")), plan, 2, dying);
    await pool.open();
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map(() => pool.run(inputTile())));
    for (const s of settled) {
      expect(s.status === "rejected" && isSwathError(s.reason, "model")).toBe(true);
      expect(String(s.status === "rejected" && s.reason)).toMatch(
        /inference worker died.*model "toy": got struck/,
      );
    }
  });

  test("a tile that cannot be handed over is rejected alone", async () => {
    await using pool = await poolOf(1);
    const huge = { ...inputTile(), planes: [{ buffer: null, byteLength: 2 ** 60 }] } as unknown as InputTile;
    await expect(pool.run(huge)).rejects.toThrow(/cannot hand a tile to model "toy"/);
    expect(unpackDetections(await pool.run(inputTile()))).toHaveLength(1);
  });

  test("a network that does not load fails every tile, once and for all", async () => {
    await using pool = await poolOf(2, "toy-unknown");
    const settled = await Promise.allSettled([1, 2, 3].map(() => pool.run(inputTile())));
    for (const s of settled)
      expect(String(s.status === "rejected" && s.reason)).toMatch(/unsupported operator.*Frobnicate/);
    await expect(pool.run(inputTile())).rejects.toThrow(/Frobnicate/);
  });

  test("closed, it rejects what waits, finishes what runs and takes no more", async () => {
    const pool = await poolOf(1);
    await pool.open();
    const going = Array.from({ length: 6 }, () => pool.run(inputTile()));
    const settling = Promise.allSettled(going);
    await pool[Symbol.asyncDispose]();
    const statuses = (await settling).map(({ status }) => status);
    expect(statuses).toEqual(["fulfilled", "fulfilled", "rejected", "rejected", "rejected", "rejected"]);
    await expect(pool.run(inputTile())).rejects.toThrow(/is closed/);
    await pool[Symbol.asyncDispose]();
  });

  const built = fileURLToPath(new URL("../../../dist/models/model.js", import.meta.url));
  const program = (work: string): Promise<{ stdout: string }> => {
    const code = `
      const { openModel } = await import(${JSON.stringify(built)});
      const model = await openModel(${JSON.stringify(toyFile("toy-yolo"))}, { threads: 2 });
      const planes = [0, 1, 2].map(() => new Uint8Array(64 * 64));
      const bands = planes.map((_, i) => ({ name: "b" + i, sampleType: "uint8", scale: 1, offset: 0, unit: "dn", nodata: null }));
      const tile = { width: 64, height: 64, planes, bands, valid: null };
      ${work}`;
    return promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { timeout: 20_000 });
  };

  test("a process ends by itself when it forgets to close its models", async () => {
    const { stdout } = await program(
      "console.log((await Promise.all([tile, tile, tile].map((one) => model.detect(one)))).length);",
    );
    expect(stdout.trim()).toBe("3");
  });

  test("a process that closes a model while tiles run sees it closed", async () => {
    const { stdout } = await program(`
      const controller = new AbortController();
      const going = Promise.all(Array(6).fill(tile).map((one) => model.detect(one, controller.signal))).catch((e) => e.message);
      controller.abort(new Error("enough"));
      console.log(await going);
      await model[Symbol.asyncDispose]();
      console.log("closed");`);
    expect(stdout.trim().split("\n")).toEqual(["enough", "closed"]);
  });
});
