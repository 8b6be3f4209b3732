import type { OutputTensor } from "../runtimes/network-session.ts";
import { answersACell, type Evidence } from "./evidence.ts";
import { notCertain, type Recognised } from "./recognised.ts";

type Named = readonly [name: string, tensor: OutputTensor];

const isWhole = ({ data }: OutputTensor): boolean => data.every((n) => Number.isInteger(n));
const isFlat = ({ shape }: OutputTensor): boolean => shape.slice(0, -1).every((side) => side === 1);
const rowsOf = ({ shape }: OutputTensor): number => shape.at(-2) ?? 0;
const phrase = (named: readonly Named[]): string =>
  named.map(([name, { shape }]) => `"${name}" [${shape.join(", ")}]`).join(", ");

const isBoxes = ({ shape }: OutputTensor, wide: number): boolean =>
  shape.at(-1) === wide && (shape.length === 2 || (shape.length === 3 && shape[0] === 1));

/**
 * Boxes, scores and perhaps classes as outputs of their own, in any order; `null` where no output is boxes beside scores. Throws
 * `SwathError("model")` where they are and which is which is not certain.
 */
export const recogniseRowsApart = (evidence: Evidence): Recognised | null => {
  const all: readonly Named[] = [...evidence.outputs];
  if (all.length < 2) return null;
  const named = (test: RegExp) => (list: readonly Named[]) =>
    list.length === 1 ? list[0] : list.filter(([name]) => test.test(name)).at(0);
  const boxes = named(/box/i)(all.filter(([, tensor]) => isBoxes(tensor, 4)));
  if (boxes === undefined) return withScores(evidence, all);
  if (boxes[0].startsWith("detection_boxes")) {
    throw notCertain(
      evidence,
      "boxes as x, y",
      "TensorFlow's detection_boxes are y, x: export boxes as x0, y0, x1, y1",
    );
  }
  const rows = rowsOf(boxes[1]);
  const others = all.filter((one) => one !== boxes);
  const flat = others.filter(([, tensor]) => isFlat(tensor) && tensor.data.length === rows && rows > 1);
  const count = others.filter(
    ([name, { data }]) => data.length === 1 && (rows > 1 || /num|count|valid/i.test(name)),
  );
  if (flat.length === 2 && flat.length + count.length === others.length && count.length <= 1) {
    return triple(evidence, boxes, flat, count[0] ?? null);
  }
  const [scores, ...more] = others;
  if (scores === undefined || more.length > 0) return null;
  const { shape } = scores[1];
  const channels = shape.at(-2) === rows ? shape.at(-1) : shape.at(-1) === rows ? shape.at(-2) : undefined;
  if (shape.length !== 3 || shape[0] !== 1 || channels === undefined) return null;
  return pair(evidence, boxes, scores, rows, channels);
};

const pair = (
  { inputPx }: Evidence,
  boxes: Named,
  scores: Named,
  rows: number,
  channels: number,
): Recognised => {
  const isShares = boxes[1].data.every((n) => n <= 1.5);
  const isCells = answersACell(rows, inputPx) !== null;
  const isQueries = !isCells && (isShares || /logits/i.test(scores[0]));
  return {
    kind: isQueries ? "detr" : "yolo",
    fields: { outputs: { boxes: boxes[0], scores: scores[0] } },
    why: `${phrase([boxes, scores])}: boxes and scores of ${isQueries ? "queries" : "anchors"}`,
    classes: channels,
  };
};

/** Classes are whole numbers; where scores are so too (none, all of them 0), the names have to tell. */
const triple = (
  evidence: Evidence,
  boxes: Named,
  flat: readonly Named[],
  count: Named | null,
): Recognised => {
  const byName = flat.filter(([name]) => /label|class|cls/i.test(name));
  const byValue = flat.filter(([, tensor]) => isWhole(tensor));
  const classes = byValue.length === 1 ? byValue[0] : byName.length === 1 ? byName[0] : undefined;
  const scores = flat.find((one) => one !== classes);
  if (classes === undefined || scores === undefined || !isWhole(classes[1])) {
    throw notCertain(
      evidence,
      "scores, and classes of whole numbers",
      "--outputs boxes=…,scores=…,classes=… says which",
    );
  }
  const outputs = {
    boxes: boxes[0],
    scores: scores[0],
    classes: classes[0],
    ...(count === null ? {} : { count: count[0] }),
  };
  const why = `${phrase([boxes, scores, classes])}: boxes, scores and classes after suppression`;
  return { kind: "suppressed", fields: { outputs }, why, classes: null };
};

/** Boxes with their score as a fifth number, and classes (MMDetection's `dets` and `labels`). */
const withScores = (evidence: Evidence, all: readonly Named[]): Recognised | null => {
  const [boxes, classes] = [
    all.filter(([, tensor]) => isBoxes(tensor, 5)),
    all.filter(([, tensor]) => isFlat(tensor) && isWhole(tensor)),
  ];
  const [only, label] = [boxes[0], classes[0]];
  if (
    all.length !== 2 ||
    boxes.length !== 1 ||
    classes.length !== 1 ||
    only === undefined ||
    label === undefined
  ) {
    return null;
  }
  if (rowsOf(only[1]) !== label[1].data.length) throw notCertain(evidence, "as many classes as boxes");
  return {
    kind: "suppressed",
    fields: { outputs: { boxes: only[0], classes: label[0] } },
    why: `${phrase([only, label])}: boxes with scores, and classes, after suppression`,
    classes: null,
  };
};
