import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { formatInstant, instant } from "../../../pipeline/units.ts";
import { startLoopbackServer } from "../http/loopback-server.ts";
import { hasSharedData, sharedData, whySkipped } from "../shared-data.ts";

const root = mkdtempSync(join(tmpdir(), "swath-stac-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, json: unknown): void => writeFileSync(join(root, path), JSON.stringify(json));
const tiff = (name: string, side: number): Promise<void> =>
  writeGeoTiff(join(root, "data", name), {
    width: side,
    height: side,
    planes: [new Uint16Array(side * side).fill(1500)],
    bandNames: [""],
    scale: 1,
    nodata: 0,
    epsg: 32760,
    transform: [10, 0, 499_980, 0, -10, 1_200_040],
    acquiredAt: instant(0),
    software: "test",
  });

const band = (name: string, common_name: string) => ({
  "eo:bands": [{ name, common_name }],
  "raster:bands": [{ data_type: "uint16", nodata: 7, scale: 0.0001, offset: -0.1 }],
  roles: ["data", "reflectance"],
  type: "image/tiff",
});

/** As stactools writes Sentinel-2 items: the same band at several resolutions, a picture, masks and metadata. */
const item = (id: string) => ({
  type: "Feature",
  stac_version: "1.0.0",
  id,
  geometry: null,
  properties: { datetime: "2024-01-09T18:47:54.430Z", platform: "sentinel-2a", "proj:epsg": 32_760 },
  assets: {
    red_20m: { ...band("B04", "red"), href: "./data/red20.tif", "proj:shape": [32, 32] },
    red: {
      ...band("B04", "red"),
      href: "./data/red.tif",
      "proj:shape": [64, 64],
      "proj:transform": [10, 0, 600_000, 0, -10, 1_200_040],
    },
    green: { ...band("B03", "green"), href: "./data/green.tif", "proj:shape": [64, 64] },
    swir16: { ...band("B11", "swir16"), href: "./data/red20.tif", "proj:shape": [32, 32] },
    visual: { href: "./data/green.tif", roles: ["visual"], type: "image/tiff" },
    scl: { href: "./data/scl.tif", roles: ["data"], type: "image/tiff" },
    metadata: { href: "./metadata.xml", roles: ["metadata"] },
  },
});

beforeAll(async () => {
  mkdirSync(join(root, "data"));
  await Promise.all([tiff("red.tif", 64), tiff("green.tif", 64), tiff("red20.tif", 32), tiff("scl.tif", 64)]);
});

describe("STAC", () => {
  it("takes each band once, the finest, with scale, offset, nodata and time of the item, and its place from the file", async () => {
    write("item.json", item("S2A one"));
    const { scenes, notes, skipped } = await openDataset(join(root, "item.json"));
    const [scene] = scenes;
    expect(scene).toMatchObject({ id: "S2A_one", width: 64, height: 64, platform: "sentinel-2a" });
    expect(scene?.acquiredAt && formatInstant(scene.acquiredAt)).toBe("2024-01-09T18:47:54.430Z");
    expect(scene?.georeference?.transform).toEqual([10, 0, 499_980, 0, -10, 1_200_040]);
    const told = { scale: 0.0001, offset: -0.1, nodata: 7, unit: "reflectance", sampleType: "uint16" };
    expect(scene?.bands).toEqual([
      { name: "B04", commonName: "red", ...told },
      { name: "B03", commonName: "green", ...told },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/its file and its STAC item place it differently \(up to 10002.0 pixels apart\)/),
      expect.stringMatching(/B11 left out, since it lies on another grid/),
    ]);
    expect(skipped).toEqual([]);
  });

  it("reads a search response and leaves out its bad items, naming them", async () => {
    const remote = {
      ...item("remote"),
      assets: { B02: { href: "gs://bucket/B02.tif", type: "image/tiff" } },
    };
    const features = [item("here"), remote, { type: "Feature", id: 4 }, item("here")];
    write("search.json", { type: "FeatureCollection", features });
    const { scenes, skipped } = await openDataset(join(root, "search.json"));
    expect(scenes.map(({ id }) => id)).toEqual(["here"]);
    expect(skipped.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(
        /"remote" has no image.*href gs:\/\/bucket\/B02\.tif cannot be followed.*got gs:/,
      ),
      expect.stringMatching(/STAC item search\[2\] is malformed/),
      expect.stringMatching(/two STAC items have the id "here"/),
    ]);
    await expect(openDataset(join(root, "search.json"), { strict: true })).rejects.toThrow(
      /"remote" has no image/,
    );
  });

  it("follows a collection, its children and a link back to itself, once", async () => {
    const link = (rel: string, href: string) => ({ rel, href });
    const collection = { type: "Collection", stac_version: "1.0.0", id: "all" };
    const missing = link("item", "./gone.json");
    write("collection.json", {
      ...collection,
      links: [link("child", "./child.json"), link("item", "./item.json"), missing],
    });
    write("child.json", {
      ...collection,
      type: "Catalog",
      links: [link("child", "./collection.json"), link("item", "item2.json")],
    });
    write("item.json", item("one"));
    write("item2.json", item("two"));
    const { name, scenes, skipped } = await openDataset(root);
    expect(name).toBe("all");
    expect(scenes.map(({ id }) => id)).toEqual(["two", "one"]);
    expect(skipped.map(({ scene }) => scene)).toEqual(["gone"]);
  });

  it("is refused in one line when it is broken", async () => {
    writeFileSync(join(root, "broken.json"), "{");
    await expect(openDataset(join(root, "broken.json"))).rejects.toThrow(
      /broken\.json cannot be read: wanted JSON/,
    );
    write("other.json", { hello: 1 });
    await expect(openDataset(join(root, "other.json"))).rejects.toThrow(/other\.json is no dataset/);
  });

  it.skipIf(!hasSharedData)(`says what real items lack on this machine${whySkipped}`, async () => {
    // Real items, but for their hosts: tests ask nobody outside.
    await using server = await startLoopbackServer();
    const text = readFileSync(sharedData("stac/search-response-items.json"), "utf8");
    writeFileSync(join(root, "real.json"), text.replaceAll(/https?:\/\/[^/"]+/g, server.origin));
    await expect(openDataset(join(root, "real.json"))).rejects.toThrow(
      /10 tried.*HLSL30.*cannot be fetched: got HTTP 404/,
    );
    await expect(openDataset(sharedData("stac/sentinel-2-l2a-cogs-item.json"))).rejects.toThrow(
      /\.jp2, which is not there/,
    );
  });
});
