import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSwathError } from "../../../../pipeline/errors.ts";
import { decodeTile, encodeTile } from "../../../../pipeline/product/lossless/lossless-tile.ts";
import { toLevels } from "../../../../pipeline/product/lossless/level-map.ts";
import type { Raster } from "../../../../pipeline/raster/raster.ts";
import { anyRaster, band, bytesOf, sequence } from "../rasters.ts";
import { sceneOf, tileCases } from "../tile-cases.ts";

const expectSame = (got: Raster, wanted: Raster): void => {
  expect([got.width, got.height]).toEqual([wanted.width, wanted.height]);
  expect(got.valid).toEqual(wanted.valid);
  got.planes.forEach((plane, b) => {
    expect(bytesOf(plane).equals(bytesOf(wanted.planes[b]!)), `band ${b}`).toBe(true);
  });
};

describe("lossless tiles", () => {
  it("come back bit for bit, whatever the samples", () => {
    fc.assert(
      fc.property(anyRaster, (raster) => expectSame(decodeTile(encodeTile(raster), raster.bands), raster)),
      { numRuns: 300 },
    );
  });

  it.each([
    [1, 1],
    [1, 40],
    [40, 1],
    [2, 2],
    [3, 5],
    [256, 256],
    [600, 300],
  ])("come back bit for bit at %i × %i", (width, height) => {
    const raster = sceneOf(width, height, ["uint16", "int16", "uint8", "float32", "uint16"]);
    expectSame(decodeTile(encodeTile(raster), raster.bands), raster);
  });

  it.each(Object.entries(tileCases))("come back bit for bit: %s", (_, raster) => {
    expectSame(decodeTile(encodeTile(raster), raster.bands), raster);
  });

  it("are no larger than in version 1, but for eight bytes a band, where there is anything to learn from", () => {
    const file = new URL("../../../golden/product/tiles-version-1.json", import.meta.url);
    const old = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
    for (const [name, raster] of Object.entries(tileCases)) {
      if (raster.width * raster.height < 400) continue;
      const before = Buffer.from(old[name] ?? "", "base64").length;
      expect(encodeTile(raster).length, name).toBeLessThanOrEqual(before * 1.01 + 8 * raster.planes.length);
    }
  });

  it("are the same bytes whatever was coded before", () => {
    const raster = sceneOf(60, 40, ["uint16", "uint8", "uint16"]);
    const alone = encodeTile(raster);
    encodeTile(sceneOf(90, 70, ["uint16", "uint16", "int16", "uint8"]));
    expect(encodeTile(raster)).toEqual(alone);
    expectSame(decodeTile(alone, raster.bands), raster);
  });

  it("are the same bytes for the same samples, also through a view", () => {
    const raster = sceneOf(64, 64, ["uint16"]);
    const wide = new Uint16Array(64 * 64 + 3);
    wide.set(raster.planes[0]!, 3);
    expect(encodeTile({ ...raster, planes: [wide.subarray(3)] })).toEqual(encodeTile(raster));
  });

  it("find reflectance steps under a 16-bit stretch, even steps, and sparse histograms", () => {
    const stretched = Uint16Array.from({ length: 1000 }, (_, k) =>
      Math.floor((k * 7 * 65_535 + 5_000) / 10_000),
    );
    expect(toLevels(stretched).map.kind).toBe("reflectance");
    expect(toLevels(Int16Array.of(-30, 30, 90))).toMatchObject({
      map: { kind: "steps", offset: -30, step: 60 },
      maxLevel: 2,
    });
    const random = sequence(5);
    const odd = Uint16Array.from({ length: 4000 }, () => Math.floor(random() * 200) ** 2);
    expect(toLevels(odd).map.kind).toBe("list");
    const raster = { width: 1000, height: 4, bands: [band("b", "uint16")], planes: [odd], valid: null };
    expectSame(decodeTile(encodeTile(raster), raster.bands), raster);
  });

  it("make use of the bands before", () => {
    const one = sceneOf(128, 128, ["uint16"]);
    const plane = one.planes[0]!;
    const twins: Raster = {
      ...one,
      bands: [band("a", "uint16"), band("b", "uint16")],
      planes: [plane, plane],
    };
    expect(encodeTile(twins).length).toBeLessThan(encodeTile(one).length * 1.75);
  });

  it("cost next to nothing where there is nothing", () => {
    const empty = { ...sceneOf(512, 512, ["uint16"]), planes: [new Uint16Array(512 * 512)] };
    expect(encodeTile(empty).length).toBeLessThan(40);
  });

  it("refuse damaged and hostile bytes with a link error", () => {
    const raster = {
      ...sceneOf(24, 20, ["uint16", "float32", "int16"]),
      valid: new Uint8Array(480).fill(1, 7),
    };
    const good = encodeTile(raster);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(good.length - 1)),
        (edits, cut) => {
          const bad = good.slice(0, cut ?? undefined);
          for (const [at, value] of edits) if (at < bad.length) bad[at] = value;
          try {
            decodeTile(bad, raster.bands);
          } catch (error) {
            expect(isSwathError(error, "link"), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 1500 },
    );
    expect(() => decodeTile(good.slice(0, -1), raster.bands)).toThrow(/corrupt lossless tile payload/);
    expect(() => decodeTile(Uint8Array.of(9, ...good.slice(1)), raster.bands)).toThrow(
      "lossless tile payload has an unknown format version: wanted 2, got 9",
    );
    expect(() => decodeTile(good, raster.bands.slice(1))).toThrow(/wanted 2 bands, got 3/);
    expect(() => decodeTile(good, raster.bands.toReversed())).toThrow(/b2 as int16/);
  });

  it("refuse rasters without pixels", () => {
    const empty: Raster = {
      width: 0,
      height: 0,
      bands: [band("b", "uint8")],
      planes: [new Uint8Array()],
      valid: null,
    };
    expect(() => encodeTile(empty)).toThrow(/lossless tile: wanted 1 to/);
  });
});
