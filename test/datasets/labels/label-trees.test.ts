import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalogue, CatalogueOptions } from "../../../datasets/catalogue.ts";
import { catalogue } from "../../../datasets/dataset.ts";

const root = mkdtempSync(join(tmpdir(), "swath-labels-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [width, height] = [40, 30];
let png: Buffer;
beforeAll(async () => {
  png = await sharp({ create: { width, height, channels: 3, background: "#123456" } })
    .png()
    .toBuffer();
});

let count = 0;
/** Makes a folder of `files`: text as it is, `null` for a picture of 40 × 30 pixels. */
const make = (files: Readonly<Record<string, string | Uint8Array | object | null>>): string => {
  const folder = join(root, `${count++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const body =
      content === null
        ? png
        : typeof content === "string" || content instanceof Uint8Array
          ? content
          : JSON.stringify(content);
    writeFileSync(join(folder, name), body);
  }
  return folder;
};

/** `path → labels` of each image, below `folder`; images that nobody labelled have `null`. */
const labelsBy = ({ entries }: Catalogue, folder: string): Record<string, readonly string[] | null> =>
  Object.fromEntries(
    entries.map(({ assets, labels }) => [
      assets[0]?.path.slice(folder.length + 1).normalize("NFC") ?? "",
      labels?.map(({ className, boxPx: { x0, y0, x1, y1 } }) => `${className} ${[x0, y0, x1, y1].join()}`) ??
        null,
    ]),
  );

const open = async (files: Parameters<typeof make>[0], options: CatalogueOptions = {}) => {
  const folder = make(files);
  const labels = options.labels === undefined ? {} : { labels: join(folder, options.labels) };
  const found = await catalogue(folder, { ...options, ...labels });
  const tally = found.labelTally;
  return {
    found: labelsBy(found, folder),
    said: found.skipped.map(({ error }) => error.message.replaceAll(`${folder}/`, "")),
    notes: found.notes.map((note) => note.replaceAll(`${folder}/`, "")),
    tally: tally && { ...tally, sources: tally.sources.map(({ format, files: n }) => `${format} ${n}`) },
  };
};

const coco = (...images: readonly (readonly [name: string, x: number])[]) => ({
  images: images.map(([file_name], id) => ({ id, file_name })),
  categories: [{ id: 1, name: "ship" }],
  annotations: images.map(([, x], image_id) => ({ image_id, category_id: 1, bbox: [x, 2, 3, 4] })),
});
const ship = (x: number) => [`ship ${x},2,${x + 3},6`];

describe("an image of a label file", () => {
  it("is found by its path, not by its name alone", async () => {
    const { found, tally, said } = await open({
      "train/1.png": null,
      "val/2.png": null,
      "annotations.json": coco(["train/1.png", 1], ["val/1.png", 2], ["C:\\data\\val\\2.png", 3]),
    });
    expect(found).toEqual({ "train/1.png": ship(1), "val/2.png": ship(3) });
    expect(tally).toMatchObject({ read: 3, matched: 2, outside: 0 });
    expect(said).toEqual([expect.stringMatching(/not in the dataset \(1\): val\/1\.png/)]);
  });

  it("is of the folder that its label file lies in, or is called after", async () => {
    const { found } = await open({
      "train/1.png": null,
      "valid/1.png": null,
      "train/_annotations.coco.json": coco(["1.png", 1]),
      "valid/_annotations.coco.json": coco(["1.png", 2]),
    });
    expect(found).toEqual({ "train/1.png": ship(1), "valid/1.png": ship(2) });
    const standard = await open({
      "train2017/1.png": null,
      "val2017/1.png": null,
      "annotations/instances_train2017.json": coco(["1.png", 1]),
      "annotations/instances_val2017.json": coco(["1.png", 2]),
    });
    expect(standard.found).toEqual({ "train2017/1.png": ship(1), "val2017/1.png": ship(2) });
  });

  it("that two images could be is left out by name", async () => {
    const { found, tally } = await open({
      "a/1.png": null,
      "b/1.png": null,
      "b/2.png": null,
      "annotations.json": coco(["1.png", 1], ["2.png", 2]),
    });
    expect(found).toEqual({ "a/1.png": null, "b/1.png": null, "b/2.png": ship(2) });
    expect(tally?.leftOut).toMatchObject([
      { count: 1, reason: expect.stringMatching(/several scenes have/) },
    ]);
  });

  it("is not another whose name begins like its own", async () => {
    const { found } = await open({
      "port_1.png": null,
      "port_12.png": null,
      "port_1_2.png": null,
      "annotations.json": coco(
        ["port_1.png", 1],
        ["port_12.png", 2],
        ["port_1_2.png", 3],
        ["port_1_3.png", 4],
        ["port_1_north.png", 5],
      ),
    });
    expect(found).toEqual({ "port_1.png": ship(1), "port_12.png": ship(2), "port_1_2.png": ship(3) });
  });

  it("is one by a resembling name only where no other resembles it", async () => {
    const one = await open({ "genoa.png": null, "annotations.json": coco(["genoa_rgb.tiff", 1]) });
    expect(one.found).toEqual({ "genoa.png": ship(1) });
    const two = await open({
      "genoa.png": null,
      "x.png": null,
      "annotations.json": coco(["genoa_rgb.tif", 1], ["genoa_nir.tif", 2], ["x.png", 3]),
    });
    expect(two.found).toEqual({ "genoa.png": null, "x.png": ship(3) });
    const own = await open({
      "genoa.png": null,
      "annotations.json": coco(["genoa_rgb.tif", 1], ["genoa.png", 2]),
    });
    expect(own.found).toEqual({ "genoa.png": ship(2) });
  });

  it("is found whether its accents are one character or two, and before Roboflow changed its name", async () => {
    const hash = "0f3c5b1a9d8e7f60123456789abcdef0";
    const { found } = await open({
      "Córdoba.png": null,
      "quay.png": null,
      "_annotations.coco.json": coco(["Córdoba.png".normalize("NFD"), 1], [`quay_png.rf.${hash}.jpg`, 2]),
    });
    expect(found).toEqual({ "Córdoba.png": ship(1), "quay.png": ship(2) });
    const copies = await open({
      "quay.png": null,
      "x.png": null,
      "_annotations.coco.json": coco(
        [`quay_png.rf.${hash}.jpg`, 1],
        [`quay_png.rf.a${hash}.jpg`, 2],
        ["x.png", 3],
      ),
    });
    expect(copies.found).toEqual({ "quay.png": null, "x.png": ship(3) });
  });

  it("is found in a table whose encoding nothing tells, by the encoding that makes its names those of images", async () => {
    // 港口 in GBK, プ in Shift JIS.
    const row = (...name: readonly number[]) =>
      Buffer.concat([
        Buffer.from("image,xmin,ymin,xmax,ymax,class\n"),
        Buffer.from(name),
        Buffer.from(".png,1,2,4,6,ship\n"),
      ]);
    const gbk = await open({ "港口.png": null, "annotations.csv": row(0xb8, 0xdb, 0xbf, 0xda) });
    expect(gbk.found).toEqual({ "港口.png": ship(1) });
    expect(gbk.notes).toEqual(["annotations.csv: not UTF-8, read as gb18030"]);
    const shiftJis = await open({ "プ.png": null, "annotations.csv": row(0x83, 0x76) });
    expect(shiftJis.found).toEqual({ "プ.png": ship(1) });
  });

  it("whose labels were not understood stays unlabelled, since it is not empty", async () => {
    const { found } = await open({
      "a.png": null,
      "b.png": null,
      "annotations.json": {
        ...coco(["a.png", 1], ["b.png", 2]),
        annotations: [{ image_id: 0, category_id: 1, bbox: [1, 2, 3] }],
      },
    });
    expect(found).toEqual({ "a.png": null, "b.png": [] });
  });
});

const box = "0 0.5 0.5 0.1 0.2\n";
const boxAt = (name: string) => [`${name} 18,12,22,18`];

describe("a tree of YOLO files", () => {
  it.each([
    ["a list", "names: [dinghy, ferry]"],
    ["a map", "names:\n  0: dinghy\n  1: ferry"],
    [
      "a map with gaps and a path",
      "path: ../nowhere\ntrain: images/train\nval: images/val\nnames: {0: dinghy, 7: ferry}",
    ],
  ])("has the names of its data.yaml: %s", async (_, yaml) => {
    const { found, tally } = await open({
      "images/train/a.png": null,
      "images/val/a.png": null,
      "labels/train/a.txt": box,
      "labels/val/a.txt": "",
      "data.yaml": yaml,
    });
    expect(found).toEqual({ "images/train/a.png": boxAt("dinghy"), "images/val/a.png": [] });
    expect(tally).toMatchObject({ read: 1, matched: 1, sources: ["YOLO 2"] });
  });

  it("is found from its data.yaml, as Ultralytics and as Roboflow write it", async () => {
    const ultralytics = await open(
      {
        "sets/a.png": null,
        "set/images/val/a.png": null,
        "set/labels/val/a.txt": box,
        "set/data.yaml": "path: .\nval: images/val\nnames: [dinghy]",
      },
      { labels: "set/data.yaml" },
    );
    expect(ultralytics.found).toEqual({ "sets/a.png": null, "set/images/val/a.png": boxAt("dinghy") });
    const roboflow = await open(
      {
        "train/images/a.png": null,
        "train/labels/a.txt": box,
        "data.yaml": "train: ../train/images\nval: ../valid/images\nnc: 1\nnames: ['dinghy']",
      },
      { labels: "data.yaml" },
    );
    expect(roboflow.found).toEqual({ "train/images/a.png": boxAt("dinghy") });
    await expect(
      open({ "a.png": null, "data.yaml": "train: images/train\nnames: [a]" }, { labels: "data.yaml" }),
    ).rejects.toThrow(/no label files beside the images that it names: .*got .*images\/train/);
  });

  it("has the names of classes.txt, and those of --classes before any other", async () => {
    const files = { "a.png": null, "a.txt": box, "classes.txt": "dinghy\nferry\n" };
    expect((await open(files)).found).toEqual({ "a.png": boxAt("dinghy") });
    expect((await open(files, { classNames: ["boat"] })).found).toEqual({ "a.png": boxAt("boat") });
  });

  it("says of a broken data.yaml that it is broken", async () => {
    await expect(
      open({ "a.png": null, "a.txt": box, "data.yaml": "names: [a" }, { labels: "a.txt" }),
    ).rejects.toThrow(/data\.yaml cannot be read: wanted YAML/);
  });
});

describe("labels nobody named", () => {
  it("are said to look like labels, and why they were not taken", async () => {
    const { notes, tally, found } = await open({
      "a.png": null,
      "mine.json": coco(["a.png", 1]),
      "old/b.txt": box,
      "old/c.txt": box,
      "areas.shp": "x",
      "README.txt": "hello",
      "package.json": "{}",
    });
    expect(found).toEqual({ "a.png": null });
    expect(tally?.read).toBe(0);
    expect(notes).toEqual([
      "mine.json looks like COCO labels: not taken, since it is not called as label tools call files for the images around them; ask for it with --labels",
      "old/b.txt and 1 more looks like YOLO labels: not taken, since no image is named like it",
      "areas.shp looks like labels: not taken, since Shapefiles are not read: convert it with ogr2ogr labels.geojson FILE.shp",
    ]);
  });

  it("of several formats are taken of one, and the others named", async () => {
    const { found, notes } = await open({
      "a.png": null,
      "annotations.json": coco(["a.png", 1]),
      "_annotations.csv": "image,geometry\na.png,1 1 2 1 2 2",
    });
    expect(found).toEqual({ "a.png": ship(1) });
    expect(notes).toEqual([
      "_annotations.csv: CSV labels, not taken, since there are COCO labels; ask for them with --labels",
    ]);
  });

  it("cost themselves when broken, and the dataset when asked for", async () => {
    const files = { "a.png": null, "annotations.json": "{" };
    const { found, said } = await open(files);
    expect(found).toEqual({ "a.png": null });
    expect(said).toEqual([expect.stringMatching(/annotations\.json cannot be read: wanted JSON/)]);
    await expect(open(files, { labels: "annotations.json" })).rejects.toThrow(
      /annotations\.json cannot be read/,
    );
    await expect(open(files, { strict: true })).rejects.toThrow(/annotations\.json cannot be read/);
  });

  it("of a scene that another file has labelled are not added to it", async () => {
    const { found, said } = await open({
      "a.png": null,
      "x/annotations.json": coco(["a.png", 1]),
      "y/annotations.json": coco(["a.png", 2]),
    });
    expect(found).toEqual({ "a.png": ship(1) });
    expect(said).toEqual([expect.stringMatching(/a scene that another file has labelled/)]);
  });
});

describe("a folder that the user names", () => {
  it("holds Pascal VOC, DOTA or GeoJSON files named like the images", async () => {
    const xml =
      "<annotation><object><name>ship</name><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>4</xmax><ymax>6</ymax></bndbox></object></annotation>";
    const voc = await open(
      {
        "JPEGImages/a.png": null,
        "JPEGImages/b.png": null,
        "Annotations/a.xml": xml,
        "Annotations/b.xml": "<annotation>",
      },
      { labels: "Annotations" },
    );
    expect(voc.found).toEqual({ "JPEGImages/a.png": ship(1), "JPEGImages/b.png": null });
    expect(voc.said).toEqual([expect.stringMatching(/b\.xml: not a Pascal VOC file/)]);
    const dota = await open(
      {
        "images/a.png": null,
        "images/b.png": null,
        "labelTxt/a.txt": "gsd:1\n1 2 4 2 4 6 1 6 ship 0\n",
        "labelTxt/b.txt": "",
      },
      { labels: "labelTxt" },
    );
    expect(dota.found).toEqual({ "images/a.png": ship(1), "images/b.png": [] });
    await expect(open({ "a.png": null, "empty/x.md": "" }, { labels: "empty" })).rejects.toThrow(
      /no labels in/,
    );
  });
});
