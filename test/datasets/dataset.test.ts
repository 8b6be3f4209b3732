import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dataset, openDataset } from "../../datasets/dataset.ts";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import { importDataset } from "../../datasets/import.ts";
import { instant } from "../../pipeline/units.ts";
import { isSwathError } from "../../pipeline/errors.ts";

const root = mkdtempSync(join(tmpdir(), "swath-dataset-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [width, height] = [64, 48];
const writeBands = (path: string, bandNames: readonly string[], value: number, scale = 1): Promise<void> =>
  writeGeoTiff(path, {
    width,
    height,
    planes: bandNames.map((_, b) => new Uint16Array(width * height).fill(value + b)),
    bandNames,
    scale,
    nodata: 0,
    epsg: 32631,
    transform: [10, 0, 420_000, 0, -10, 4_480_000],
    acquiredAt: instant(0),
    software: "test",
  });

const place = (name: string): string => join(root, name);
const coco = (fileName: string, boxes: readonly (readonly number[])[]) => ({
  images: [{ id: 1, file_name: fileName, width, height }],
  categories: [{ id: 1, name: "ship" }],
  annotations: boxes.map((bbox) => ({ image_id: 1, category_id: 1, bbox })),
});

const rejection = async (action: Promise<unknown>): Promise<Error> => {
  const error = await action.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  if (!isSwathError(error)) throw error;
  return error;
};

beforeAll(async () => {
  mkdirSync(place("ports/athens"), { recursive: true });
  mkdirSync(place("ports/genoa"));
  for (const band of ["B02", "B03"]) {
    await writeBands(place(`ports/athens/athens_2023-08-18_${band}.tif`), [""], 1000);
    await writeBands(place(`ports/genoa/2023-07-10-00:00_Sentinel-2_L2A_${band}_(Raw).tiff`), [""], 4_000);
  }
});

describe("a plain folder", () => {
  it("groups bands into scenes and reads them by window", async () => {
    const dataset = await openDataset(place("ports"));
    expect(dataset.scenes.map(({ id, bands }) => [id, bands.map(({ name }) => name)])).toEqual([
      ["athens", ["B02", "B03"]],
      ["genoa", ["B02", "B03"]],
    ]);
    await using reader = await dataset.open("genoa");
    const { planes, bands } = await reader.readWindow({ x: 3, y: 4, width: 2, height: 2 }, ["B03"]);
    expect([...(planes[0] ?? [])]).toEqual([4_000, 4_000, 4_000, 4_000]);
    expect(bands[0]?.commonName).toBe("green");
    expect(await dataset.labels("genoa")).toBeNull();
    await expect(dataset.open("rome")).rejects.toThrow(
      'no scene "rome" in dataset "ports": wanted one of athens, genoa',
    );
  });

  it("takes counts for 1/10000, says so, and lets the user say otherwise", async () => {
    const assumed = await openDataset(place("ports"));
    expect(assumed.scenes[0]?.bands[0]).toMatchObject({ scale: 1e-4, offset: 0, unit: "reflectance" });
    expect(assumed.notes).toEqual([expect.stringMatching(/1\/10000.*--reflectance-offset override/)]);
    const told = await openDataset(place("ports"), { reflectanceScale: 0.002, reflectanceOffset: -0.1 });
    expect(told.scenes[1]?.bands[1]).toMatchObject({ scale: 0.002, offset: -0.1 });
    expect(told.notes).toEqual([]);
  });

  it("leaves out what cannot be read and goes on, or stops when strict", async () => {
    mkdirSync(place("broken"));
    copyFileSync(place("ports/athens/athens_2023-08-18_B02.tif"), place("broken/good.tif"));
    writeFileSync(place("broken/bad.tif"), readFileSync(place("broken/good.tif")).subarray(0, 60));
    const dataset = await openDataset(place("broken"));
    expect(dataset.scenes.map(({ id }) => id)).toEqual(["good"]);
    expect(dataset.skipped.map(({ scene, error }) => [scene, error.tag])).toEqual([["bad", "raster"]]);
    await expect(openDataset(place("broken"), { strict: true })).rejects.toThrow(/bad\.tif/);
  });

  it("says what a reference is not", async () => {
    mkdirSync(place("empty"));
    expect((await rejection(openDataset(place("empty")))).message).toMatch(
      /no images in .*: wanted GeoTIFF.*, got an empty folder/,
    );
    expect((await rejection(openDataset(place("nowhere")))).message).toMatch(/no dataset at .*nowhere/);
    expect((await rejection(openDataset("builtin:nothing"))).message).toMatch(/wanted builtin:harbour/);
    expect((await rejection(openDataset("builtin:harbour?scenes=0"))).message).toMatch(
      /scenes: wanted a whole number/,
    );
  });
});

describe("labels", () => {
  const label = async (json: unknown, strict = false): Promise<Dataset> => {
    writeFileSync(place("labels.json"), JSON.stringify(json));
    return openDataset(place("ports"), { labels: place("labels.json"), strict });
  };

  it("belong to the scene that the image name begins with; others stay unlabelled", async () => {
    const dataset = await label(coco("genoa_rgb.tiff", [[1, 2, 3, 4]]));
    expect(await dataset.labels("genoa")).toEqual([
      { className: "ship", boxPx: { x0: 1, y0: 2, x1: 4, y1: 6 } },
    ]);
    expect(await dataset.labels("athens")).toBeNull();
  });

  it("off the image are left out and told, or stop a strict run with file, number, box and size", async () => {
    const json = coco("genoa_rgb.tiff", [
      [1, 2, 3, 4],
      [-50, 2, 20, 4],
    ]);
    const dataset = await label(json);
    expect(await dataset.labels("genoa")).toHaveLength(1);
    expect(dataset.skipped.map(({ error }) => error.tag)).toEqual(["label"]);
    const error = await rejection(label(json, true));
    expect(error.message).toMatch(/labels\.json: label 1 \(ship\).*64 × 48 pixels, got x -50…-30, y 2…6/);
  });

  it("for images that are not there are refused by name", async () => {
    const none = await rejection(label(coco("rome_rgb.tiff", [])));
    expect(none.message).toMatch(
      /not in the dataset \(1\): rome_rgb\.tiff: wanted images named like its scenes \(athens, genoa\)/,
    );
    // `genoa2` is another port than `genoa`.
    expect((await rejection(label(coco("genoa2.tiff", [])))).message).toMatch(/genoa2\.tiff/);
  });

  it("of another resolution are refused", async () => {
    const json = coco("genoa.tiff", []);
    const twice = { ...json, images: json.images.map((image) => ({ ...image, width: 128, height: 96 })) };
    expect((await rejection(label(twice, true))).message).toMatch(
      /wanted labels of 64 × 48 pixels, got 128 × 96/,
    );
  });
});

describe("import", () => {
  const out = place("out/ships");
  const labels = () => {
    writeFileSync(
      place("ports/coco.json"),
      JSON.stringify(
        coco("genoa_rgb.tiff", [
          [1, 2, 3.5, 4],
          [60, 40, 10, 10],
        ]),
      ),
    );
    return "coco.json";
  };

  it.each([false, true])("makes a collection that opens as the folder did (copy: %s)", async (copy) => {
    await importDataset(place("ports"), { labels: labels(), out, copy });
    const [before, after] = [
      await openDataset(place("ports"), { labels: place("ports/coco.json") }),
      await openDataset(out),
    ];
    expect(after.scenes).toEqual(before.scenes);
    expect(await after.labels("genoa")).toEqual(await before.labels("genoa"));
    expect(await after.labels("athens")).toBeNull();
    expect(after.notes).toEqual([]);
    expect(after.name).toBe("ships");
    const item = JSON.parse(readFileSync(join(out, "items/genoa.json"), "utf8"));
    expect(item.assets.B02.href).toMatch(
      copy ? /^\.\.\/images\/genoa\// : /^\.\.\/\.\.\/\.\.\/ports\/genoa\//,
    );
    expect(item.properties.datetime).toBe("2023-07-10T00:00:00.000Z");
    await using reader = await after.open("genoa");
    const { planes } = await reader.readWindow({ x: 0, y: 0, width: 1, height: 1 }, ["B02"]);
    expect(planes[0]?.[0]).toBe(4_000);
  });

  it("leaves nothing behind when it fails, and touches no folder that is not its own", async () => {
    const failed = place("failed");
    writeFileSync(place("stray.json"), JSON.stringify(coco("rome.tif", [])));
    await rejection(importDataset(place("ports"), { labels: place("stray.json"), out: failed }));
    expect(existsSync(failed)).toBe(false);
    const error = await rejection(importDataset(place("ports"), { out: place("ports/athens") }));
    expect(error.message).toMatch(/is not empty and holds no collection\.json/);
    expect(existsSync(place("ports/athens/athens_2023-08-18_B02.tif"))).toBe(true);
  });
});
