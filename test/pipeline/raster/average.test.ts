import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageRaster } from "../../../pipeline/raster/average.ts";
import { pickBands } from "../../../pipeline/raster/pick-bands.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { band } from "../../fake-scene.ts";

const rasterOf = (
  width: number,
  height: number,
  samples: readonly number[],
  valid: number[] | null,
): Raster => ({
  width,
  height,
  bands: [band("B02")],
  planes: [Uint16Array.from(samples)],
  valid: valid && Uint8Array.from(valid),
});

describe("averageRaster", () => {
  it("means the measured samples of each block, fewer at the edges", () => {
    const samples = [1, 3, 9, 5, 7, 11, 100, 2, 8];
    const averaged = averageRaster(rasterOf(3, 3, samples, [1, 1, 1, 1, 1, 0, 0, 1, 0]), 2);
    expect([averaged.width, averaged.height]).toEqual([2, 2]);
    expect([...(averaged.planes[0] ?? [])]).toEqual([4, 9, 2, 0]);
    expect([...(averaged.valid ?? [])]).toEqual([1, 1, 1, 0]);
    expect(averaged.bands[0]).toMatchObject({ name: "B02", sampleType: "float32", scale: 1e-4 });
  });

  it("keeps the mean of what is measured where blocks are whole, and changes nothing at a step of 1", () => {
    const sides = fc.record({
      step: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(
        sides,
        fc.array(fc.nat(9999), { minLength: 400, maxLength: 400 }),
        ({ step, columns }, all) => {
          const side = step * columns;
          const raster = rasterOf(side, side, all.slice(0, side * side), null);
          const averaged = averageRaster(raster, step);
          const mean = (plane: ArrayLike<number>) =>
            Array.from(plane).reduce((sum, one) => sum + one, 0) / plane.length;
          expect(averaged.valid).toBeNull();
          expect(mean(averaged.planes[0] ?? [])).toBeCloseTo(mean(raster.planes[0] ?? []), 2);
          if (step === 1) expect(averaged).toBe(raster);
        },
      ),
    );
  });
});

describe("pickBands", () => {
  it("takes bands by name, in the order asked for, and refuses one that is not there", () => {
    const raster = { ...rasterOf(1, 1, [7], null), bands: [band("a"), band("b")] };
    const two = { ...raster, planes: [Uint16Array.of(1), Uint16Array.of(2)] };
    const picked = pickBands(two, ["b", "a"]);
    expect(picked.planes.map(([first]) => first)).toEqual([2, 1]);
    expect(picked.planes[0]).toBe(two.planes[1]);
    expect(() => pickBands(two, ["c"])).toThrow(/no band "c"/);
  });
});
