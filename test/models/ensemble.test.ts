import { describe, expect, it } from "vitest";
import { ensembleOf } from "../../models/ensemble.ts";
import type { Model } from "../../models/model.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { PlacedRaster } from "../../pipeline/raster/placed.ts";

interface Seen {
  readonly bands: readonly string[];
  readonly flips: readonly number[];
}

const modelOf = (name: string, bands: readonly string[], classes: readonly string[], more: object = {}) => {
  const seen: Seen[] = [];
  const model = {
    card: { name },
    weightBits: 80,
    info: {
      name,
      version: "1",
      sha256: name,
      classes,
      bands,
      tile: { sizePx: 512, overlapPx: 32 },
      scoreThreshold: 0.5,
      mergeIou: 0.5,
      opsPerPixel: 100,
      precision: "fp32",
      units: "reflectance",
      ...more,
    },
    detect: async (tile: PlacedRaster, _: unknown, flips: readonly number[] = []) => {
      seen.push({ bands: tile.bands.map((band) => band.name), flips });
      const boxPx = { x0: 0, y0: 0, x1: 4, y1: 4 };
      return classes.map((_class, classId): Detection => ({ classId, score: 0.6 + classId / 10, boxPx }));
    },
    [Symbol.asyncDispose]: async () => undefined,
  } as unknown as Model;
  return { model, seen };
};

const tileOf = (...bands: string[]): PlacedRaster =>
  ({
    width: 8,
    height: 8,
    bands: bands.map((name) => ({ name }) as PlacedRaster["bands"][number]),
    planes: bands.map((_, at) => new Float32Array(64).fill(at)),
    valid: null,
  }) as unknown as PlacedRaster;

describe("models that look at the same tiles", () => {
  it("read each band once, whatever a model calls it, and each model sees its own", async () => {
    const ships = modelOf("ships", ["B02", "B03", "B04", "B08"], ["ship"]);
    const water = modelOf("water", ["green", "nir"], ["water", "ice"]);
    const both = ensembleOf([ships.model, water.model]);
    expect(both.info.bands).toEqual(["B02", "B03", "B04", "B08"]);
    expect(both.info.classes).toEqual(["ship", "water", "ice"]);
    expect(both.info.opsPerPixel).toBe(200);
    const found = await both.detect(tileOf("a", "b", "c", "d"), undefined, [3, 79, 80, 159]);
    expect(ships.seen).toEqual([{ bands: ["a", "b", "c", "d"], flips: [3, 79] }]);
    expect(water.seen).toEqual([{ bands: ["b", "d"], flips: [0, 79] }]);
    expect(found.map(({ classId }) => classId)).toEqual([2, 0, 1]);
  });

  it("work in part: the others are not asked, and other classes are not told", async () => {
    const ships = modelOf("ships", ["B02"], ["ship"]);
    const water = modelOf("water", ["nir"], ["water", "ice"]);
    const part = ensembleOf([ships.model, water.model]).only?.([1], new Set([2]));
    const found = await part?.detect(tileOf("a", "b"));
    expect(found?.map(({ classId }) => classId)).toEqual([2]);
    expect(ships.seen).toEqual([]);
    expect(part?.info.opsPerPixel).toBe(100);
  });

  it("are refused where results could not be told apart, or tiles and samples differ", () => {
    const { model } = modelOf("ships", ["B02"], ["ship"]);
    const refused = [
      [modelOf("other", ["B02"], ["ship"]), /class "ship".*wanted a class that no other model/],
      [
        modelOf("small", ["B02"], ["x"], { tile: { sizePx: 256, overlapPx: 0 } }),
        /wanted 512 × 512.*got 256 × 256/,
      ],
      [modelOf("counts", ["B02"], ["x"], { units: "dn" }), /wanted reflectance.*got dn/],
    ] as const;
    for (const [other, message] of refused) expect(() => ensembleOf([model, other.model])).toThrow(message);
  });
});
