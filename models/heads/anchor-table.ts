import type { Detection } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { type BoxForm, type BoxUnit, boxOf, type FourNumbers } from "./boxes.ts";
import type { Outputs, OutputTensor } from "../runtimes/network-session.ts";
import type { HeadLimits } from "./head.ts";
import { type Activation, activate, classOfChannel } from "./scores.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";

/** Numbers by anchor and attribute, whichever way round they lie: `data[at + anchor · perAnchor + attribute · perAttribute]`. */
export interface Table {
  readonly data: Float32Array;
  readonly anchors: number;
  readonly attributes: number;
  readonly perAnchor: number;
  readonly perAttribute: number;
}

/** [1, anchors, attributes] (or without the 1), or the other way round. */
export const tableOf = ({ data, shape }: OutputTensor, attributesFirst: boolean): Table => {
  const [rows = 0, columns = 0] = shape.slice(-2);
  return attributesFirst
    ? { data, anchors: columns, attributes: rows, perAnchor: 1, perAttribute: columns }
    : { data, anchors: rows, attributes: columns, perAnchor: columns, perAttribute: 1 };
};

/** Where an anchor's boxes and scores stand. */
export interface AnchorTable {
  readonly boxes: Table;
  readonly scores: Table;
  /** The attribute of the first score. */
  readonly firstScore: number;
  /** Score channels, a background among them. */
  readonly channels: number;
  /** The attribute by which scores are multiplied; `null`: none. */
  readonly objectness: number | null;
}

/** How the rows of a table of boxes and class scores are read. */
export interface AnchorRules {
  readonly boxes: BoxForm;
  readonly coordinates: BoxUnit;
  readonly activation: Activation;
  readonly background?: number | undefined;
}

/** Scores may leave 0…1 by this much in sixteen-bit floats and in integers. */
export const scoreSlack = 0.02;

/** Throws `SwathError("model")` for scores that are none. */
export const checkScores = (
  least: number,
  largest: number,
  what: string,
  hint = 'logits want head.activation "sigmoid" or "softmax" (--activation)',
): void => {
  if (least >= -scoreSlack && largest <= 1 + scoreSlack) return;
  throw new SwathError("model", {
    what: `scores of ${what}`,
    wanted: "0…1",
    got: `${least.toPrecision(3)}…${largest.toPrecision(3)}`,
    hint,
  });
};

/** The four numbers of each anchor's box. */
export const boxesOf = ({ data, anchors, perAnchor, perAttribute }: Table): readonly FourNumbers[] =>
  Array.from({ length: anchors }, (_, a): FourNumbers => {
    const at = a * perAnchor;
    const value = (k: number): number => data[at + k * perAttribute] as number;
    return [value(0), value(1), value(2), value(3)];
  });

/** Best class and score of each anchor. Throws `SwathError("model")` when scores are none. */
const bestOf = (
  table: AnchorTable,
  { activation, background }: AnchorRules,
  what: string,
  isStrict: boolean,
) => {
  const { data, anchors, perAnchor, perAttribute } = table.scores;
  const best = new Float32Array(anchors);
  const classIds = new Int32Array(anchors).fill(-1);
  let [least, largest] = [0, 0];
  if (activation === "softmax") {
    const scores = new Float32Array(table.channels);
    for (let a = 0; a < anchors; a += 1) {
      activate(activation, data, a * perAnchor + table.firstScore * perAttribute, perAttribute, scores);
      scores.forEach((score, channel) => {
        const classId = classOfChannel(channel, background);
        if (classId < 0 || score <= (best[a] as number)) return;
        best[a] = score;
        classIds[a] = classId;
      });
    }
    return { best, classIds };
  }
  // Class by class: where attributes come first this order walks memory forwards.
  for (let channel = 0; channel < table.channels; channel += 1) {
    const classId = classOfChannel(channel, background);
    let at = (table.firstScore + channel) * perAttribute;
    for (let a = 0; a < anchors; a += 1, at += perAnchor) {
      const raw = data[at] as number;
      const score = activation === "sigmoid" ? 1 / (1 + Math.exp(-raw)) : raw;
      if (score < least) least = score;
      else if (score > largest) largest = score;
      if (classId < 0 || score <= (best[a] as number)) continue;
      best[a] = score;
      classIds[a] = classId;
    }
  }
  if (isStrict) checkScores(least, largest, what);
  return { best, classIds };
};

/** What passes the threshold, boxes in pixels of the input, in the order of the anchors. */
export const candidatesOf = (
  table: AnchorTable,
  rules: AnchorRules,
  { scoreThreshold, inputPx, isStrict = false }: HeadLimits,
  what: string,
): Detection[] => {
  const { best, classIds } = bestOf(table, rules, what, isStrict);
  const { data, perAnchor, perAttribute } = table.boxes;
  const candidates: Detection[] = [];
  for (let a = 0; a < best.length; a += 1) {
    const classId = classIds[a] as number;
    const certainty =
      table.objectness === null
        ? 1
        : (table.scores.data[
            a * table.scores.perAnchor + table.objectness * table.scores.perAttribute
          ] as number);
    const score = Math.min(1, Math.fround((best[a] as number) * certainty));
    if (score < scoreThreshold || score <= 0 || classId < 0) continue;
    const at = a * perAnchor;
    const value = (k: number): number => data[at + k * perAttribute] as number;
    const four: FourNumbers = [value(0), value(1), value(2), value(3)];
    candidates.push({ classId, score, boxPx: boxOf(four, rules.boxes, rules.coordinates, inputPx) });
  }
  return candidates;
};

/** Boxes [1, anchors, 4] and scores [1, anchors, channels], either way round. Throws `SwathError("model")` for other shapes. */
export const pairOf = (
  outputs: Outputs,
  names: { readonly boxes: string; readonly scores: string },
  channels: number,
  what: string,
): AnchorTable => {
  const [boxes, scores] = [outputNamed(outputs, names.boxes), outputNamed(outputs, names.scores)];
  checkFinite(boxes.data, `"${names.boxes}"`);
  checkFinite(scores.data, `"${names.scores}"`);
  const boxTable = tableOf(boxes, boxes.shape.at(-1) !== 4);
  const scoreTable = tableOf(scores, scores.shape.at(-1) !== channels);
  const isOne = [boxes, scores].every(
    ({ shape }) => shape.length === 2 || (shape.length === 3 && shape[0] === 1),
  );
  if (!isOne || boxTable.attributes !== 4)
    throw shapeError(`the boxes of ${what}`, "[1, anchors, 4]", boxes.shape);
  if (scoreTable.attributes !== channels || scoreTable.anchors !== boxTable.anchors) {
    throw shapeError(`the scores of ${what}`, `[1, ${boxTable.anchors}, ${channels}]`, scores.shape);
  }
  return { boxes: boxTable, scores: scoreTable, firstScore: 0, channels, objectness: null };
};
