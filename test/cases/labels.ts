import type { Catalogue } from "../../datasets/catalogue.ts";
import { type Answer, type CaseCheck, exactly, openCase } from "./case.ts";

/** Every scene with its labels, in one line: `a: ship 28,74,42,82; b: –`. A scene is called by its file. */
const labelsOf = ({ entries }: Catalogue): string =>
  entries
    .map(({ assets, labels }) => {
      const name = (assets[0]?.path.split("/").at(-1) ?? "").replace(/\.[^.]*$/, "").normalize("NFC");
      const boxes = labels?.map(
        ({ className, boxPx: { x0, y0, x1, y1 } }) => `${className} ${[x0, y0, x1, y1].join(",")}`,
      );
      return `${name}: ${boxes === undefined ? "–" : boxes.join(" ") || "none"}`;
    })
    .toSorted()
    .join("; ");

const ask =
  (right: string) =>
  async (path: string): Promise<Answer> =>
    exactly(labelsOf(await openCase(path)), right);

/** A case whose labels come out as `right`. */
const check = (name: string, right: string): CaseCheck => ({ of: `imagery/${name}`, right, ask: ask(right) });

export const labels: readonly CaseCheck[] = [
  check("coco-empty-bbox", "a: ship 28,74,42,82; b: ship 28,74,42,82"),
  check("coco-nfd-name", "Córdoba_é: ship 5,127,28,140; b: ship 0,0,25,25"),
  check("coco-rle-no-bbox", "a: ship 28,74,42,82"),
  check("coco-same-name-other-folder", "0001: ship 5,127,28,140"),
  check("csv-latin1", "Málaga: barco 5,127,28,140"),
  check("csv-polygon-empty", "img1: ship 28,74,42,82; img2: none"),
  check("csv-semicolon", "a: ship 5,127,28,140"),
  check("csv-utf16", "a: ship 5,127,28,140"),
  check("csv-xmin-ymin", "img1: ship 28,74,42,82"),
  check("exif-rotated-yolo", "IMG_20230603: class-0 28,74,42,82"),
  {
    of: "imagery/geojson-null-geometry",
    right: "two labels, one of them called 40; 1 left out: no geometry",
    ask: async (path) => {
      const found = await openCase(path);
      const out = found.labelTally?.leftOut
        .map(({ reason, count }) => `${count} left out: ${reason}`)
        .join(", ");
      return exactly(
        `${labelsOf(found)}; ${out ?? ""}`,
        "west_2023-06-03: ship 28,74,42,82 40 86,101,108,114; 1 left out: no geometry",
      );
    },
  },
  {
    of: "imagery/geojson-utm-no-crs",
    right: "refused: coordinates that cannot be degrees; both scenes unlabelled",
    ask: async (path) => {
      const found = await openCase(path);
      const said = found.skipped.map(({ error }) => error.message).join(" ");
      const isRight = /cannot be degrees/.test(said) && found.entries.every(({ labels }) => labels === null);
      return { ours: `${labelsOf(found)}; ${said}`, isRight };
    },
  },
  check("roboflow-coco", "train1: ship 5,127,28,140; valid1: ship 5,127,28,140"),
  check("voc-xml", "a: ship 28,74,42,82"),
  check("yolo-track-conf-id", "frame_1: class-0 5,127,28,140"),
  check(
    "cjk-names",
    "机场: class-0 115.2,115.2,140.8,140.8; 港口: class-0 115.2,115.2,140.8,140.8; 码头 1: class-0 115.2,115.2,140.8,140.8",
  ),
];
