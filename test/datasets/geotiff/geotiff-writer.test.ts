import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { type GeoTiffContent, writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { instant } from "../../../pipeline/units.ts";

const golden = (name: string) => fileURLToPath(new URL(`../../golden/datasets/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "swath-writer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** CRC-32 as in zlib, which Node 20 does not hand out. */
const crc32 = (bytes: Uint8Array): number => {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
};

// Not a multiple of the tile, and every value of 16 bits can follow every other.
const [width, height] = [530, 6];
const rng = seeded("writer");
const planes = Array.from({ length: 3 }, () =>
  Uint16Array.from({ length: width * height }, () => (rng.uint32() >>> 20) << (rng.uint32() & 4)),
);
const content: GeoTiffContent = {
  width,
  height,
  planes,
  bandNames: ["B02", "B08", "B11"],
  scale: 1e-4,
  nodata: 0,
  epsg: 32631,
  transform: [10, 0, 420_000, 0, -10, 4_480_000],
  acquiredAt: instant(1_748_947_287),
  software: "swath test",
};

describe("writeGeoTiff", () => {
  it("writes what GDAL reads as meant", async () => {
    const path = join(folder, "a.tif");
    await writeGeoTiff(path, content);
    if (process.env["SWATH_GOLDEN"]) copyFileSync(path, golden("writer.tif"));
    const told = JSON.parse(readFileSync(golden("writer.json"), "utf8"));
    expect(told).toMatchObject({
      width,
      height,
      count: 3,
      crs: "EPSG:32631",
      transform: content.transform,
      nodata: 0,
      descriptions: content.bandNames,
      scales: [1e-4, 1e-4, 1e-4],
      block: [512, 512],
      compression: "DEFLATE",
      interleave: "band",
      predictor: "2",
      datetime: "2025:06:03 10:41:27",
      crc32: planes.map((plane) => crc32(new Uint8Array(plane.buffer))),
    });
    // GDAL read the file of the golden folder; this one has the same head but for where the tiles begin.
    const [here, there] = [readFileSync(path), readFileSync(golden("writer.tif"))];
    expect(here.subarray(0, 8 + 2 + 12 * 12)).toEqual(there.subarray(0, 8 + 2 + 12 * 12));
  });

  it("writes what our own reader reads back, sample for sample", async () => {
    const path = join(folder, "b.tif");
    await writeGeoTiff(path, content);
    const file = await openGeoTiff(path);
    expect(file.georeference?.crs).toBe("EPSG:32631");
    expect(file.bands.map(({ description, scale }) => [description, scale])).toEqual(
      content.bandNames.map((n) => [n, 1e-4]),
    );
    const { planes: read } = await file.readWindow({ x: 0, y: 0, width, height }, [0, 1, 2]);
    expect(
      read.every(
        (plane, b) =>
          Buffer.compare(
            Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength),
            Buffer.from(planes[b]!.buffer),
          ) === 0,
      ),
    ).toBe(true);
    await file[Symbol.asyncDispose]();
  });
});
