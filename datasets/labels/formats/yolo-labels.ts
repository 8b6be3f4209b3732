import {
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  LeftOutCount,
  mostVertices,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import type { LabelDocument } from "../label-document.ts";
import type { LabelContext, LabelFormat } from "./label-format.ts";
import { polygonPoints, type RowKind, rowKinds, type RowValues } from "./yolo-rows.ts";

interface Row {
  readonly line: number;
  readonly classId: number;
  readonly values: RowValues;
  readonly kinds: ReadonlySet<RowKind>;
}

interface Sheet {
  readonly path: string;
  readonly rows: readonly (Row | { readonly line: number; readonly text: string })[];
}

const linesOf = (text: string): readonly { readonly text: string; readonly line: number }[] =>
  text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ text: line.trim(), line: i + 1 }))
    .filter((line) => line.text !== "");

const numbersOf = (text: string): readonly number[] | null => {
  if (text.length > 40 * mostVertices) return null;
  const numbers = text.split(/\s+/).map((field) => (field === "" ? NaN : Number(field)));
  return numbers.every(Number.isFinite) ? numbers : null;
};

const readSheet = ({ path, text }: LabelDocument, { keyPoints }: LabelContext): Sheet => ({
  path,
  rows: linesOf(text).map((line) => {
    const [classId = NaN, ...values] = numbersOf(line.text) ?? [];
    if (!Number.isInteger(classId) || classId < 0 || values.length < 4) return line;
    const kinds = rowKinds(values, keyPoints);
    return kinds.size === 0 ? line : { line: line.line, classId, values, kinds };
  }),
});

/**
 * For each count of numbers, the kind that the set's rows of that count are for certain: that of the rows which can be one thing only,
 * where these agree. One tool writes a set, and it writes one kind of row of one length.
 */
const settleKinds = (sheets: readonly Sheet[]): ReadonlyMap<number, RowKind> => {
  const sure = new Map<number, Set<RowKind>>();
  let hasBoxes = false;
  let hasPolygons = false;
  for (const { rows } of sheets) {
    for (const row of rows) {
      if (!("kinds" in row) || row.kinds.size !== 1) continue;
      const { length } = row.values;
      for (const kind of row.kinds) {
        sure.set(length, (sure.get(length) ?? new Set()).add(kind));
        hasBoxes ||= kind === "box";
        hasPolygons ||= kind === "polygon" && length >= 8;
      }
    }
  }
  const settled = new Map<number, RowKind>();
  for (const [length, kinds] of sure) {
    const [only] = kinds;
    if (kinds.size === 1 && only) settled.set(length, only);
  }
  // Boxes of four or five numbers beside rows of six: the tool writes boxes. Longer polygons beside them: it writes outlines.
  if (!sure.has(6) && hasBoxes !== hasPolygons) settled.set(6, hasBoxes ? "box" : "polygon");
  return settled;
};

const boxCorners = ([cx = 0, cy = 0, w = 0, h = 0]: RowValues): readonly DrawnPoint[] => [
  [cx - w / 2, cy - h / 2],
  [cx + w / 2, cy + h / 2],
];

const drawRow = (
  row: Row,
  settled: ReadonlyMap<number, RowKind>,
  name: string,
  index: number,
): DrawnLabel | null => {
  const [only] = row.kinds;
  const likely = settled.get(row.values.length);
  const kind = row.kinds.size === 1 ? only : likely && row.kinds.has(likely) ? likely : undefined;
  if (kind === undefined) return null;
  const points = kind === "polygon" ? polygonPoints(row.values) : boxCorners(row.values);
  return points && { index, className: name, frame: "unit", points, ignore: false };
};

/**
 * Reads a set of YOLO text files: a line an object, a class number and fractions of the image's sides. Boxes `cx cy w h`, then
 * perhaps a confidence and a track number; polygons and turned boxes as corners; poses as a box and key points, of which the box
 * is taken. What a row of seven numbers is, or one that may be a polygon or a pose, the set's other rows decide; where they do
 * not, it is left out and counted. `classNames[class]` names the class, `class-<n>` where it has none.
 */
export const parseYolo = (documents: readonly LabelDocument[], context: LabelContext): ReadLabels => {
  const sheets = documents.map((document) => readSheet(document, context));
  const settled = settleKinds(sheets);
  const leftOut = new LeftOutCount();
  const nameless = new Set<number>();
  const images = sheets.map(({ path, rows }): ImageLabels => {
    const labels: DrawnLabel[] = [];
    rows.forEach((row, index) => {
      const where = `${path}: line ${row.line}`;
      if (!("kinds" in row)) {
        return leftOut.add("no row of class cx cy w h or of a polygon", `${where}: "${printable(row.text)}"`);
      }
      const name = context.classNames[row.classId] || `class-${row.classId}`;
      const label = drawRow(row, settled, name, index);
      if (label === null) {
        const both = [...row.kinds].map((kind) =>
          kind === "polygon" && row.values.length === 6 ? "triangle" : kind,
        );
        const hint = row.kinds.has("pose") ? "; kpt_shape in data.yaml would say it" : "";
        return leftOut.add(
          `may be a ${both.join(" or a ")}`,
          `${where}: ${row.values.length + 1} numbers${hint}`,
        );
      }
      if (!context.classNames[row.classId]) nameless.add(row.classId);
      labels.push(label);
    });
    const image = path.replace(/\.[^./\\]*$/, "");
    return {
      image,
      file: path,
      isOwn: true,
      size: null,
      isSeenUpright: true,
      labels,
      lost: rows.length - labels.length,
    };
  });
  const numbers = [...nameless].toSorted((a, b) => a - b);
  const isNamed = context.classNames.length > 0;
  const notes =
    isNamed && numbers.length > 0
      ? [
          `YOLO: classes ${numbers.slice(0, 8).join(", ")} have no name among the ${context.classNames.length} given`,
        ]
      : [];
  return { images, loose: [], leftOut: leftOut.list(), notes, failed: [] };
};

/** YOLO text, as Ultralytics, Darknet, Roboflow and CVAT write it. */
export const yolo: LabelFormat = {
  name: "YOLO",
  extensions: [".txt"],
  isOwn: true,
  hasClassNumbers: true,
  usualName: null,
  recognises: ({ text }) => {
    const lines = linesOf(text.slice(0, 100_000)).slice(0, 50);
    const rows = lines.filter((line) => {
      const numbers = numbersOf(line.text) ?? [];
      return numbers.length >= 5 && Number.isInteger(numbers[0]);
    });
    return lines.length === 0 || rows.length >= lines.length / 2;
  },
  read: parseYolo,
};
