import { describe, expect, it } from "vitest";
import { isSwathError } from "../../../pipeline/errors.ts";
import { imageFormats } from "../../../pipeline/product/image-codec.ts";
import { decodeLossyTile, encodeLossyTile } from "../../../pipeline/product/lossy-tile.ts";
import { applyStretch, samplesOfCodes, stretchOver } from "../../../pipeline/product/stretch.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { band, scenery } from "./rasters.ts";

const scene = (width: number, height: number): Raster => ({
  width,
  height,
  bands: [
    band("B02", "uint16", "blue"),
    { ...band("B03", "int16", "green"), nodata: -1 },
    band("B04", "float32", "red"),
    band("B08", "uint16", "nir"),
    band("B11", "uint16"),
  ],
  planes: [
    Uint16Array.from(scenery(width, height, 1)),
    Int16Array.from(scenery(width, height, 2)),
    Float32Array.from(scenery(width, height, 3), (value) => value / 10_000),
    Uint16Array.from(scenery(width, height, 4)),
    Uint16Array.from(scenery(width, height, 5), (value) => 9000 - value),
  ],
  valid: Uint8Array.from({ length: width * height }, (_, i) => (i % width < 5 ? 0 : 1)),
});

/** Root of the mean squared difference over valid pixels, as a share of the band's range. */
const relativeError = (got: Raster, wanted: Raster, b: number): number => {
  const { low, high } = stretchOver(wanted.planes[b]!, wanted.valid);
  let sum = 0;
  let count = 0;
  wanted.planes[b]!.forEach((sample, i) => {
    if (wanted.valid?.[i] === 0) return;
    sum += ((got.planes[b]![i]! - sample) / (high - low)) ** 2;
    count++;
  });
  return Math.sqrt(sum / count);
};

describe("the stretch", () => {
  it("loses at most half a code, whatever the range", () => {
    const samples = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const stretch = stretchOver(samples, null);
    const back = samplesOfCodes(stretch);
    const codes = applyStretch(samples, stretch);
    // A code is 2·√(sample · 65535)/255 wide, and never narrower than one near zero.
    const worst = samples.findIndex(
      (sample) => Math.abs(back[codes[sample]!]! - sample) > Math.sqrt(sample * 65_535) / 255 + 1.01,
    );
    expect(worst).toBe(-1);
  });

  it("looks at valid numbers only, and bears bands without any", () => {
    expect(stretchOver(Float32Array.of(NaN, 2, 8, 99), Uint8Array.of(1, 1, 1, 0))).toEqual({
      low: 2,
      high: 8,
    });
    expect(stretchOver(Float32Array.of(NaN), null)).toEqual({ low: 0, high: 0 });
    expect(applyStretch(Uint8Array.of(7, 7), { low: 7, high: 7 })).toEqual(Uint8Array.of(0, 0));
  });
});

describe("lossy tiles", () => {
  it.each(imageFormats)(
    "in %s come back close to what they were, closer at higher quality",
    async (format) => {
      const raster = scene(96, 80);
      const sizes: number[] = [];
      const errors: number[] = [];
      for (const quality of [20, 90]) {
        const bytes = await encodeLossyTile(raster, { format, quality });
        expect(await encodeLossyTile(raster, { format, quality })).toEqual(bytes);
        const back = await decodeLossyTile(bytes, raster.bands);
        expect(back.bands).toEqual(raster.bands);
        expect(back.valid).toEqual(raster.valid);
        expect(back.planes.map((plane) => plane.constructor)).toEqual(
          raster.planes.map((plane) => plane.constructor),
        );
        expect(back.planes[1]![0]).toBe(-1);
        sizes.push(bytes.length);
        errors.push(Math.max(...raster.bands.map((_, b) => relativeError(back, raster, b))));
      }
      expect(sizes[0]).toBeLessThan(sizes[1]!);
      expect(errors[1]).toBeLessThan(errors[0]!);
      expect(errors[1]).toBeLessThan(0.01);
    },
  );

  it("do not clip the brightest pixel", async () => {
    const raster = scene(64, 64);
    const brightest = Math.max(...raster.planes[0]!);
    const back = await decodeLossyTile(
      await encodeLossyTile(raster, { format: "webp", quality: 90 }),
      raster.bands,
    );
    expect(Math.max(...back.planes[0]!)).toBeGreaterThan(0.9 * brightest);
  });

  it("refuse damaged bytes, other bands and other versions with a link error", async () => {
    const raster = scene(40, 30);
    const good = await encodeLossyTile(raster, { format: "webp", quality: 50 });
    for (let i = 0; i < 300; i++) {
      const bad = good.slice(0, i % 5 === 0 ? (i * 7) % good.length : undefined);
      const at = (i * 31) % bad.length;
      if (bad.length > 0) bad[at] = bad[at]! ^ (1 << (i % 8));
      await decodeLossyTile(bad, raster.bands).catch((error: unknown) => {
        expect(isSwathError(error, "link"), String(error)).toBe(true);
      });
    }
    await expect(decodeLossyTile(good.slice(0, 60), raster.bands)).rejects.toThrow(/corrupt/);
    await expect(decodeLossyTile(good, raster.bands.slice(1))).rejects.toThrow(/wanted 4 bands, got 5/);
    await expect(decodeLossyTile(Uint8Array.of(7, ...good.slice(1)), raster.bands)).rejects.toThrow(
      /version/,
    );
  });

  it("refuse a quality that no format knows", async () => {
    const options = { format: "webp", quality: 0 } as const;
    await expect(encodeLossyTile(scene(8, 8), options)).rejects.toThrow(
      "image quality: wanted a whole number",
    );
  });
});
