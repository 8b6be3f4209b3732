import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { sampleTypeOf } from "../../../pipeline/raster/samples.ts";
import { crc32 } from "../geotiff-crc32.ts";

interface GoldenWindow {
  readonly window: readonly [x: number, y: number, width: number, height: number];
  readonly error?: string;
  readonly crc: readonly number[];
  readonly valid: number | null;
  readonly samples: readonly (readonly (number | null)[])[];
}

interface GoldenFile {
  readonly size: readonly [number, number];
  readonly dtype: string;
  readonly count: number;
  readonly nodata: string | null;
  readonly transform: readonly number[] | null;
  readonly crs: string | null;
  readonly block: readonly [number, number];
  readonly compression: string;
  /** By overview level as GDAL counts: −1 is full resolution. */
  readonly levels: Readonly<Record<string, { readonly windows: readonly GoldenWindow[] }>>;
}

const root = join(import.meta.dirname, "../../../../shared/datasets");
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../golden/geotiff/windows.json"), "utf8"),
) as { readonly files: Readonly<Record<string, GoldenFile>> };

describe.skipIf(!existsSync(root))(`pixels equal rasterio's (needs ${root})`, () => {
  it.each(Object.entries(golden.files))("%s", async (name, expected) => {
    await using file = await openGeoTiff(join(root, name));
    expect([file.width, file.height]).toEqual(expected.size);
    expect(file.sampleType).toBe(expected.dtype);
    expect(file.bands).toHaveLength(expected.count);
    expect(file.nodata).toEqual(expected.nodata === null ? null : Number(expected.nodata));
    expect([file.block.width, file.block.height]).toEqual(expected.block);
    expect(expected.compression.toLowerCase()).toContain(file.compression);
    expect(file.overviews).toHaveLength(Object.keys(expected.levels).length - 1);
    // A transform without a coordinate system places nothing on Earth; GDAL hands it out, we do not.
    if (expected.crs !== null) {
      expect(file.georeference?.crs).toBe(expected.crs);
      expect(file.georeference?.transform).toEqual(expected.transform);
    } else expect(file.georeference).toBeNull();

    for (const [level, { windows }] of Object.entries(expected.levels)) {
      const options = level === "-1" ? {} : { overview: Number(level) };
      for (const { window, error, crc, valid, samples } of windows) {
        const [x, y, width, height] = window;
        const where = `level ${level} at ${window.join(", ")}`;
        const bands = Array.from({ length: expected.count }, (_, band) => band);
        const read = file.readWindow({ x, y, width, height }, bands, options);
        if (error !== undefined) {
          await expect(read, where).rejects.toThrow(/truncated|corrupt/);
          continue;
        }
        const pixels = await read;
        expect(pixels.planes.map(sampleTypeOf)).toEqual(bands.map(() => expected.dtype));
        const seen = pixels.planes.map((plane) =>
          Array.from({ length: 8 }, (_, i) => plane[Math.trunc((i * (plane.length - 1)) / 7)]!).map((value) =>
            Number.isNaN(value) ? null : value,
          ),
        );
        expect(seen, where).toEqual(samples);
        expect(pixels.planes.map(crc32), where).toEqual(crc);
        expect(pixels.valid === null ? null : crc32(pixels.valid), `mask of ${where}`).toBe(valid);
      }
    }
  });
});
