import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coreOf, cropRaster } from "../../../pipeline/raster/crop.ts";
import { mosaicRaster } from "../../../pipeline/raster/mosaic.ts";
import type { Band, Raster } from "../../../pipeline/raster/raster.ts";
import { allocateSamples, type SampleType } from "../../../pipeline/raster/samples.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { band } from "../../fake-scene.ts";

const types: readonly SampleType[] = ["uint8", "int16", "uint16", "float32"];

/** A raster of several sample types; about a third of the pixels hold no measurement where `holes`. */
const rasterOf = (width: number, height: number, seed: number, holes: boolean): Raster => {
  const random = seeded("raster", seed);
  const bands = types.map((sampleType, b): Band => band(`b${b}`, { sampleType }));
  const valid = Uint8Array.from({ length: width * height }, () => (holes && random.uniform() < 0.3 ? 0 : 1));
  const planes = bands.map(({ sampleType }) => {
    const plane = allocateSamples(sampleType, width * height);
    for (let i = 0; i < plane.length; i++) plane[i] = random.integer(250);
    return plane;
  });
  return { width, height, bands, planes, valid: valid.includes(0) ? valid : null };
};

const side = fc.integer({ min: 1, max: 24 });
const rasters = fc.tuple(side, side, fc.nat(1000), fc.boolean()).map((args) => rasterOf(...args));

describe("cropRaster", () => {
  it("holds the samples and the mask of its window", () => {
    fc.assert(
      fc.property(rasters, fc.nat(), fc.nat(), fc.nat(), fc.nat(), (raster, a, b, c, d) => {
        const [x, y] = [a % raster.width, b % raster.height];
        const [width, height] = [1 + (c % (raster.width - x)), 1 + (d % (raster.height - y))];
        const part = cropRaster(raster, { x, y, width, height });
        expect([part.width, part.height, part.bands]).toEqual([width, height, raster.bands]);
        for (let i = 0; i < width * height; i++) {
          const from = (y + Math.floor(i / width)) * raster.width + x + (i % width);
          expect(part.planes.map((plane) => plane[i])).toEqual(raster.planes.map((plane) => plane[from]));
          expect(part.valid?.[i] ?? 1).toBe(raster.valid?.[from] ?? 1);
        }
        expect(part.planes.map((p) => p.constructor)).toEqual(raster.planes.map((p) => p.constructor));
        expect(part.valid === null || part.valid.includes(0)).toBe(true);
      }),
      { seed: 5 },
    );
  });

  it("refuses a window that leaves the raster", () => {
    const raster = rasterOf(4, 3, 1, false);
    for (const window of [
      { x: -1, y: 0, width: 2, height: 2 },
      { x: 3, y: 0, width: 2, height: 2 },
      { x: 0, y: 2, width: 2, height: 2 },
    ]) {
      expect(() => cropRaster(raster, window)).toThrow(/leaves the raster of 4×3/);
    }
  });
});

describe("mosaicRaster", () => {
  it("puts any window together again from the cores of a plan, pixel for pixel", () => {
    fc.assert(
      fc.property(rasters, fc.integer({ min: 2, max: 12 }), fc.nat(), (raster, sizePx, n) => {
        const whole = { x: 0, y: 0, width: raster.width, height: raster.height };
        const plan = planTiles(whole, { sizePx, overlapPx: n % sizePx });
        const parts = plan.map((tile) => ({
          window: tile.core,
          raster: coreOf(tile, cropRaster(raster, tile.window)),
        }));
        expect(mosaicRaster(whole, raster.bands, parts)).toEqual(raster);
        for (const { window } of plan) {
          expect(mosaicRaster(window, raster.bands, parts)).toEqual(cropRaster(raster, window));
        }
      }),
      { seed: 6, numRuns: 40 },
    );
  });

  it("says that nothing was measured where no part lies", () => {
    const raster = rasterOf(2, 2, 1, false);
    const parts = [{ window: { x: 3, y: 5, width: 2, height: 2 }, raster }];
    const mosaic = mosaicRaster({ x: 2, y: 4, width: 3, height: 2 }, raster.bands, parts);
    expect(mosaic.valid).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 1));
    expect(Array.from(mosaic.planes[0] ?? [])).toEqual([
      0,
      0,
      0,
      0,
      ...(raster.planes[0]?.subarray(0, 2) ?? []),
    ]);
    const apart = mosaicRaster({ x: 90, y: 90, width: 1, height: 1 }, raster.bands, parts);
    expect(apart.valid).toEqual(Uint8Array.of(0));
  });
});
