import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isSwathError } from "../../../pipeline/errors.ts";
import { type ChipCutOut, decodeChips, encodeChips } from "../../../pipeline/product/chip.ts";
import { chipWindow } from "../../../pipeline/product/chip-window.ts";
import { band, scenery } from "./rasters.ts";

const cutOut = (detectionIndex: number, width: number, height: number): ChipCutOut => ({
  detectionIndex,
  window: { x: 300 + detectionIndex, y: 20, width, height },
  raster: {
    width,
    height,
    bands: [band("B02", "uint16", "blue"), band("B03", "uint16", "green"), band("B04", "uint16", "red")],
    planes: [1, 0.8, 2].map((gain) => Uint16Array.from(scenery(width, height, 3), (value) => gain * value)),
    valid: null,
  },
});

describe("chip windows", () => {
  const coordinate = fc.double({ min: -100, max: 700, noNaN: true });
  const shape = fc.record({ marginPx: fc.nat(40), minSizePx: fc.nat({ max: 64 }).map((n) => n + 1) });

  it("lie in the scene, hold the box where they may, and are of the size asked for", () => {
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 1, max: 600 }), height: fc.integer({ min: 1, max: 600 }) }),
        coordinate,
        coordinate,
        fc.double({ min: 0, max: 300, noNaN: true }),
        shape,
        (scene, x0, y0, size, { marginPx, minSizePx }) => {
          const box = { x0, y0, x1: x0 + size, y1: y0 + size };
          const window = chipWindow(box, scene, { marginPx, minSizePx, maxSizePx: 128 });
          expect(window.x).toBeGreaterThanOrEqual(0);
          expect(window.y).toBeGreaterThanOrEqual(0);
          expect(window.x + window.width).toBeLessThanOrEqual(scene.width);
          expect(window.y + window.height).toBeLessThanOrEqual(scene.height);
          expect(window.width).toBeGreaterThanOrEqual(Math.min(minSizePx, scene.width));
          expect(window.width).toBeLessThanOrEqual(Math.max(128, minSizePx));
          if (x0 >= 0 && x0 + size <= scene.width && size < 120) {
            expect(window.x).toBeLessThanOrEqual(Math.max(0, x0));
            expect(window.x + window.width).toBeGreaterThanOrEqual(x0 + size - 1e-9);
          }
        },
      ),
    );
  });

  it("put the box in the middle", () => {
    const box = { x0: 100, y0: 200, x1: 120, y1: 210 };
    expect(chipWindow(box, { width: 500, height: 500 }, { marginPx: 8 })).toEqual({
      x: 92,
      y: 192,
      width: 36,
      height: 26,
    });
  });
});

describe("chips", () => {
  it("come back with their windows, as WebP pictures of their size in true colour", async () => {
    const chips = [cutOut(0, 36, 26), cutOut(5, 16, 64)];
    const payload = await encodeChips(chips, { quality: 80 });
    expect(await encodeChips(chips, { quality: 80 })).toEqual(payload);
    const back = decodeChips(payload);
    expect(back.map(({ detectionIndex, window }) => ({ detectionIndex, window }))).toEqual(
      chips.map(({ detectionIndex, window }) => ({ detectionIndex, window })),
    );
    for (const { webp, window } of back) {
      const { data, info } = await sharp(webp).raw().toBuffer({ resolveWithObject: true });
      expect([info.format, info.width, info.height, info.channels]).toEqual([
        "raw",
        window.width,
        window.height,
        3,
      ]);
      const mean = (channel: number) =>
        data.filter((_, i) => i % 3 === channel).reduce((sum, value) => sum + value, 0);
      expect(mean(0)).toBeGreaterThan(mean(2));
      expect(mean(2)).toBeGreaterThan(mean(1));
    }
  });

  it("are grey where there is no colour, and may be none at all", async () => {
    const { raster, ...chip } = cutOut(0, 20, 20);
    const grey = { ...raster, bands: raster.bands.slice(0, 1), planes: raster.planes.slice(0, 1) };
    const [back] = decodeChips(await encodeChips([{ ...chip, raster: grey }], { quality: 50 }));
    const stats = await sharp(back!.webp).stats();
    expect(stats.channels[0]!.mean).toBeCloseTo(stats.channels[1]!.mean, 0);
    expect(decodeChips(await encodeChips([], { quality: 50 }))).toEqual([]);
  });

  it("refuse damaged bytes and other versions with a link error", async () => {
    const good = await encodeChips([cutOut(0, 36, 26), cutOut(5, 16, 64)], { quality: 50 });
    for (let length = 0; length < good.length; length += 7) {
      expect(() => decodeChips(good.slice(0, length))).toThrow(/corrupt chips payload/);
    }
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        const bad = good.slice();
        bad[at] = value;
        try {
          decodeChips(bad);
        } catch (error) {
          expect(isSwathError(error, "link"), String(error)).toBe(true);
        }
      }),
    );
    expect(() => decodeChips(Uint8Array.of(3, 0))).toThrow("unknown format version: wanted 1, got 3");
  });

  it("refuse a raster that is not of its window's size", async () => {
    const chip = { ...cutOut(0, 20, 20), window: { x: 0, y: 0, width: 20, height: 21 } };
    await expect(encodeChips([chip], { quality: 50 })).rejects.toThrow(
      "chip: wanted 20 × 21 pixels, got 20 × 20",
    );
  });
});
