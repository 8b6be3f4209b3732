import { describe, expect, test } from "vitest";
import { detectAll } from "../detect-all.ts";
import { openModel } from "../../models/model.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { mergeTileDetections } from "../../pipeline/detection/merge.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { modelError, rasterOf, toyFile, toyFolder, toyScene } from "./toys.ts";

const cut = (raster: Raster, window: PixelWindow): Raster =>
  rasterOf(
    window.width,
    window.height,
    raster.planes.map((plane) => {
      const part = new Uint16Array(window.width * window.height);
      for (let y = 0; y < window.height; y += 1) {
        const at = (window.y + y) * raster.width + window.x;
        part.set(plane.subarray(at, at + window.width) as Uint16Array, y * window.width);
      }
      return part;
    }),
  );

/** Scenes full of objects, so that an answer that went to the wrong tile shows. */
const busyTiles = (count: number): Raster[] =>
  Array.from({ length: count }, (_, i) => {
    const random = seeded("busy", i);
    const objects = Array.from(
      { length: 1 + random.integer(30) },
      () => [2 * random.integer(31), 2 * random.integer(31), 0.2 + 0.8 * random.uniform()] as const,
    );
    return toyScene(64, 64, objects);
  });

describe("a model with a card", () => {
  test("finds what lies in a tile, where it lies, best first", async () => {
    await using folder = await toyFolder("toy-centre");
    await using model = await openModel(folder.path, { threads: 1 });
    const found = await model.detect(
      toyScene(64, 64, [
        [10, 20, 0.5],
        [40, 4, 0.8],
        [0, 50, 0.1],
      ]),
    );
    expect(found).toEqual([
      { classId: 0, score: Math.fround(0.8), boxPx: { x0: 31, y0: 0, x1: 51, y1: 25 } },
      { classId: 0, score: Math.fround(0.5), boxPx: { x0: 1, y0: 1, x1: 21, y1: 41 } },
    ]);
    expect(model.info).toMatchObject({
      name: "toy-centre",
      classes: ["ship"],
      tile: { sizePx: 64, overlapPx: 16 },
    });
  });

  test("a tile's answer does not depend on its batch, its worker or the number of threads", async () => {
    await using folder = await toyFolder("toy-centre");
    const tiles = busyTiles(24);
    await using one = await openModel(folder.path, { threads: 1 });
    await using many = await openModel(folder.path, { threads: 3 });
    const alone: (readonly Detection[])[] = [];
    for (const tile of tiles) alone.push(await one.detect(tile));
    expect(alone.flat().length).toBeGreaterThan(100);
    expect(await detectAll(one, tiles)).toEqual(alone);
    expect(await detectAll(many, tiles)).toEqual(alone);
    expect(await Promise.all(tiles.toReversed().map(async (tile) => await many.detect(tile)))).toEqual(
      alone.toReversed(),
    );
  });

  test("tile by tile with merging gives what the whole scene at once gives", async () => {
    await using folder = await toyFolder("toy-centre", {
      tile: { sizePx: 256, overlapPx: 64, multipleOfPx: 16 },
    });
    const random = seeded("scene");
    const objects = Array.from({ length: 5 }, (_, row) =>
      Array.from(
        { length: 8 },
        (_, column) =>
          [
            30 * column + 2 * random.integer(4) + 10,
            50 * row + 2 * random.integer(2) + 22,
            0.3 + random.uniform() / 2,
          ] as const,
      ),
    ).flat();
    const scene = toyScene(256, 256, objects);
    await using model = await openModel(folder.path, { threads: 2 });
    const whole = await model.detect(scene);
    expect(whole).toHaveLength(40);
    for (const shape of [
      { sizePx: 96, overlapPx: 48 },
      { sizePx: 112, overlapPx: 64 },
    ]) {
      const tiles = planTiles({ x: 0, y: 0, width: 256, height: 256 }, shape);
      const parts = await detectAll(
        model,
        tiles.map(({ window }) => cut(scene, window)),
      );
      const merged = mergeTileDetections(
        tiles.map((tile, i) => ({ tile, detections: parts[i] ?? [] })),
        0.3,
      );
      expect(merged).toEqual(whole);
    }
  });

  test("a tile smaller than the network's step is padded; nothing is found in the padding", async () => {
    await using folder = await toyFolder("toy-centre");
    await using model = await openModel(folder.path, { threads: 1 });
    // The last column and row go on into the padding: without care, this object would be found there again.
    const found = await model.detect(
      toyScene(50, 38, [
        [48, 36, 0.9],
        [10, 10, 0.5],
      ]),
    );
    expect(found?.map(({ score }) => score)).toEqual([0.9, 0.5].map(Math.fround));
    expect(found?.[0]?.boxPx).toEqual({ x0: 39, y0: 17, x1: 50, y1: 38 });
  });

  test("pixels without a measurement count as zero, whatever their samples", async () => {
    await using folder = await toyFolder("toy-centre");
    await using model = await openModel(folder.path, { threads: 1 });
    const scene = toyScene(64, 64, [
      [10, 20, 0.5],
      [40, 40, 0.8],
    ]);
    const valid = new Uint8Array(64 * 64).fill(1);
    for (const at of [40 * 64 + 40, 40 * 64 + 41, 41 * 64 + 40, 41 * 64 + 41]) valid[at] = 0;
    const found = await model.detect({ ...scene, valid });
    expect(found?.map(({ score }) => score)).toEqual([0.5]);
  });

  test("band scale and offset, and the card's scale, mean and std, are applied", async () => {
    const input = { name: "input", scale: 2, mean: [0.1, 0, 0, 0], std: [4, 2, 2, 1] };
    await using folder = await toyFolder("toy-centre", { input });
    await using model = await openModel(folder.path, { threads: 1 });
    const scene = toyScene(64, 64, [[10, 20, 0.9]]);
    const bands = scene.bands.map((band) => ({ ...band, offset: 0.3 }));
    const found = await model.detect({ ...scene, bands });
    expect(found?.[0]?.score).toBeCloseTo(((0.9 + 0.3) * 2 - 0.1) / 4, 6);
  });

  test("leaves the caller's pixels as they were", async () => {
    await using folder = await toyFolder("toy-centre");
    await using model = await openModel(folder.path, { threads: 1 });
    const scene = toyScene(64, 64, [[10, 20, 0.5]]);
    const before = structuredClone(scene);
    await model.detect(scene);
    expect(scene).toEqual(before);
  });
});

describe("a bare ONNX file", () => {
  const picture = (red: number): Raster => {
    const plane = new Uint8Array(64 * 64);
    for (let y = 8; y < 16; y += 1) plane.fill(red, y * 64 + 24, y * 64 + 32);
    return rasterOf(64, 64, [plane, new Uint8Array(64 * 64), new Uint8Array(64 * 64)]);
  };

  test("of Ultralytics' kind says itself how it is used", async () => {
    await using model = await openModel(toyFile("toy-yolo"), { threads: 1 });
    expect(model.info).toMatchObject({
      name: "toy-yolo",
      classes: ["red boat", "captain's boat"],
      bands: ["red", "green", "blue"],
      tile: { sizePx: 64, overlapPx: 12 },
    });
    // One convolution of 2 × 3 × 8 × 8 weights at stride 8.
    expect(model.info.opsPerPixel).toBe(2 * 2 * 3);
    const found = await model.detect(picture(204));
    expect(found).toHaveLength(1);
    expect(found?.[0]?.boxPx).toEqual({ x0: 24, y0: 8, x1: 32, y1: 16 });
    expect(found?.[0]?.score).toBeCloseTo(0.8, 5);
  });

  test("keeps the tile size that its network fixes", async () => {
    await expect(openModel(toyFile("toy-yolo"), { tileSizePx: 512 })).rejects.toThrow(
      /wanted 64, which the network fixes, got 512/,
    );
  });

  test.each([["toy-silent", /does not say how it is used.*no task, no names, no stride.*model\.json/]])(
    "%s is refused",
    async (toy, message) => {
      await expect(openModel(toyFile(toy))).rejects.toThrow(modelError(message));
    },
  );

  test("wants 8-bit pixels", async () => {
    await using model = await openModel(toyFile("toy-yolo"), { threads: 1 });
    const deep = rasterOf(
      64,
      64,
      [0, 1, 2].map(() => new Uint16Array(64 * 64)),
    );
    await expect(model.detect(deep)).rejects.toThrow(modelError(/wanted 8-bit samples, got uint16/));
  });
});
