import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import {
  fingerprintOf,
  fingerprintWindow,
  isFingerprint,
  isSameScene,
} from "../../../pipeline/raster/fingerprint.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import type { SampleArray } from "../../../pipeline/raster/samples.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { band } from "../../fake-scene.ts";

const side = 126;
const rasterOf = (plane: SampleArray, valid: Uint8Array | null = null): Raster => ({
  width: side,
  height: side,
  bands: [band("B02")],
  planes: [plane],
  valid,
});

/** Ground of blocks of several sizes and noise, the whole brighter to the right as scenes often are. */
const groundOf = (seed: number): Uint16Array => {
  const random = seeded("fingerprint", seed);
  const patches = Array.from({ length: 400 }, () => 800 + 900 * random.uniform());
  return Uint16Array.from({ length: side ** 2 }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return (patches[Math.floor(y / 7) * 18 + Math.floor(x / 7)] as number) + 8 * x + 60 * random.uniform();
  });
};
const printOf = (plane: SampleArray): string => {
  const print = fingerprintOf(rasterOf(plane));
  if (print === null) throw new Error("no fingerprint");
  return print;
};

describe("fingerprintWindow", () => {
  it("lies in the middle, inside, its sides whole blocks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (width, height) => {
        const window = fingerprintWindow({ width, height });
        expect(window === null).toBe(Math.min(width, height) < 18);
        if (window === null) return;
        expect([window.width % 18, window.width]).toEqual([0, window.height]);
        expect(window.x).toBeGreaterThanOrEqual(0);
        expect(window.x + window.width).toBeLessThanOrEqual(width);
        expect(Math.abs(width - window.width - 2 * window.x)).toBeLessThanOrEqual(1);
        expect(Math.abs(height - window.height - 2 * window.y)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("fingerprintOf", () => {
  it("does not change with sample type, scale and offset", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 1e-5, max: 10, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (seed, gain, offset) => {
          const counts = groundOf(seed);
          const copy = Float64Array.from(counts, (count) => count * gain + offset);
          expect(isSameScene(printOf(counts), printOf(copy))).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("tells scenes apart that both get brighter to the right", () => {
    const prints = Array.from({ length: 40 }, (_, seed) => printOf(groundOf(seed)));
    const alike = prints.flatMap((one, i) => prints.slice(i + 1).filter((other) => isSameScene(one, other)));
    expect(alike).toEqual([]);
  });

  it("survives a lossy copy", async () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const counts = groundOf(seed);
      const bytes = Uint8Array.from(counts, (count) => count / 12);
      const file = await sharp(bytes, { raw: { width: side, height: side, channels: 1 } })
        .webp({ quality: 60 })
        .toBuffer();
      const copy = await sharp(file).greyscale().raw().toBuffer();
      expect(isSameScene(printOf(counts), printOf(new Uint8Array(copy)))).toBe(true);
    }
  });

  it("is none where there is too little to tell scenes by", () => {
    expect(fingerprintOf(rasterOf(new Uint16Array(side ** 2).fill(700)))).toBeNull();
    const half = Uint8Array.from({ length: side ** 2 }, (_, i) => (i < side ** 2 / 2 ? 1 : 0));
    expect(fingerprintOf(rasterOf(groundOf(1), half))).toBeNull();
  });

  it("matches nothing that is no fingerprint", () => {
    expect(isFingerprint(printOf(groundOf(1)))).toBe(true);
    expect([isFingerprint("order1:12"), isSameScene("", ""), isSameScene("x", printOf(groundOf(1)))]).toEqual(
      [false, false, false],
    );
  });
});
