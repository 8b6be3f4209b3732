import type { Detection } from "../../pipeline/detection/detection.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { checkScores, scoreSlack } from "./anchor-table.ts";
import { boxOf, type FourNumbers, tellBoxes } from "./boxes.ts";
import { contractOf, type Evidence } from "./evidence.ts";
import type { Outputs, OutputTensor } from "../runtimes/network-session.ts";
import type { Head, HeadLimits } from "./head.ts";
import { boxAround, cornersOf } from "./rotated-box.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";
import { z } from "zod";
import { output, boxes, coordinates } from "./card-fields.ts";

/** What stands in a row, in order: `box` is four numbers, the others are one. */
const rowColumn = z.enum(["image", "box", "score", "class", "angle"]);

const suppressedCard = z.object({
  kind: z.literal("suppressed"),
  output,
  /** Boxes, scores and classes apart; without `scores` the score is the fifth number of a box. */
  outputs: z
    .object({
      boxes: z.string(),
      scores: z.string().optional(),
      classes: z.string(),
      count: z.string().optional(),
    })
    .optional(),
  columns: z
    .array(rowColumn)
    .refine((columns) => ["box", "score", "class"].every((name) => columns.includes(name as "box")), {
      error: "wanted box, score and class among them",
    })
    .default(["box", "score", "class"]),
  boxes,
  coordinates,
  /** The number of the first class; told by a trial tile, else 0, when not given. */
  firstClass: z.union([z.literal(0), z.literal(1)]).optional(),
});

/** The fields of a card with such a head. */
export type SuppressedHead = z.output<typeof suppressedCard>;
type Column = SuppressedHead["columns"][number];

/** One object as the network wrote it. */
interface Row {
  readonly box: FourNumbers;
  readonly score: number;
  readonly label: number;
  /** Radians; `null` for boxes that are not turned. */
  readonly angle: number | null;
}

/**
 * Objects of a network that suppresses, or chooses the best, by itself: rows [1, n, columns] of four numbers of a box, score and class
 * (Ultralytics with `nms` or `end2end`, YOLOv10; with masks, keypoints or an angle behind), rows [n, columns] with the image's number
 * before (YOLOv7, YOLO-NAS), or boxes, scores and classes as outputs of their own. Rows of score 0 are padding.
 */
export const suppressedHead = (head: SuppressedHead): Head => ({
  outputs: namesOf(head),
  decode: (outputs, limits) =>
    rowsOf(head, outputs)
      .flatMap((row) => detectionOf(row, head, limits))
      .sort(compareDetections)
      .slice(0, limits.maxDetections),
});

const namesOf = ({ output, outputs }: SuppressedHead): readonly string[] =>
  outputs === undefined ? [output ?? ""] : Object.values(outputs).filter((name) => name !== undefined);

const detectionOf = (row: Row, head: SuppressedHead, limits: HeadLimits): readonly Detection[] => {
  const { scoreThreshold, classCount, inputPx } = limits;
  const { score, label, angle } = row;
  if (limits.isStrict) checkScores(Math.min(0, score), score, "the suppressed head");
  if (score < scoreThreshold || score <= 0) return [];
  const classId = label - (head.firstClass ?? 0);
  if (!Number.isInteger(classId) || classId < 0 || classId >= classCount) {
    throw new SwathError("model", {
      what: "class of a row of the suppressed head",
      wanted: `a whole number below ${classCount}`,
      got: `${label}`,
      hint: "the card's classes, head.firstClass and head.columns have to be the network's",
    });
  }
  const form = head.boxes === "auto" ? "xyxy" : head.boxes;
  const unit = head.coordinates === "auto" ? "pixels" : head.coordinates;
  const score1 = Math.min(1, score);
  if (angle === null) return [{ classId, score: score1, boxPx: boxOf(row.box, form, unit, inputPx) }];
  const { x0, y0, x1, y1 } = boxOf(row.box, "cxcywh", unit, inputPx);
  const rotated = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, width: x1 - x0, height: y1 - y0, angle };
  return [{ classId, score: score1, boxPx: boxAround(rotated), outlinePx: cornersOf(rotated) }];
};

const rowsOf = (head: SuppressedHead, outputs: Outputs): readonly Row[] =>
  head.outputs === undefined ? tableRows(head, outputs) : separateRows(head.outputs, outputs);

const tableRows = ({ output, columns }: SuppressedHead, outputs: Outputs): readonly Row[] => {
  const { data, shape } = outputNamed(outputs, output ?? "");
  const wide = shape.at(-1) ?? 0;
  const isTable = shape.length === 2 || (shape.length === 3 && shape[0] === 1);
  if (!isTable || wide < columns.length) {
    throw shapeError("rows after suppression", `[1, rows, ${columns.length} or more]`, shape);
  }
  checkFinite(data, output === undefined ? "of the suppressed head" : `"${output}"`);
  const at = (name: Column): number => columns.indexOf(name);
  const [first, score, label, image] = [at("box"), at("score"), at("class"), at("image")];
  // The names stand for one number each but for the box, which is four.
  const place = (index: number): number => (index > first ? index + 3 : index);
  const turned = columns.includes("angle");
  return Array.from({ length: data.length / Math.max(1, wide) }, (_, i) =>
    data.subarray(i * wide, (i + 1) * wide),
  )
    .filter((row) => image < 0 || row[place(image)] === 0)
    .map((row) => ({
      box: [row[first], row[first + 1], row[first + 2], row[first + 3]] as unknown as FourNumbers,
      score: row[place(score)] as number,
      label: row[place(label)] as number,
      // Ultralytics puts what belongs to the task last.
      angle: turned ? (row[wide - 1] as number) : null,
    }));
};

const separateRows = (names: NonNullable<SuppressedHead["outputs"]>, outputs: Outputs): readonly Row[] => {
  const boxes = outputNamed(outputs, names.boxes);
  const labels = outputNamed(outputs, names.classes);
  const scores = names.scores === undefined ? null : outputNamed(outputs, names.scores);
  const wide = scores === null ? 5 : 4;
  const rows = boxes.data.length / wide;
  const isOne = ({ shape }: OutputTensor, inner: number): boolean =>
    shape.slice(0, shape.length - inner - 1).every((side) => side === 1);
  if (boxes.shape.at(-1) !== wide || !isOne(boxes, 1)) {
    throw shapeError("boxes after suppression", `[1, rows, ${wide}]`, boxes.shape);
  }
  for (const tensor of [labels, ...(scores === null ? [] : [scores])]) {
    if (tensor.data.length !== rows)
      throw shapeError("scores and classes after suppression", `[1, ${rows}]`, tensor.shape);
  }
  for (const { data } of [boxes, labels, ...(scores === null ? [] : [scores])]) {
    checkFinite(data, "of the suppressed head");
  }
  const count = names.count === undefined ? rows : (outputNamed(outputs, names.count).data[0] ?? 0);
  return Array.from({ length: Math.min(rows, count) }, (_, i) => ({
    box: boxes.data.subarray(i * wide, i * wide + 4) as unknown as FourNumbers,
    score: (scores === null ? boxes.data[i * wide + 4] : scores.data[i]) as number,
    label: labels.data[i] as number,
    angle: null,
  }));
};

/** Live rows that do not have a score of 0…1 and a whole class below `classCount` (or one more). */
const oddRow = (rows: readonly Row[], classCount: number): Row | undefined =>
  rows.find(
    ({ score, label }) =>
      score < -scoreSlack ||
      score > 1 + scoreSlack ||
      !Number.isInteger(label) ||
      label < 0 ||
      label > classCount,
  );

/** As for YOLO. Throws `SwathError("model")` where rows are no rows of objects, or do not tell whether classes count from 0 or 1. */
export const settleSuppressed = (head: SuppressedHead, evidence: Evidence): SuppressedHead => {
  const { inputPx, metadata, where, isStated } = evidence;
  const classCount = evidence.classCount ?? Number.MAX_SAFE_INTEGER;
  const { isDetr, isUltralytics } = contractOf(metadata);
  const rows = rowsOf(head, evidence.outputs);
  const live = rows.filter(({ score }) => score !== 0);
  const odd = oddRow(live, classCount);
  if (odd !== undefined) {
    throw new SwathError("model", {
      what: `rows of ${where}`,
      wanted: `a score of 0…1 and a class of 0…${classCount}`,
      got: `score ${odd.score}, class ${odd.label}`,
      hint: "head.columns on the card (--columns) says what stands where: box,score,class",
    });
  }
  const labels = live.map(({ label }) => label);
  const told = labels.includes(0) ? 0 : labels.includes(classCount) ? 1 : null;
  const firstClass = head.firstClass ?? told ?? (head.outputs === undefined || isStated ? 0 : null);
  if (firstClass === null) {
    throw new SwathError("model", {
      what: `classes of ${where}`,
      wanted: "whether they count from 0 or from 1",
      got: labels.length === 0 ? "no object in the trial tile" : `only ${[...new Set(labels)].join(", ")}`,
      hint: "head.firstClass on the card, or --first-class, says which",
    });
  }
  if (told !== null && firstClass !== told) {
    const got = `class ${told === 0 ? 0 : classCount}`;
    throw new SwathError("model", {
      what: `head.firstClass of ${where}`,
      wanted: `${told}`,
      got: `${firstClass}, but ${got}`,
    });
  }
  const turned = head.columns.includes("angle");
  const rules = {
    form: turned ? "cxcywh" : head.boxes,
    unit: head.coordinates === "auto" && isDetr ? "normalised" : head.coordinates,
    // Pixels after suppression are corners in every export we know of; shares may be either.
    otherwise: isDetr ? "cxcywh" : "xyxy",
  } as const;
  const boxes = live.map(({ box }) => box);
  const { form, unit } = tellBoxes(boxes, rules, inputPx, where);
  if (rules.form === "auto" && unit === "normalised" && !isDetr && !isUltralytics && !isStated) {
    tellBoxes(boxes, { ...rules, unit, otherwise: null }, inputPx, where);
  }
  return { ...head, firstClass, boxes: form, coordinates: unit };
};

/** The registry's entry for heads whose network has suppressed overlapping boxes already. */
export const suppressed = { card: suppressedCard, open: suppressedHead, settle: settleSuppressed } as const;
