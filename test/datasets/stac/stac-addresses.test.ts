import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dataset, type DatasetOptions, openDataset } from "../../../datasets/dataset.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { importDataset } from "../../../datasets/import.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { type LoopbackServer, startLoopbackServer } from "../http/loopback-server.ts";

const root = mkdtempSync(join(tmpdir(), "swath-addresses-"));
const cacheDir = join(root, "cache");
let server: LoopbackServer;
let tiff: Buffer;
beforeAll(async () => {
  server = await startLoopbackServer();
  const path = join(root, "made.tif");
  await writeGeoTiff(path, {
    width: 64,
    height: 64,
    planes: [Uint16Array.from({ length: 64 * 64 }, (_, i) => 1000 + i)],
    bandNames: ["B04"],
    scale: 0.0001,
    nodata: 0,
    epsg: 32_760,
    transform: [10, 0, 499_980, 0, -10, 1_200_040],
    acquiredAt: instant(0),
    software: "test",
  });
  tiff = readFileSync(path);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const asset = (href: string, name = "B04") => ({
  href,
  type: "image/tiff",
  roles: ["data"],
  "eo:bands": [{ name }],
});
const item = (id: string, href: string, more = {}) => ({
  type: "Feature",
  stac_version: "1.0.0",
  id,
  geometry: null,
  properties: { datetime: "2024-01-09T18:47:54Z" },
  links: [],
  assets: { B04: asset(href) },
  ...more,
});
const put = (path: string, content: unknown): string => {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return full;
};
const serve = (path: string, content: unknown): string => {
  const data = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  server.files.set(path, { data, etag: '"1"' });
  return `${server.origin}${path}`;
};
const limits = { backoff: seconds(0.01), attempts: 2 };
const open = (reference: string, options: DatasetOptions = {}): Promise<Dataset> =>
  openDataset(reference, { cacheDir, ...options, reach: { limits, ...options.reach } });
const firstPixel = async (dataset: Dataset): Promise<number | undefined> => {
  await using reader = await dataset.open(dataset.scenes[0]!.id);
  const { planes } = await reader.readWindow({ x: 3, y: 2, width: 1, height: 1 }, ["B04"]);
  return planes[0]![0];
};
const reasonFor = async (reference: string, options: DatasetOptions = {}): Promise<string> => {
  const error = await open(reference, { ...options, strict: true }).catch(
    (thrown: unknown) => thrown as Error,
  );
  return error instanceof Error ? error.message : "opened";
};

describe("a local reference", () => {
  it.each([
    ["./my%20scene%20%281%29.tif", "my scene (1).tif"],
    ["my scene.tif", "my scene.tif"],
    ["a+b.tif", "a+b.tif"],
    ["a#1.tif", "a#1.tif"],
    ["a%231.tif", "a#1.tif"],
    ["what?.tif", "what?.tif"],
    ["scene.tif?v=2", "scene.tif"],
    ["100%.tif", "100%.tif"],
    ["a%20b.tif", "a%20b.tif"],
    ["g%C3%AAnes.tif", "g\u00EAnes.tif"],
    ["ge\u0302nes.tif", "g\u00EAnes.tif"],
    ["%E6%B8%AF.tif", "港.tif"],
    ["images\\port.tif", "images/port.tif"],
    ["./deep/../port.tif", "port.tif"],
    ["a:1.tif", "a:1.tif"],
  ])("%s means %s", async (href, file) => {
    const folder = `local-${Math.abs(Buffer.from(href).reduce((a, b) => (a * 31 + b) | 0, 7))}`;
    put(`${folder}/${file}`, tiff);
    const path = put(`${folder}/item.json`, item("one", href));
    await using dataset = await open(path);
    expect(await firstPixel(dataset)).toBe(1000 + 2 * 64 + 3);
    put(
      `${folder}/item.json`,
      item("one", `file://${encodeURI(join(root, folder, file)).replaceAll(/[?#]/g, encodeURIComponent)}`),
    );
    await using absolute = await open(path);
    expect(absolute.scenes).toHaveLength(1);
  });

  it("may not leave the folder of its collection, by whatever way, unless that is allowed", async () => {
    put("secret/port.tif", tiff);
    mkdirSync(join(root, "cage/sub"), { recursive: true });
    symlinkSync(join(root, "secret/port.tif"), join(root, "cage/link.tif"));
    symlinkSync(join(root, "secret"), join(root, "cage/folder"));
    for (const href of [
      "../secret/port.tif",
      "sub/../../secret/port.tif",
      "%2e%2e/secret/port.tif",
      "..%2Fsecret%2Fport.tif",
      "..\\secret\\port.tif",
      join(root, "secret/port.tif"),
      `file://${join(root, "secret/port.tif")}`,
      `file://localhost${join(root, "secret/port.tif")}`,
      "link.tif",
      "folder/port.tif",
      "../nowhere/port.tif",
    ]) {
      const path = put("cage/item.json", item("one", href));
      expect(await reasonFor(path), href).toMatch(/leaves the folder of its collection.*--allow-outside/);
      if (href.includes("nowhere")) continue;
      await using dataset = await open(path, { reach: { allowOutside: true } });
      expect(dataset.scenes, href).toHaveLength(1);
    }
  });

  it("is inside, there or not, where the folder itself is reached by a link", async () => {
    put("kept/port.tif", tiff);
    put("kept/whole.json", item("one", "port.tif"));
    put("kept/lacks.json", item("one", "./deep/gone.tif"));
    symlinkSync(join(root, "kept"), join(root, "way-in"));
    await using dataset = await open(join(root, "way-in/whole.json"));
    expect(dataset.scenes).toHaveLength(1);
    expect(await reasonFor(join(root, "way-in/lacks.json"))).toMatch(/gone\.tif, which is not there/);
  });

  it("of labels and of other documents is held to the same", async () => {
    put("cage2/port.tif", tiff);
    put("secret/labels.geojson", { type: "FeatureCollection", features: [] });
    const labels = { href: "../secret/labels.geojson", roles: ["labels"] };
    const path = put(
      "cage2/item.json",
      item("one", "port.tif", { assets: { B04: asset("port.tif"), labels } }),
    );
    expect(await reasonFor(path)).toMatch(/leaves the folder/);
    put("secret/item.json", item("two", "port.tif"));
    const links = [{ rel: "item", href: "../secret/item.json" }];
    const collection = { type: "Collection", stac_version: "1.0.0", id: "c", links };
    expect(await reasonFor(put("cage2/collection.json", collection))).toMatch(/leaves the folder/);
  });

  it("of an item reaches through the collection that it lies in, and through no other", async () => {
    put("tree/images/port.tif", tiff);
    const links = [{ rel: "collection", href: "../collection.json" }];
    const path = put("tree/items/one.json", item("one", "../images/port.tif", { links }));
    expect(await reasonFor(path)).toMatch(/leaves the folder/);
    put("tree/collection.json", { type: "Collection", stac_version: "1.0.0", id: "tree", links: [] });
    expect((await open(path)).scenes).toHaveLength(1);
    // A collection beside it is none that it lies in.
    const elsewhere = [{ rel: "collection", href: "../../tree/collection.json" }];
    const other = put(
      "other/items/one.json",
      item("one", "../../tree/images/port.tif", { links: elsewhere }),
    );
    expect(await reasonFor(other)).toMatch(/leaves the folder/);
  });

  it.each([
    ["C:\\data\\port.tif", /a path of Windows/],
    ["\\\\server\\share\\port.tif", /a path of Windows/],
    ["file://server/share/port.tif", /cannot be followed/],
    ["gs://bucket/port.tif", /gs:/],
    ["/vsizip/a.zip/port.tif", /a file system of GDAL/],
    ["gone.tif", /gone\.tif, which is not there/],
  ])("%s is refused in one line", async (href, message) => {
    const reason = await reasonFor(put("odd/item.json", item("one", href)));
    expect(reason).toMatch(message);
    expect(reason).not.toContain("\n");
  });

  it("that is out of reach costs its band, by name", async () => {
    put("part/port.tif", tiff);
    const assets = { B04: asset("port.tif"), B08: asset("gone.tif", "B08") };
    const { scenes, notes } = await open(put("part/item.json", item("one", "", { assets })));
    expect(scenes[0]?.bands.map(({ name }) => name)).toEqual(["B04"]);
    expect(notes).toContainEqual(expect.stringMatching(/B08 left out: gone\.tif is not there/));
  });
});

describe("an item on the web", () => {
  it.each([
    ["port.tif", "/web/port.tif"],
    ["./my scene (1).tif", "/web/my scene (1).tif"],
    ["my%20scene.tif", "/web/my scene.tif"],
    ["../other/port.tif", "/other/port.tif"],
    ["/port.tif", "/port.tif"],
    ["images\\port.tif", "/web/images/port.tif"],
    ["a#1.tif", "/web/a#1.tif"],
    ["a+b.tif", "/web/a+b.tif"],
    ["100%.tif", "/web/100%.tif"],
    ["港.tif", "/web/港.tif"],
    ["port.tif?sig=SECRET", "/web/port.tif"],
  ])("names %s at %s", async (href, path) => {
    serve(path, tiff);
    await using dataset = await open(serve("/web/item.json", item("one", href)));
    expect(await firstPixel(dataset)).toBe(1000 + 2 * 64 + 3);
    expect(dataset.fetched().requests).toBeGreaterThan(1);
    expect(JSON.stringify([dataset.scenes, dataset.notes])).not.toContain("SECRET");
    server.files.delete(path);
  });

  it("names no file of this machine", async () => {
    const path = put("local/port.tif", tiff);
    for (const href of [`file://${path}`, "C:\\data\\port.tif", "\\\\server\\a.tif", "FILE:///etc/a.tif"]) {
      expect(await reasonFor(serve("/web/item.json", item("one", href))), href).toMatch(
        /a file of this machine, named by a document from elsewhere/,
      );
      // Not even where the user allows much.
      const allowed = { reach: { allowOutside: true } };
      expect(await reasonFor(serve("/web/item.json", item("one", href)), allowed), href).toMatch(
        /from elsewhere/,
      );
    }
  });

  it("opens as the same item does here: pixels, labels, place", async () => {
    const feature = {
      type: "Feature",
      properties: { class: "ship" },
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [1, 1],
            [9, 1],
            [9, 9],
            [1, 9],
            [1, 1],
          ],
        ],
      },
    };
    const labels = { href: "labels.geojson", roles: ["labels"] };
    const assets = { B04: asset("port.tif"), labels };
    const files: readonly (readonly [string, unknown])[] = [
      ["port.tif", tiff],
      ["labels.geojson", { type: "FeatureCollection", features: [feature] }],
      ["item.json", item("same", "", { assets })],
    ];
    for (const [name, content] of files) {
      put(`same/${name}`, content);
      serve(`/same/${name}`, content);
    }
    await using here = await open(join(root, "same/item.json"));
    await using there = await open(`${server.origin}/same/item.json`);
    expect(there.scenes).toEqual(here.scenes);
    expect(await there.labels("same")).toEqual(await here.labels("same"));
    expect(await firstPixel(there)).toBe(await firstPixel(here));
    await using image = await open(`${server.origin}/same/port.tif`);
    expect(image.scenes[0]).toMatchObject({ id: "port", width: 64 });
  });

  it("of a collection costs itself alone when it is not there", async () => {
    serve("/col/port.tif", tiff);
    serve("/col/a.json", item("a", "port.tif"));
    const links = ["a.json", "gone.json"].map((href) => ({ rel: "item", href }));
    const collection = { type: "Collection", stac_version: "1.0.0", id: "col", links };
    const { scenes, skipped } = await open(serve("/col/collection.json", collection));
    expect(scenes.map(({ id }) => id)).toEqual(["a"]);
    expect(skipped.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(/gone\.json cannot be fetched: got HTTP 404 Not Found: nothing here/),
    ]);
  });
});

describe("an import", () => {
  it("of images elsewhere on this machine opens again for its user, and for nobody else", async () => {
    put("mine/a#1 (x).tif", tiff);
    const out = join(root, "imported");
    await importDataset(join(root, "mine"), { out, cacheDir });
    expect((await open(out)).scenes).toHaveLength(1);
    expect(await reasonFor(out, { cacheDir: join(root, "other-cache") })).toMatch(/leaves the folder/);
  });

  it("of an item on the web points at its files, or downloads them", async () => {
    serve("/imp/port.tif", tiff);
    const address = serve("/imp/item.json", item("one", "port.tif?sig=abc"));
    const [linked, copied] = [join(root, "linked"), join(root, "copied")];
    const found = await importDataset(address, { out: linked, cacheDir });
    expect(readFileSync(join(linked, "items/one.json"), "utf8")).toContain(
      `${server.origin}/imp/port.tif?sig=abc`,
    );
    expect(found.fetched?.requests).toBeGreaterThan(1);
    expect(found.notes).toContainEqual(expect.stringMatching(/1 of 1 addresses have a query/));
    expect((await open(linked)).scenes).toHaveLength(1);
    await importDataset(address, { out: copied, copy: true, cacheDir });
    expect(readFileSync(join(copied, "images/one/port.tif"))).toEqual(tiff);
    await using dataset = await open(copied);
    expect(await firstPixel(dataset)).toBe(1131);
    expect(existsSync(join(copied, "labels"))).toBe(false);
  });
});
