import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Catalogue, SceneEntry } from "../../../datasets/catalogue.ts";
import { attachLabels } from "../../../datasets/labels/attach-labels.ts";
import type { ReadLabels } from "../../../datasets/labels/drawn-label.ts";
import { labelFormats } from "../../../datasets/labels/formats/label-formats.ts";
import { decodeText, type LabelDocument } from "../../../datasets/labels/label-document.ts";
import type { LabelTally } from "../../../datasets/labels/label-tally.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { sceneOf, utm } from "../../fake-scene.ts";

const entry = (id: string): SceneEntry => ({
  scene: { ...sceneOf({ id, width: 64, height: 48 }), georeference: utm },
  assets: [{ path: `/data/${id}.png`, bands: [] }],
  labels: null,
});
const entries = ["a", "b"].map(entry);
const catalogue: Catalogue = { name: "two", entries, skipped: [], notes: [] };
const context = { classNames: [], keyPoints: null };

const document = (path: string, text: string): LabelDocument => {
  const isJson = path.endsWith("json");
  return { path: `/data/${path}`, text, json: isJson ? JSON.parse(text) : undefined, encoding: null };
};

const tallyOf = async (read: ReadLabels): Promise<LabelTally> => {
  const { labelTally } = await attachLabels(catalogue, read, [{ format: "any", file: "/data/x", files: 1 }], {
    strict: false,
    root: "/data",
  });
  if (labelTally === undefined) throw new Error("no tally");
  return labelTally;
};

/** The law: every row that is read is on a scene, outside all, or left out for a stated reason. */
const expectLaw = ({ read, matched, outside, leftOut }: LabelTally, note = ""): void => {
  const out = leftOut.reduce((sum, { count }) => sum + count, 0);
  expect(matched + outside + out, note).toBe(read);
  expect(
    leftOut.every(({ reason, count, example }) => reason !== "" && example !== "" && count > 0),
    note,
  ).toBe(true);
};

/** Numbers that are places in the image, beside it, and none at all. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -20, max: 90, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 64, -1, 1e12, 1e-9, Number.MAX_VALUE) },
);
const json = fc.oneof(
  { weight: 5, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(null, "7", "x", [], {}, true) },
);
const image = fc.constantFrom("a.png", "b.png", "c.png", "a_rgb.tif", "");

/** For each format, how rows become a document; each row is one label. */
const formats: Readonly<
  Record<string, fc.Arbitrary<{ readonly rows: number; readonly documents: readonly LabelDocument[] }>>
> = {
  COCO: fc
    .array(
      fc.record({
        image_id: fc.constantFrom(0, 1, 2, "1", 9, null),
        category_id: fc.constantFrom(1, 2),
        bbox: fc.oneof(fc.array(json, { maxLength: 5 }), json),
        segmentation: fc.oneof(
          fc.constant(undefined),
          fc.array(fc.array(json, { maxLength: 8 }), { maxLength: 3 }),
          fc.record({ counts: fc.oneof(fc.string(), fc.array(fc.nat(3072))), size: fc.constant([48, 64]) }),
        ),
      }),
    )
    .map((annotations) => ({
      rows: annotations.length,
      documents: [
        document(
          "x.json",
          JSON.stringify({
            images: ["a.png", "b.png", "c.png"].map((file_name, id) => ({ id, file_name })),
            categories: [{ id: 1, name: "ship" }],
            annotations,
          }),
        ),
      ],
    })),
  YOLO: fc
    .array(
      fc.tuple(
        fc.constantFrom("0", "3", "-1", "x", "1.5"),
        fc.array(fc.oneof(fc.double({ min: -0.2, max: 1.2, noNaN: true }), fc.nat(3), fc.constant("x")), {
          minLength: 1,
          maxLength: 14,
        }),
      ),
    )
    .map((rows) => ({
      rows: rows.length,
      documents: ["a.txt", "b.txt"].map((name, i) =>
        document(
          name,
          rows
            .filter((_, n) => n % 2 === i)
            .map(([c, values]) => [c, ...values].join(" "))
            .join("\n"),
        ),
      ),
    })),
  CSV: fc
    .array(
      fc.tuple(
        image,
        number,
        number,
        fc.oneof(number, fc.constantFrom("", "x")),
        number,
        fc.constantFrom("ship", "", 'a"b'),
      ),
    )
    .map((rows) => ({
      rows: rows.length,
      documents: [
        document(
          "x.csv",
          ["filename,xmin,ymin,xmax,ymax,class", ...rows.map((row) => row.join(","))].join("\n"),
        ),
      ],
    })),
  DOTA: fc
    .array(
      fc.tuple(
        fc.array(fc.oneof(number, fc.constant("x")), { minLength: 7, maxLength: 9 }),
        fc.constantFrom("ship", "plane"),
        fc.constantFrom(0, 1, 2, 5, ""),
      ),
    )
    .map((rows) => ({
      rows: rows.length,
      documents: [document("a.txt", ["gsd:1", ...rows.map((row) => row.flat().join(" "))].join("\n"))],
    })),
  "Pascal VOC": fc
    .array(fc.tuple(number, number, fc.oneof(number, fc.constant("x")), number, fc.constantFrom("ship", "")))
    .map((rows) => ({
      rows: rows.length,
      documents: [
        document(
          "a.xml",
          `<annotation>${rows.map(([x0, y0, x1, y1, name]) => `<object><name>${name}</name><bndbox><xmin>${x0}</xmin><ymin>${y0}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax></bndbox></object>`).join("")}</annotation>`,
        ),
      ],
    })),
  GeoJSON: fc
    .array(
      fc.tuple(
        fc.array(
          fc.tuple(
            fc.double({ min: 8.99, max: 9.01, noNaN: true }),
            fc.oneof(fc.double({ min: 44.24, max: 44.26, noNaN: true }), json),
          ),
          { maxLength: 6 },
        ),
        fc.constantFrom("Polygon", "Point", null),
        fc.option(image, { nil: undefined }),
      ),
    )
    .map((rows) => ({
      rows: rows.length,
      documents: [
        document(
          "x.geojson",
          JSON.stringify({
            type: "FeatureCollection",
            features: rows.map(([ring, type, name]) => ({
              geometry: type && { type, coordinates: [ring] },
              properties: { class: "ship", image: name },
            })),
          }),
        ),
      ],
    })),
};

const formatCalled = (name: string) => {
  const found = labelFormats.find((format) => format.name === name);
  if (!found) throw new Error(`no format ${name}`);
  return found;
};

describe("what becomes of labels", () => {
  it("is tried for every format", () => {
    expect(Object.keys(formats).toSorted()).toEqual(labelFormats.map(({ name }) => name).toSorted());
  });

  it.each(Object.keys(formats))("adds up, row by row: %s", async (name) => {
    let refused = 0;
    const runs = 300;
    await fc.assert(
      fc.asyncProperty(formats[name]!, async ({ rows, documents }) => {
        let tally: LabelTally;
        try {
          tally = await tallyOf(formatCalled(name).read(documents, context));
        } catch (error) {
          // A set none of which can be used is refused as a whole, with its reason.
          if (!isSwathError(error, "label")) throw error;
          refused++;
          return;
        }
        expect(tally.read).toBe(rows);
        expectLaw(tally);
      }),
      { numRuns: runs },
    );
    expect(refused).toBeLessThan(runs * 0.7);
  });
});

const samples: Readonly<Record<string, string>> = {
  "x.json": JSON.stringify({
    images: [{ id: 1, file_name: "a.png", width: 64, height: 48 }],
    categories: [{ id: 1, name: "ship" }],
    annotations: [
      { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] },
      { image_id: 1, category_id: 1, segmentation: { counts: "0ah0", size: [48, 64] } },
      { image_id: 1, category_id: 1, segmentation: [[1, 2, 30, 2, 30, 9]] },
    ],
  }),
  "x.csv":
    'image,geometry,class\na.png,"POLYGON Z ((1 2 0, 30 2 0, 30 9 0, 1 2 0))",ship\nb.png,POLYGON EMPTY,\na.png,"[(1, 2), (3, 4), (9, 9)]","a ""b"""\n',
  "y.csv":
    "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,64,48,ship,1,2,30,40\nb.png,64,48,ship,1,2,30,40\n",
  "x.geojson": JSON.stringify({
    type: "FeatureCollection",
    crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::32632" } },
    features: [
      {
        type: "Feature",
        properties: { class: "ship" },
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [500_100, 4_899_900],
              [500_200, 4_899_900],
              [500_200, 4_899_800],
              [500_100, 4_899_900],
            ],
          ],
        },
      },
      { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates: [] } },
    ],
  }),
  "a.xml":
    '<?xml version="1.0"?><annotation><filename>a.png</filename><size><width>64</width><height>48</height></size><object><name>ship &amp; co</name><difficult>0</difficult><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>40</xmax><ymax>30</ymax></bndbox></object><object><name>x</name><robndbox><cx>9</cx><cy>9</cy><w>4</w><h>3</h><angle>0.3</angle></robndbox></object></annotation>',
  "a.txt":
    "0 0.5 0.5 0.1 0.2\n1 0.5 0.5 0.1 0.2 0.93\n0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n0 0.06 0.52 0.08 0.05 0.87 3\n0 0.5 0.5 0.4 0.6 0.4 0.3 2 0.6 0.7 1\n",
  "b.txt": "imagesource:x\ngsd:0.1\n10 20 30 25 28 40 8 35 small-vehicle 1\n1 1 9 1 9 9 1 9 ship 0\n",
};
const splices = [
  "",
  "NaN",
  "1e999",
  "-",
  '"',
  "((((((((",
  "[[[[[[[[",
  "<a>",
  "</",
  "&#x110000;",
  "\u0000",
  "\u202e",
  "\n\n",
  ",,,,",
  "null",
  "99999999999999999999",
  "\ufeff",
  ";",
  "EMPTY",
  "𝟘",
];
const mutants = process.env["SWATH_LONG"] === undefined ? 400 : 10_000;

const mutate = (text: string, seed: number): Uint8Array => {
  const random = seeded("label-mutants", seed);
  const bytes = new TextEncoder().encode(text);
  const at = random.integer(bytes.length);
  const kind = random.integer(5);
  if (kind === 0) return bytes.subarray(0, at);
  if (kind === 1) {
    const copy = bytes.slice();
    for (let n = 1 + random.integer(4); n > 0; n--)
      copy[random.integer(copy.length)]! ^= 1 << random.integer(8);
    return copy;
  }
  const splice = new TextEncoder().encode(
    (splices[random.integer(splices.length)] ?? "").repeat(kind === 2 ? 2000 : 1),
  );
  const end = Math.min(bytes.length, at + random.integer(12));
  return Buffer.concat([bytes.subarray(0, at), splice, bytes.subarray(kind === 3 ? end : at)]);
};

describe("mutants of label files", () => {
  it.each(Object.entries(samples))(
    `${mutants} of %s are read or refused, soon, and add up`,
    async (name, text) => {
      const outcomes = { read: 0, refused: 0, strange: 0 };
      for (let seed = 0; seed < mutants; seed++) {
        const decoded = decodeText(mutate(text, seed));
        let json: unknown;
        const start = performance.now();
        try {
          json = name.endsWith("json") ? JSON.parse(decoded.text) : undefined;
        } catch {
          outcomes.strange++;
          continue;
        }
        const one: LabelDocument = { path: `/data/${name}`, json, ...decoded };
        const extension = name.slice(name.indexOf("."));
        const format = labelFormats.find((f) => f.extensions.includes(extension) && f.recognises(one));
        try {
          if (format === undefined) outcomes.strange++;
          else {
            expectLaw(await tallyOf(format.read([one], context)), `mutant ${seed}`);
            outcomes.read++;
          }
        } catch (error) {
          if (!isSwathError(error, "label")) throw new Error(`mutant ${seed} of ${name}`, { cause: error });
          expect(error.message.split("\n"), `mutant ${seed}`).toHaveLength(1);
          outcomes.refused++;
        }
        expect(performance.now() - start, `mutant ${seed} of ${name}`).toBeLessThan(5000);
      }
      expect(outcomes.read).toBeGreaterThan(mutants / 10);
      expect(outcomes.read).toBeLessThan(mutants);
    },
    120_000,
  );
});
