import type { OutputTensor } from "../runtimes/network-session.ts";
import { scoreSlack, type Table, tableOf } from "./anchor-table.ts";
import { answersACell, contractOf, type Evidence } from "./evidence.ts";
import { notCertain, type Recognised } from "./recognised.ts";

interface Reading extends Recognised {
  /** Anchors or rows. */
  readonly table: Table;
}

const valueOf = ({ data, perAnchor, perAttribute }: Table, anchor: number, attribute: number): number =>
  data[anchor * perAnchor + attribute * perAttribute] as number;

/** Anchors whose first five numbers are not all 0. */
const liveOf = (table: Table): readonly number[] =>
  Array.from({ length: table.anchors }, (_, a) => a).filter((a) =>
    [0, 1, 2, 3, 4].some((k) => valueOf(table, a, k) !== 0),
  );

/**
 * One table of boxes with their scores. Which of the ways to write one it is, the metadata say first, then the number of classes
 * against the number of columns, then whether there is an answer for each cell of the usual grids, then the values: classes are whole
 * numbers, shares of the input are below 1. What is left of more than one reading is refused.
 */
export const recogniseTable = (evidence: Evidence, name: string, masks: OutputTensor | null): Recognised => {
  const tensor = evidence.outputs.get(name) as OutputTensor;
  const { task, isSuppressed, isDetr, keypointValues } = contractOf(evidence.metadata);
  const extra = task === "segment" ? (masks?.shape[1] ?? 0) : task === "pose" ? keypointValues : 0;
  const label = `output "${name}" [${tensor.shape.join(", ")}]`;
  const rows = rowReadings(evidence, tensor, name, label, task === "obb" ? 1 : extra);
  if (tensor.shape.length === 2 || isSuppressed) return onlyOne(evidence, rows);
  const { inputPx } = evidence;
  const raw = rawReadings(evidence, tensor, name, label, extra);
  const [row] = rows;
  if (row === undefined) return onlyOne(evidence, raw);
  if (raw.length === 0 || isDetr) return row;
  // Both fit. As many anchors as cells speak for a table before suppression, unless that would show nothing at all.
  const isCells = raw.some(({ table }) => answersACell(table.anchors, inputPx) !== null);
  const showsNothing = raw.every(({ table, fields }) => {
    const first = fields["layout"] === "v5" ? 5 : 4;
    return liveOf(table).every((a) => valueOf(table, a, first) === 0);
  });
  if (!isCells || (showsNothing && liveOf(row.table).length > 0)) return row;
  throw notCertain(
    evidence,
    "rows after suppression or anchors before it: both fit",
    "--head suppressed or --head yolo says which",
  );
};

const onlyOne = (evidence: Evidence, readings: readonly Reading[]): Recognised => {
  const [reading, ...others] = readings;
  if (reading !== undefined && others.length === 0) return reading;
  const { classCount } = evidence;
  const wanted =
    classCount === null
      ? "a table of a head that Swath has"
      : `a table for ${classCount} class${classCount === 1 ? "" : "es"}`;
  throw notCertain(
    evidence,
    others.length === 0 ? wanted : `${wanted}, one of: ${readings.map(({ kind }) => kind).join(", ")}`,
  );
};

/** Whether every live row has a score of 0…1 and a whole class that there is. */
const rowsHold = (table: Table, { classCount }: Evidence, [score, label] = [4, 5]): boolean =>
  liveOf(table).every((a) => {
    const [s, c] = [valueOf(table, a, score), valueOf(table, a, label)];
    return (
      s >= -scoreSlack && s <= 1 + scoreSlack && Number.isInteger(c) && c >= 0 && c < (classCount ?? Infinity)
    );
  });

const rowReadings = (
  evidence: Evidence,
  tensor: OutputTensor,
  name: string,
  label: string,
  extra: number,
): readonly Reading[] => {
  const table = tableOf(tensor, false);
  const { task } = contractOf(evidence.metadata);
  const of = (columns: readonly string[], score: number, text: string): readonly Reading[] =>
    rowsHold(table, evidence, score > 0 ? [score, score === 6 ? 5 : score + 1] : [4, 5])
      ? [
          {
            kind: "suppressed",
            fields: { output: name, columns },
            why: `${label}: rows after suppression: ${text}`,
            classes: null,
            table,
          },
        ]
      : [];
  if (tensor.shape.length === 2) {
    if (table.attributes === 6) return of(["box", "score", "class"], 4, "box, score, class");
    if (table.attributes !== 7) return [];
    return [
      ...of(["image", "box", "score", "class"], 5, "image, box, score, class"),
      ...of(["image", "box", "class", "score"], 6, "image, box, class, score"),
    ];
  }
  if (table.attributes !== 6 + extra) return [];
  if (task === "obb") return of(["box", "score", "class", "angle"], 4, "centre, sides, score, class, angle");
  return of(["box", "score", "class"], 4, `box, score, class${extra > 0 ? `, ${extra} values more` : ""}`);
};

const rawReadings = (
  evidence: Evidence,
  tensor: OutputTensor,
  name: string,
  label: string,
  extra: number,
): readonly Reading[] => {
  const { classCount, metadata, inputPx } = evidence;
  const { task } = contractOf(metadata);
  const [, rows = 0, columns = 0] = tensor.shape;
  const ways = classCount === null ? [rows < columns] : rows === columns ? [true] : [true, false];
  return ways.flatMap((attributesFirst): readonly Reading[] => {
    const table = tableOf(tensor, attributesFirst);
    const { attributes, anchors } = table;
    const perCell = answersACell(anchors, inputPx);
    const turn = task === "obb" ? 1 : 0;
    const fits = (fixed: number): boolean =>
      classCount === null ? attributes > fixed + extra : attributes === fixed + classCount + extra;
    const classes = (fixed: number): number => attributes - fixed - extra;
    const common = { output: name, ...(extra > 0 ? { extraValues: extra } : {}) };
    if (turn === 1) {
      const why = `${label}: v8 or v11, oriented: 5 + ${attributes - 5} values`;
      return fits(5) && attributesFirst
        ? [{ kind: "yolo-obb", fields: { output: name }, why, classes: attributes - 5, table }]
        : [];
    }
    // Without a number of classes, one of the two: an answer thrice a cell is v5's, and v8 has attributes first.
    const isV5 = fits(5) && (classCount !== null || (!attributesFirst && perCell !== null));
    const isV8 = fits(4) && (classCount !== null || !isV5);
    return [
      ...(isV8 ? [withoutObjectness(evidence, table, common, label, classes(4))] : []),
      ...(isV5 ? withObjectness(evidence, table, common, label, classes(5)) : []),
    ];
  });
};

/** Boxes of the live anchors: the least and the largest of their numbers. */
const rangeOf = (table: Table): { readonly least: number; readonly largest: number } => {
  let [least, largest] = [0, 0];
  for (let a = 0; a < table.anchors; a += 1) {
    for (let k = 0; k < 4; k += 1) {
      least = Math.min(least, valueOf(table, a, k));
      largest = Math.max(largest, valueOf(table, a, k));
    }
  }
  return { least, largest };
};

const withoutObjectness = (
  { inputPx, metadata }: Evidence,
  table: Table,
  common: Readonly<Record<string, unknown>>,
  label: string,
  classes: number,
): Reading => {
  const { anchors, perAnchor } = table;
  const isQueries =
    contractOf(metadata).isDetr || (answersACell(anchors, inputPx) === null && rangeOf(table).largest <= 1.5);
  if (isQueries) {
    const why = `${label}: queries, 4 + ${classes} values each, boxes as shares of the input`;
    return { kind: "detr", fields: { output: common["output"] }, why, classes, table };
  }
  const way = perAnchor === 1 ? "v8 or v11" : "v8 transposed";
  const why = `${label}: ${way}, 4 + ${classes} values an anchor`;
  return { kind: "yolo", fields: { ...common, layout: "v8" }, why, classes, table };
};

/** In pixels boxes reach across the input; YOLOX's before decoding are a few cells and logarithms. */
const withObjectness = (
  evidence: Evidence,
  table: Table,
  common: Readonly<Record<string, unknown>>,
  label: string,
  classes: number,
): readonly Reading[] => {
  const { inputPx } = evidence;
  const { least, largest } = rangeOf(table);
  const yolo: Reading = {
    kind: "yolo",
    fields: { ...common, layout: "v5" },
    why: `${label}: v5, 5 + ${classes} values an anchor`,
    classes,
    table,
  };
  const cells = [8, 16, 32].reduce(
    (sum, s) => sum + Math.ceil(inputPx.width / s) * Math.ceil(inputPx.height / s),
    0,
  );
  if (table.anchors !== cells || table.perAnchor === 1) return [yolo];
  if (largest > Math.min(32, inputPx.width / 4)) return [yolo];
  const why = `${label}: ${cells} is a cell each of the grids of stride 8, 16 and 32; 5 + ${classes} values a cell`;
  const yolox: Reading = { kind: "yolox", fields: { output: common["output"] }, why, classes, table };
  return least < 0 ? [yolox] : [yolo, yolox];
};
