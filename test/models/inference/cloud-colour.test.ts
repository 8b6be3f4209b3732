import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canBeCloud } from "../../../models/inference/cloud-colour.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { band } from "../../fake-scene.ts";

const rasterOf = (blue: number, red: number, more: Parameters<typeof band>[1] = {}): Raster => ({
  width: 1,
  height: 1,
  bands: ["red", "blue"].map((name) => band(name, { sampleType: "float32", scale: 1, ...more })),
  planes: [Float32Array.of(red), Float32Array.of(blue)],
  valid: null,
});
const passes = (raster: Raster): boolean => canBeCloud(raster)(0);

describe("canBeCloud", () => {
  it("is true of what is bright and about as blue as red, whatever thin cloud lets through of green", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.25, max: 1.2, noNaN: true }),
        fc.double({ min: 0.8, max: 1.1, noNaN: true }),
        (blue, ratio) => {
          expect(passes(rasterOf(blue, blue * ratio))).toBe(true);
        },
      ),
    );
  });

  it("is never true of soil, which reflects far more red than blue, nor of what is dark, under haze or a product's offset of 0.1", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.19, noNaN: true }),
        fc.double({ min: 1.5, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (blue, ratio, offset) => {
          expect(passes(rasterOf(blue + offset, blue * ratio + offset))).toBe(false);
        },
      ),
    );
    expect(passes(rasterOf(0.09, 0.02))).toBe(false);
  });

  it("reads scale and offset, and lets everything pass where there is no blue and red in reflectance", () => {
    expect(passes(rasterOf(2000, 2000, { scale: 1e-4 }))).toBe(false);
    expect(passes(rasterOf(3000, 3000, { scale: 1e-4 }))).toBe(true);
    expect(passes(rasterOf(3000, 3000, { scale: 1e-4, offset: -0.1 }))).toBe(false);
    expect(passes(rasterOf(0, 0, { unit: "dn" }))).toBe(true);
    expect(canBeCloud({ ...rasterOf(0, 0), bands: [band("B08"), band("B11")] })(0)).toBe(true);
  });
});
