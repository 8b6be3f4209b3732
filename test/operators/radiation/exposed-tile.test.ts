import fc from "fast-check";
import { expect, it } from "vitest";
import { exposeTile, withSampleFlips } from "../../../operators/radiation/exposed-tile.ts";
import type { Protection } from "../../../pipeline/mission/upset-plan.ts";
import { exposureOf } from "../../../operators/radiation/exposure.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { later, millimetres, seconds } from "../../../pipeline/units.ts";
import { band } from "../../fake-scene.ts";
import { lowOrbit, start } from "../platform/spacecraft.ts";

const raster = (): Raster => ({
  width: 16,
  height: 8,
  bands: [band("a"), band("b", { sampleType: "float32" })],
  planes: [new Uint16Array(128).map((_, i) => i * 7), new Float32Array(128).map((_, i) => i / 9)],
  valid: null,
});
const exposure = exposureOf(lowOrbit(97), start, later(start, seconds(43_200)), millimetres(3));
const expose = (protection: Protection, factor: number) =>
  exposeTile(
    raster(),
    exposure,
    { factor, protection, scrubEvery: seconds(600) },
    [1],
    start,
    later(start, seconds(43_200)),
  );
const bytesOf = ({ planes }: Raster): Buffer =>
  Buffer.concat(
    planes.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );

it("turns over the bits that it is told to, and no others, in a copy", () => {
  const before = raster();
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 8 * 768 - 1 }), { maxLength: 9 }), (flips) => {
      const after = bytesOf(withSampleFlips(before, flips));
      const expected = bytesOf(raster());
      for (const bit of flips) expected[bit >> 3]! ^= 1 << (bit & 7);
      expect(after.equals(expected)).toBe(true);
      expect(bytesOf(before).equals(bytesOf(raster()))).toBe(true);
    }),
  );
});

it("leaves the raster alone where nothing fell on it", () => {
  const tile = raster();
  const plan = { factor: 1, protection: "none", scrubEvery: seconds(600) } as const;
  expect(exposeTile(tile, exposure, plan, [1], start, later(start, seconds(60))).raster).toBe(tile);
});

it("is wrong where nothing protects it, as checksums do not, and right under ECC and a vote", () => {
  const factor = 2e4;
  for (const protection of ["none", "scrub"] as const) {
    const { raster: hit, upsets, corrected } = expose(protection, factor);
    expect(upsets).toBeGreaterThan(3);
    expect(corrected).toBe(0);
    expect(bytesOf(hit).equals(bytesOf(raster()))).toBe(false);
  }
  for (const protection of ["ecc", "vote"] as const) {
    const { raster: hit, upsets, corrected } = expose(protection, factor);
    expect(upsets).toBeGreaterThan(3);
    expect(corrected).toBe(upsets);
    expect(bytesOf(hit).equals(bytesOf(raster()))).toBe(true);
  }
});
