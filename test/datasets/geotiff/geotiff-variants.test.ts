import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import type { SampleType } from "../../../pipeline/raster/samples.ts";

const folder = join(import.meta.dirname, "../../golden/geotiff/variants");
const width = 45;
const height = 37;

/** The sample that the recipe beside the files (variants.py) puts at a place. */
const sampleAt = (type: SampleType, band: number, x: number, y: number): number => {
  const whole = x * 7 + y * 13 + band * 101 + ((x * y) % 17);
  if (type === "float32" || type === "float64") return whole / 8 - 50;
  if (type === "uint8" || type === "int8") return whole % 251;
  return type === "int16" ? whole * 31 - 20000 : whole * 41;
};

const plain = readdirSync(folder).filter((name) => /^u?(int|float)\d/.test(name));

describe("every way to store samples", () => {
  it.each(plain)("%s", async (name) => {
    await using file = await openGeoTiff(join(folder, name));
    expect([file.width, file.height]).toEqual([width, height]);
    expect(name.startsWith(file.sampleType)).toBe(true);
    expect(file.georeference?.crs).toBe("EPSG:32631");
    const bands = fc.uniqueArray(fc.nat(file.bands.length - 1), { minLength: 1 });
    const windows = fc
      .tuple(fc.nat(width - 1), fc.nat(height - 1))
      .chain(([x, y]) =>
        fc.tuple(
          fc.constant(x),
          fc.constant(y),
          fc.integer({ min: 1, max: width - x }),
          fc.integer({ min: 1, max: height - y }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(windows, bands, async ([x, y, w, h], asked) => {
        const { planes, valid } = await file.readWindow({ x, y, width: w, height: h }, asked);
        expect(valid).toBeNull();
        const expected = asked.map((band) =>
          Array.from({ length: w * h }, (_, i) =>
            sampleAt(file.sampleType, band, x + (i % w), y + Math.floor(i / w)),
          ),
        );
        expect(planes.map((plane) => Array.from(plane))).toEqual(expected);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

describe("what a file says of itself", () => {
  it("moves the tie point of a pixel that is a point to its corner", async () => {
    await using file = await openGeoTiff(join(folder, "pixel-is-point.tif"));
    expect(file.georeference?.transform).toEqual([10, 0, 500_000, 0, -10, 4_600_000]);
  });

  it("keeps rotation and shear", async () => {
    await using file = await openGeoTiff(join(folder, "rotated.tif"));
    expect(file.georeference?.transform).toEqual([9, 2, 500_000, 3, -8, 4_600_000]);
  });

  it("names bands, scales and units", async () => {
    await using file = await openGeoTiff(join(folder, "described.tif"));
    expect(file.nodata).toBe(0);
    expect(file.bands).toEqual([
      { description: "B02 <blue & more>", scale: 0.0001, offset: -0.1, unit: "1" },
      { description: "B03", scale: 0.0002, offset: 0, unit: null },
    ]);
  });

  it("takes a mask of one bit a pixel for what is valid", async () => {
    await using file = await openGeoTiff(join(folder, "masked.tif"));
    const { valid } = await file.readWindow({ x: 3, y: 5, width: 40, height: 30 }, [0]);
    const expected = Array.from({ length: 1200 }, (_, i) =>
      (3 + (i % 40) + 5 + Math.floor(i / 40)) % 3 === 0 ? 0 : 1,
    );
    expect(Array.from(valid!)).toEqual(expected);
  });

  it("fills blocks that are left out with nodata", async () => {
    await using file = await openGeoTiff(join(folder, "sparse.tif"));
    const { planes, valid } = await file.readWindow({ x: 15, y: 16, width: 2, height: 1 }, [0]);
    expect(Array.from(planes[0]!)).toEqual([-7, sampleAt("int16", 0, 16 - 0, 16)]);
    expect(Array.from(valid!)).toEqual([0, 1]);
  });

  it.each([["complex.tif", /unsupported sample type: wanted .*, got 64 bits complex/]])(
    "refuses %s",
    async (name, message) => {
      await expect(openGeoTiff(join(folder, name))).rejects.toThrow(message);
    },
  );
});

describe("reading", () => {
  const path = join(folder, "uint16-deflate-predictor2.tif");

  it("refuses windows and bands that are not there", async () => {
    await using file = await openGeoTiff(path);
    const at = (x: number, y: number, w: number, h: number, bands = [0]) =>
      file.readWindow({ x, y, width: w, height: h }, bands);
    await expect(at(-1, 0, 4, 4)).rejects.toThrow("window: wanted inside 45 × 37, got 4 × 4 at -1, 0");
    await expect(at(40, 0, 6, 4)).rejects.toThrow("inside 45 × 37");
    await expect(at(0, 0, 0, 4)).rejects.toThrow("inside 45 × 37");
    await expect(at(0.5, 0, 4, 4)).rejects.toThrow("inside 45 × 37");
    await expect(at(0, 0, 4, 4, [4])).rejects.toThrow("band index: wanted 0 to 3, got 4");
    await expect(file.readWindow({ x: 0, y: 0, width: 1, height: 1 }, [0], { overview: 0 })).rejects.toThrow(
      "overview",
    );
  });

  it("stops when it is told to", async () => {
    await using file = await openGeoTiff(path);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const { signal } = controller;
    await expect(file.readWindow({ x: 0, y: 0, width: 9, height: 9 }, [0], { signal })).rejects.toThrow(
      "enough",
    );
    // The file stays usable.
    await expect(file.readWindow({ x: 0, y: 0, width: 9, height: 9 }, [0])).resolves.toBeDefined();
  });

  it("says so when a file is read after it was closed", async () => {
    const file = await openGeoTiff(path);
    await file[Symbol.asyncDispose]();
    await expect(file.readWindow({ x: 0, y: 0, width: 9, height: 9 }, [0])).rejects.toMatchObject({
      tag: "raster",
    });
  });
});
