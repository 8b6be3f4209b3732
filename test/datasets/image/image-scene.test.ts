import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openScene } from "../../../datasets/image/file-scene.ts";
import type { Band } from "../../../pipeline/raster/raster.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";

const folder = join(import.meta.dirname, "../../golden/geotiff/variants");
const four = join(folder, "uint16-deflate-predictor2.tif");
const one = join(folder, "described.tif");

const band = (name: string, nodata: number | null = null): Band => ({
  name,
  sampleType: "uint16",
  scale: 1,
  offset: 0,
  unit: "dn",
  nodata,
});
const sceneOf = (bands: readonly Band[], width = 45): Scene => ({
  id: "genoa",
  width,
  height: 37,
  bands,
  georeference: null,
  acquiredAt: null,
  platform: null,
});
const sampleAt = (at: number, x: number, y: number): number =>
  (x * 7 + y * 13 + at * 101 + ((x * y) % 17)) * 41;
const window = { x: 14, y: 9, width: 6, height: 5 };
const expected = (at: number) =>
  Array.from({ length: 30 }, (_, i) => sampleAt(at, window.x + (i % 6), window.y + Math.floor(i / 6)));

describe("a scene over files", () => {
  it("reads bands of several files in the order asked for", async () => {
    await using reader = await openScene(sceneOf([band("B02"), band("B03"), band("B08")]), [
      {
        path: four,
        bands: [
          { name: "B02", index: 3 },
          { name: "B08", index: 1 },
        ],
      },
      { path: one, bands: [{ name: "B03", index: 1 }] },
    ]);
    const raster = await reader.readWindow(window, ["B08", "B03", "B02"]);
    expect(raster.bands.map(({ name }) => name)).toEqual(["B08", "B03", "B02"]);
    expect(raster.planes.map((plane) => Array.from(plane))).toEqual([expected(1), expected(1), expected(3)]);
    expect(raster.valid).toBeNull();
  });

  it("joins the masks of all bands asked for", async () => {
    // The second file states nodata 0, which its first band holds at 0, 0; the dataset states 4141 for the other.
    await using reader = await openScene(sceneOf([band("B02", 4141), band("B03", 0)]), [
      { path: four, bands: [{ name: "B02", index: 1 }] },
      { path: one, bands: [{ name: "B03", index: 0 }] },
    ]);
    const corner = { x: 0, y: 0, width: 2, height: 1 };
    expect((await reader.readWindow(corner, ["B03"])).valid).toEqual(Uint8Array.of(0, 1));
    expect((await reader.readWindow(corner, ["B02"])).valid).toEqual(Uint8Array.of(0, 1));
    expect((await reader.readWindow({ ...corner, x: 1 }, ["B02", "B03"])).valid).toBeNull();
  });

  it("opens a file only when one of its bands is read", async () => {
    await using reader = await openScene(sceneOf([band("B02"), band("B03")]), [
      { path: four, bands: [{ name: "B02", index: 0 }] },
      { path: join(folder, "none.tif"), bands: [{ name: "B03", index: 0 }] },
    ]);
    await expect(reader.readWindow(window, ["B02"])).resolves.toBeDefined();
    await expect(reader.readWindow(window, ["B03"])).rejects.toThrow(/none.tif cannot be opened/);
  });

  it("says what is missing", async () => {
    await using reader = await openScene(sceneOf([band("B02"), band("B03")]), [
      {
        path: four,
        bands: [
          { name: "B02", index: 0 },
          { name: "B03", index: 1 },
        ],
      },
    ]);
    await expect(reader.readWindow(window, ["B08"])).rejects.toThrow(
      'band "B08" not in scene genoa: wanted one of B02, B03, got B08',
    );
    await expect(reader.readWindow({ ...window, x: 44 }, ["B02"])).rejects.toMatchObject({ tag: "raster" });
    const homeless = openScene(sceneOf([band("B11")]), [{ path: four, bands: [] }]);
    await expect(homeless).rejects.toThrow('scene genoa: no file for band "B11"');
  });

  it("refuses a file on another grid and names both sizes", async () => {
    await using reader = await openScene(sceneOf([band("B02")], 90), [
      { path: four, bands: [{ name: "B02", index: 0 }] },
    ]);
    await expect(reader.readWindow(window, ["B02"])).rejects.toThrow(
      /on another grid: wanted 90 × 37, got 45 × 37/,
    );
    await expect(reader.readWindow(window, ["B02"])).rejects.toMatchObject({ tag: "dataset" });
  });

  it("stays right when the cache holds next to nothing, and with many windows at once", async () => {
    await using reader = await openScene(
      sceneOf([band("B02")]),
      [{ path: four, bands: [{ name: "B02", index: 1 }] }],
      { cacheBytes: 3000 },
    );
    const rasters = await Promise.all(Array.from({ length: 40 }, () => reader.readWindow(window, ["B02"])));
    for (const raster of rasters) expect(Array.from(raster.planes[0]!)).toEqual(expected(1));
  });
});
