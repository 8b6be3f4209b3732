import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataset, type Dataset } from "../../datasets/dataset.ts";
import { openKnownScene } from "../../datasets/scene-of-files.ts";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import { instant } from "../../pipeline/units.ts";

const side = 48;
let root: string;

const writeBand = (path: string, seed: number): Promise<void> =>
  writeGeoTiff(path, {
    width: side,
    height: side,
    planes: [Uint16Array.from({ length: side * side }, (_, i) => (i * seed) % 9973)],
    bandNames: ["one"],
    transform: [10, 0, 500_000, 0, -10, 4_900_000],
    epsg: 32631,
    acquiredAt: instant(1_767_225_600),
    scale: 1e-4,
    nodata: 0,
    software: "test",
  });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "swath-known-"));
  mkdirSync(join(root, "bands"));
  for (const [band, seed] of [
    ["B02", 7],
    ["B03", 11],
    ["B04", 13],
  ] as const)
    await writeBand(join(root, "bands", `genoa_${band}.tif`), seed);
});
afterAll(() => rmSync(root, { recursive: true }));

const bandsAndPixels = async (dataset: Dataset, id: string) => {
  await using reader = await dataset.open(id);
  const names = reader.scene.bands.map(({ name }) => name);
  const { planes } = await reader.readWindow({ x: 3, y: 5, width: 20, height: 10 }, names);
  return { names, planes: planes.map((plane) => Array.from(plane)) };
};

describe("a scene that is opened again by its files", () => {
  it("has the bands and pixels that its dataset gave it: bands in files of their own, by their names", async () => {
    await using dataset = await openDataset(join(root, "bands"));
    const [scene] = dataset.scenes;
    if (scene === undefined) throw new Error("no scene");
    const found = await openKnownScene({ ...scene, files: dataset.files(scene.id) });
    if (found === null) throw new Error("not found again");
    await using again = found.dataset;
    expect(await bandsAndPixels(again, found.id)).toEqual(await bandsAndPixels(dataset, scene.id));
    expect((await bandsAndPixels(again, found.id)).names).toEqual(["B02", "B03", "B04"]);
  });

  it("has them of a collection, which lies above the images", async () => {
    await using dataset = await openDataset("builtin:harbour?scenes=2&size=512");
    const [scene] = dataset.scenes;
    if (scene === undefined) throw new Error("no scene");
    const found = await openKnownScene({ ...scene, files: dataset.files(scene.id) });
    if (found === null) throw new Error("not found again");
    await using again = found.dataset;
    expect(found.id).toBe(scene.id);
    expect(again.scenes.find(({ id }) => id === scene.id)?.bands).toEqual(scene.bands);
    expect(await bandsAndPixels(again, found.id)).toEqual(await bandsAndPixels(dataset, scene.id));
  });

  it("is not taken for one of another size", async () => {
    await using dataset = await openDataset(join(root, "bands"));
    const [scene] = dataset.scenes;
    if (scene === undefined) throw new Error("no scene");
    const files = dataset.files(scene.id);
    expect(await openKnownScene({ ...scene, width: side + 1, files })).toBeNull();
  });
});
