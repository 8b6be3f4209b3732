import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { allocateSamples, type SampleType } from "../../../pipeline/raster/samples.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { tileGeoTiff } from "../../../stations/archive/tile-geotiff.ts";
import { band, sceneOf, utm } from "../../fake-scene.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-tile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rasterOf = (sampleType: SampleType, count: number): Raster => {
  const random = seeded("tile", sampleType);
  const [width, height] = [21, 13];
  return {
    width,
    height,
    bands: Array.from({ length: count }, (_, n) => band(`B${n}`, { sampleType })),
    planes: Array.from({ length: count }, () => {
      const plane = allocateSamples(sampleType, width * height);
      for (let i = 0; i < plane.length; i++) plane[i] = random.integer(120);
      return plane;
    }),
    valid: null,
  };
};

const scene = sceneOf({ id: "a", width: 200, height: 100 });

describe("tileGeoTiff", () => {
  it.each([
    ["uint8", 3],
    ["uint16", 4],
    ["int16", 1],
    ["float32", 2],
  ] as const)("of %s in %i bands reads as it was written, where it lies", async (sampleType, count) => {
    const raster = rasterOf(sampleType, count);
    const file = join(folder, `${sampleType}.tif`);
    writeFileSync(file, tileGeoTiff(raster, scene, { x: 40, y: 30, width: 21, height: 13 }));
    await using tiff = await openGeoTiff(file);
    expect(tiff).toMatchObject({ width: 21, height: 13, sampleType, nodata: 0 });
    expect(tiff.bands).toHaveLength(count);
    expect(tiff.georeference?.crs).toBe("EPSG:32632");
    expect(tiff.georeference?.transform).toEqual([10, 0, 500_400, 0, -10, 4_899_700]);
    const bands = raster.planes.map((_, index) => index);
    const { planes } = await tiff.readWindow({ x: 0, y: 0, width: 21, height: 13 }, bands);
    expect(planes).toEqual(raster.planes);
  });

  it("is the same bytes every time, also where nobody knows where the scene lies", () => {
    const raster = rasterOf("uint16", 2);
    const window = { x: 0, y: 0, width: 21, height: 13 };
    expect(tileGeoTiff(raster, scene, window)).toEqual(tileGeoTiff(raster, scene, window));
    const nowhere = { ...scene, georeference: null };
    expect(tileGeoTiff(raster, nowhere, window).length).toBeLessThan(
      tileGeoTiff(raster, { ...scene, georeference: utm }, window).length,
    );
  });
});
