import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { detectAll } from "../detect-all.ts";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { addModel, type AddRequest } from "../../models/model-folder.ts";
import { inspectModel } from "../../models/inspection.ts";
import { openModel } from "../../models/model.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { modelError, rasterOf } from "./toys.ts";

/** Made by `test/golden/models/tfjs.py`: one network as ONNX and as both formats of TensorFlow.js. */
const golden = (name: string): string => fileURLToPath(new URL(`../golden/models/${name}`, import.meta.url));

const isInstalled = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-backend-wasm"].some((name) => {
  try {
    return createRequire(join(process.cwd(), "x.js")).resolve(name) !== "";
  } catch {
    return false;
  }
});
const why = isInstalled
  ? ""
  : " (skipped: npm install --no-save @tensorflow/tfjs @tensorflow/tfjs-backend-wasm)";

const folders: string[] = [];
const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "swath-tfjs-"));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const request = (file: string): AddRequest => ({
  file: golden(file),
  name: "net",
  classes: ["ship", "wake"],
  bands: ["red", "green", "blue"],
  units: "uint8",
  scale: 1 / 255,
  tileSizePx: 64,
  multipleOfPx: 2,
  head: "segment",
  headOptions: { strideCells: 2, pixelScore: 0.55 },
});

/** Blotches of colour. */
const tile = (seed: number, width: number, height: number) => {
  const noise = seeded("tfjs", seed);
  const random = (): number => noise.uniform();
  const planes = [0, 1, 2].map(() => {
    const waves = [0, 1, 2].map(() => [random() * 0.6, random() * 0.6, random() * 6] as const);
    return Uint8Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return 128 + 42 * waves.reduce((sum, [a, b, c]) => sum + Math.sin(a * x + b * y + c), 0);
    });
  });
  return rasterOf(width, height, planes);
};
const tiles = [tile(1, 64, 64), tile(2, 64, 64), tile(3, 50, 38)];

const foundBy = async (file: string): Promise<readonly (readonly Detection[])[]> => {
  const { folder } = await addModel(request(file), await temporary());
  await using model = await openModel(folder, { threads: 2, threshold: 0.3 });
  if (!file.endsWith(".onnx")) expect(model.info.runtime).toMatch(/^tfjs/);
  return await detectAll(model, tiles);
};

describe.skipIf(!isInstalled)(`TensorFlow.js${why}`, () => {
  test.each(["tfjs-graph", "tfjs-layers"])("%s: the same detections as ONNX", async (format) => {
    const [onnx, tfjs] = [await foundBy("tfjs-net.onnx"), await foundBy(format)];
    expect(onnx.flat().length).toBeGreaterThan(10);
    expect(new Set(onnx.flat().map(({ classId }) => classId)).size).toBe(2);
    onnx.forEach((wanted, i) => {
      expect(tfjs[i]).toHaveLength(wanted.length);
      wanted.forEach((one) => {
        const match = tfjs[i]?.find(
          ({ classId, boxPx }) =>
            classId === one.classId && JSON.stringify(boxPx) === JSON.stringify(one.boxPx),
        );
        expect(Math.abs((match?.score ?? Number.NaN) - one.score)).toBeLessThan(1e-5);
        expect(match?.outlinePx).toEqual(one.outlinePx);
      });
    });
  });

  test("an operator that it does not have is named", async () => {
    const folder = await temporary();
    await cp(golden("tfjs-graph"), folder, { recursive: true });
    const text = await readFile(join(folder, "model.json"), "utf8");
    await writeFile(join(folder, "model.json"), text.replace('"op": "Sigmoid"', '"op": "Frobnicate"'));
    const adding = addModel({ ...request("."), file: folder }, await temporary());
    await expect(adding).rejects.toThrow(modelError(/unsupported operator: got Frobnicate/));
  });
});

test.skipIf(isInstalled)("without TensorFlow.js the error says what to install", async () => {
  await expect(addModel(request("tfjs-graph"), await temporary())).rejects.toThrow(
    modelError(
      /needs TensorFlow\.js.*got neither; npm install @tensorflow\/tfjs @tensorflow\/tfjs-backend-wasm/,
    ),
  );
});

describe("files of TensorFlow.js, without it", () => {
  test.each(["tfjs-graph", "tfjs-layers"])("%s is described", async (format) => {
    const { file, opsPerPixel, missing } = await inspectModel(golden(format));
    expect(file).toMatchObject({ format: "tfjs", parameters: 826 });
    expect(file?.inputs[0]?.shape.at(-1)).toBe(3);
    expect(missing.join()).toMatch(/bands.*tile size.*classes/);
    // As the same network in ONNX: (27 · 8 + 72 · 8 + 8 · 2) multiply-adds for every fourth pixel.
    expect(opsPerPixel).toBe((2 * (27 * 8 + 72 * 8 + 8 * 2)) / 4);
    expect((await inspectModel(golden("tfjs-net.onnx"))).opsPerPixel).toBe(opsPerPixel);
  });

  test("shards that are cut off, missing or not beside it, and JSON that is no model", async () => {
    const folder = await temporary();
    await cp(golden("tfjs-graph"), folder, { recursive: true });
    const shard = join(folder, "group1-shard1of1.bin");
    await truncate(shard, 3000);
    await expect(inspectModel(folder)).rejects.toThrow(
      modelError(/not all of it: wanted 3304 bytes in group1-shard1of1\.bin, got 3000/),
    );
    await rm(shard);
    await expect(inspectModel(folder)).rejects.toThrow(modelError(/cannot read model file .*shard1of1\.bin/));
    const path = join(folder, "model.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("group1-shard", "../group1-shard"));
    await expect(inspectModel(folder)).rejects.toThrow(modelError(/wanted shards beside it/));
    await writeFile(path, text.slice(0, 900));
    await expect(inspectModel(folder)).rejects.toThrow(
      modelError(/no TensorFlow\.js model, or not all of it/),
    );
    await writeFile(path, '{"modelTopology": {}, "weightsManifest": []}');
    await expect(inspectModel(folder)).rejects.toThrow(modelError(/no TensorFlow\.js model/));
  });

  test("weights of another network than the card's", async () => {
    const folder = await temporary();
    await cp(golden("tfjs-graph"), folder, { recursive: true });
    await cp(join(folder, "model.json"), join(folder, "network.json"));
    const card = {
      schema: "swath-model/1",
      name: "net",
      version: "1",
      licence: "CC0-1.0",
      file: "network.json",
      format: "tfjs",
      sha256: "a".repeat(64),
      bands: ["red"],
      units: "uint8",
      input: { name: "image", mean: [0], std: [1] },
      tile: { sizePx: 64, overlapPx: 0 },
      head: { kind: "segment" },
      classes: ["ship"],
      thresholds: { score: 0.5, mergeIou: 0.5 },
      opsPerPixel: 1,
    };
    await writeFile(join(folder, "model.json"), JSON.stringify(card));
    await expect(openModel(folder)).rejects.toThrow(modelError(/not the one that its card describes/));
  });
});
