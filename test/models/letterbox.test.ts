import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { addModel } from "../../models/model-folder.ts";
import { channelsFirst } from "../../models/heads/tensor.ts";
import { packDetections, unpackDetections } from "../../models/inference/protocol.ts";
import { openModel } from "../../models/model.ts";
import { rasterOf, toyFile } from "./toys.ts";

const parents: string[] = [];
afterAll(() => Promise.all(parents.map((parent) => rm(parent, { recursive: true }))));

/** The toy YOLO of 64 × 64 pixels, one box an 8 × 8 patch of red, on tiles of another size. */
const boxed = async (tileSizePx: number): Promise<string> => {
  const parent = await mkdtemp(join(tmpdir(), "swath-letterbox-"));
  parents.push(parent);
  const request = { file: toyFile("toy-yolo"), fit: "letterbox", tileSizePx, headOptions: {} };
  return (await addModel(request, parent)).folder;
};

/** Black but for a red patch. */
const redAt = (width: number, height: number, x: number, y: number, side: number) => {
  const red = new Uint8Array(width * height);
  for (let row = y; row < y + side; row += 1) red.fill(255, row * width + x, row * width + x + side);
  return rasterOf(width, height, [red, new Uint8Array(width * height), new Uint8Array(width * height)]);
};

describe("a network of one size on tiles of another", () => {
  test.each([
    [128, 16, 32, 16],
    [32, 4, 8, 4],
    [64, 8, 16, 8],
  ])("tiles of %i px: boxes where the objects are", async (side, patch, x, y) => {
    await using model = await openModel(await boxed(side), { threads: 1, threshold: 0.7 });
    expect(model.info.tile.sizePx).toBe(side);
    // Enlarging blurs the edge of the patch: 0.77 is left of 1.
    const found = await model.detect(redAt(side, side, x, y, patch));
    expect(found).toMatchObject([{ classId: 0, boxPx: { x0: x, y0: y, x1: x + patch, y1: y + patch } }]);
  });

  test("a tile that is not square lies in the middle, and its boxes come back from there", async () => {
    await using model = await openModel(await boxed(128), { threads: 1, threshold: 0.7 });
    // 128 × 64 becomes 64 × 32 with 16 rows of margin above.
    const found = await model.detect(redAt(128, 64, 48, 16, 16));
    expect(found).toMatchObject([{ boxPx: { x0: 48, y0: 16, x1: 64, y1: 32 } }]);
  });

  test("operations are counted on the network's pixels", async () => {
    const perPixel = async (side: number): Promise<number> => {
      await using model = await openModel(await boxed(side), { threads: 1 });
      return model.info.opsPerPixel;
    };
    const own = await perPixel(64);
    expect(own).toBeGreaterThan(0);
    expect(await perPixel(128)).toBe(own / 4);
    expect(await perPixel(32)).toBe(own * 4);
  });

  test("without a letterbox the network's size is the tile's", async () => {
    const parent = await mkdtemp(join(tmpdir(), "swath-letterbox-"));
    parents.push(parent);
    const { folder } = await addModel({ file: toyFile("toy-yolo"), headOptions: {} }, parent);
    await expect(openModel(folder, { tileSizePx: 128 })).rejects.toThrow(
      /wanted 64, which the network fixes/,
    );
  });
});

test("outputs of four dimensions are turned to channels first, others stay", () => {
  const outputs = new Map([
    ["grid", { shape: [1, 2, 3, 2], data: Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15) }],
    ["rows", { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ]);
  const turned = channelsFirst(outputs);
  expect(turned.get("grid")?.shape).toEqual([1, 2, 2, 3]);
  expect([...(turned.get("grid")?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
  expect(turned.get("rows")).toBe(outputs.get("rows"));
});

test("detections with and without outlines cross threads as they are", () => {
  const number = fc.float({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0));
  const box = fc.record({ x0: number, y0: number, x1: number, y1: number });
  const bare = fc.record({ classId: fc.nat(255), score: number, boxPx: box });
  const outline = fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 7 });
  const outlined = fc.tuple(bare, outline).map(([one, outlinePx]) => ({ ...one, outlinePx }));
  fc.assert(
    fc.property(fc.array(fc.oneof(bare, outlined)), (detections) => {
      expect(unpackDetections(packDetections(detections))).toEqual(detections);
    }),
  );
});
