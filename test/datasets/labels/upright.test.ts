import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../../datasets/dataset.ts";

const root = mkdtempSync(join(tmpdir(), "swath-upright-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A stored picture of 40 × 30 pixels that says how it is to be turned. */
const picture = (kind: "jpeg" | "tiff", orientation: number): Promise<Buffer> =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: "#123456" } })
    .withMetadata({ orientation })
    .toFormat(kind)
    .toBuffer();

let count = 0;
const open = async (kind: "jpeg" | "tiff", orientation: number, labels: Readonly<Record<string, string>>) => {
  const folder = join(root, `${count++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, kind === "jpeg" ? "a.jpg" : "a.tif"), await picture(kind, orientation));
  for (const [name, text] of Object.entries(labels)) writeFileSync(join(folder, name), text);
  const found = await catalogue(folder);
  const [entry] = found.entries;
  return {
    boxes: entry?.labels?.map(({ boxPx: { x0, y0, x1, y1 } }) => [x0, y0, x1, y1].join()) ?? null,
    said: [...found.notes, ...found.skipped.map(({ error }) => error.message)].join(" "),
  };
};

const voc = (width: number, height: number, box: readonly number[]): string =>
  `<annotation><filename>a</filename><size><width>${width}</width><height>${height}</height></size><object><name>ship</name><bndbox><xmin>${box[0]}</xmin><ymin>${box[1]}</ymin><xmax>${box[2]}</xmax><ymax>${box[3]}</ymax></bndbox></object></annotation>`;

// Upright, the picture of orientation 6 is 30 × 40: a stored (x, y) is seen at (30 − y, x).
const turnedNote = /1 scene is stored turned \(orientation\): a \(6\).*turned back/;

describe.each(["jpeg", "tiff"] as const)("labels of a %s that is stored on its side", (kind) => {
  it("are turned back where their file states the upright size", async () => {
    const { boxes, said } = await open(kind, 6, { "a.xml": voc(30, 40, [0, 4, 10, 20]) });
    expect(boxes).toEqual(["4,20,20,30"]);
    expect(said).toMatch(turnedNote);
  });

  it("stay where their file states the stored size", async () => {
    const { boxes, said } = await open(kind, 6, { "a.xml": voc(40, 30, [0, 4, 10, 20]) });
    expect(boxes).toEqual(["0,4,10,20"]);
    expect(said).not.toMatch(/turned back/);
  });

  it("are told in COCO and in tables as well", async () => {
    const coco = {
      images: [{ id: 1, file_name: kind === "jpeg" ? "a.jpg" : "a.tif", width: 30, height: 40 }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 4, 10, 16] }],
      categories: [{ id: 1, name: "ship" }],
    };
    expect((await open(kind, 6, { "_annotations.coco.json": JSON.stringify(coco) })).boxes).toEqual([
      "4,20,20,30",
    ]);
    const table = `filename,width,height,class,xmin,ymin,xmax,ymax\n${coco.images[0]!.file_name},30,40,ship,0,4,10,20\n`;
    expect((await open(kind, 6, { "annotations.csv": table })).boxes).toEqual(["4,20,20,30"]);
  });

  it("are left out by name where turning by half leaves the size alike", async () => {
    const { boxes, said } = await open(kind, 3, { "a.xml": voc(40, 30, [0, 4, 10, 20]) });
    expect(boxes).toBeNull();
    expect(said).toMatch(/is stored turned \(orientation 3\), and nothing says whether its labels are/);
  });
});

describe("YOLO's labels", () => {
  const row = { "a.txt": "0 0.5 0.25 0.2 0.1\n" };

  it("of a JPEG count on the upright picture, whichever way it is turned", async () => {
    expect((await open("jpeg", 6, row)).boxes).toEqual(["8,12,12,18"]);
    expect((await open("jpeg", 3, row)).boxes).toEqual(["16,21,24,24"]);
  });

  it("of a TIFF are left out by name: some tools turn it, others do not", async () => {
    const { boxes, said } = await open("tiff", 6, row);
    expect(boxes).toBeNull();
    expect(said).toMatch(/is stored turned \(orientation 6\), and nothing says whether its labels are/);
    expect((await open("tiff", 1, row)).boxes).toEqual(["16,6,24,9"]);
  });
});
