import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brightShare } from "../../../operators/onboard/brightness.ts";
import type { Band, Raster } from "../../../pipeline/raster/raster.ts";
import { band } from "../../fake-scene.ts";

/** One row of pixels, each given by its samples in all bands. */
const row = (
  bands: readonly Band[],
  pixels: readonly (readonly number[])[],
  valid: number[] | null = null,
): Raster => ({
  width: pixels.length,
  height: 1,
  bands,
  planes: bands.map((_, b) => Float64Array.from(pixels, (pixel) => pixel[b] ?? 0)),
  valid: valid && Uint8Array.from(valid),
});

const rgb = [band("B02"), band("B03"), band("B04")];
const cloud = [6000, 6200, 6100];
const water = [500, 400, 300];
const roof = [2000, 3200, 4500];

describe("brightShare", () => {
  it("counts what is bright and white, of what is measured", () => {
    expect(brightShare(row(rgb, [cloud, water, roof, cloud]))).toBe(0.5);
    expect(brightShare(row(rgb, [cloud, water, roof, cloud], [1, 1, 0, 0]))).toBe(0.5);
    expect(brightShare(row(rgb, [cloud, cloud], [0, 0]))).toBe(0);
  });

  it("looks at visible bands only, and applies scale and offset of each", () => {
    const withNir = [...rgb, band("B08")];
    expect(brightShare(row(withNir, [[...cloud, 50]]))).toBe(1);
    const offset = rgb.map((one) => ({ ...one, offset: -0.4 }));
    expect(brightShare(row(offset, [cloud]))).toBe(0);
  });

  it("takes the share of full scale where there is no reflectance, whatever the scale is", () => {
    const dn = (sampleType: Band["sampleType"], scale = 1): Band[] => [
      band("gray", { unit: "dn", sampleType, scale }),
    ];
    expect(brightShare(row(dn("uint8"), [[200], [60]]))).toBe(0.5);
    expect(brightShare(row(dn("uint8", 0.01), [[200], [60]]))).toBe(0.5);
    expect(brightShare(row(dn("uint16"), [[200], [60_000]]))).toBe(0.5);
    expect(brightShare(row(dn("int16"), [[30_000]]))).toBe(1);
    expect(brightShare(row(dn("float32"), [[0.9], [0.1]]))).toBe(0.5);
  });

  it("is a share, and never falls when more pixels turn to cloud", () => {
    const pixel = fc.constantFrom(cloud, water, roof);
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 1, maxLength: 20 }), fc.nat(), (pixels, n) => {
        const share = brightShare(row(rgb, pixels));
        expect(share).toBe(pixels.filter((one) => one === cloud).length / pixels.length);
        const more = brightShare(row(rgb, pixels.with(n % pixels.length, cloud)));
        expect(more).toBeGreaterThanOrEqual(share);
      }),
      { seed: 2 },
    );
  });
});
