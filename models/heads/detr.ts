import { compareDetections } from "../../pipeline/detection/merge.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { type AnchorTable, boxesOf, candidatesOf, pairOf, scoreSlack, tableOf } from "./anchor-table.ts";
import { tellBoxes } from "./boxes.ts";
import type { Evidence } from "./evidence.ts";
import type { Outputs } from "../runtimes/network-session.ts";
import type { Head } from "./head.ts";
import { activate } from "./scores.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";
import { z } from "zod";
import { output, background, boxes, coordinates, boxesAndScores } from "./card-fields.ts";

const detrCard = z.object({
  kind: z.literal("detr"),
  output,
  outputs: boxesAndScores,
  boxes,
  coordinates,
  /** `auto`: none for values of 0…1; logits go through a softmax where there is a background, else through a sigmoid. */
  activation: z.enum(["auto", "none", "sigmoid", "softmax"]).default("auto"),
  background,
});

/** The fields of a card with a DETR head. */
export type DetrHead = z.output<typeof detrCard>;

/**
 * Detectors that answer for a fixed set of queries, each object once (Carion et al., End-to-End Object Detection with Transformers,
 * arXiv:2005.12872; RT-DETR, arXiv:2304.08069): one table [1, queries, 4 + channels], or boxes [1, queries, 4] and scores
 * [1, queries, channels]. Boxes are usually centre and sides as shares of the input. No suppression.
 */
export const detrHead = (head: DetrHead): Head => ({
  outputs: head.outputs === undefined ? [head.output ?? ""] : [head.outputs.boxes, head.outputs.scores],
  decode(outputs, limits) {
    const table = queriesOf(head, outputs, limits.classCount);
    const rules = {
      boxes: head.boxes === "auto" ? "cxcywh" : head.boxes,
      coordinates: head.coordinates === "auto" ? "normalised" : head.coordinates,
      activation: head.activation === "auto" ? "none" : head.activation,
      background: head.background,
    } as const;
    return candidatesOf(table, rules, limits, "the DETR head")
      .sort(compareDetections)
      .slice(0, limits.maxDetections);
  },
});

/** As for YOLO; a channel more than classes is the background where the trial says so in most queries. */
export const settleDetr = (head: DetrHead, evidence: Evidence): DetrHead => {
  const { inputPx, where } = evidence;
  const classCount = evidence.classCount ?? 0;
  const background = head.background ?? backgroundOf(head, evidence);
  const known: DetrHead = background === undefined ? head : { ...head, background };
  const table = queriesOf(known, evidence.outputs, classCount);
  const activation = head.activation === "auto" ? activationOf(table, background, where) : head.activation;
  const rules = { form: head.boxes, unit: head.coordinates, otherwise: "cxcywh" } as const;
  const { form, unit } = tellBoxes(boxesOf(table.boxes), rules, inputPx, where);
  return { ...known, activation, boxes: form, coordinates: unit };
};

const queriesOf = (head: DetrHead, outputs: Outputs, classCount: number): AnchorTable => {
  const channels = classCount + (head.background === undefined ? 0 : 1);
  if (head.outputs !== undefined) return pairOf(outputs, head.outputs, channels, "the DETR head");
  const tensor = outputNamed(outputs, head.output ?? "");
  const { shape } = tensor;
  const wanted = 4 + channels;
  if (shape.length !== 3 || shape[0] !== 1 || !(shape[2] === wanted || shape[1] === wanted)) {
    throw shapeError(`the DETR output for ${classCount} classes`, `[1, queries, ${wanted}]`, shape);
  }
  checkFinite(tensor.data, "of the DETR head");
  const table = tableOf(tensor, shape[2] !== wanted);
  return { boxes: table, scores: table, firstScore: 4, channels, objectness: null };
};

/** Each query's scores as they come. */
const scoresOf = ({ scores, firstScore, channels }: AnchorTable): readonly Float32Array[] =>
  Array.from({ length: scores.anchors }, (_, a) =>
    Float32Array.from(
      { length: channels },
      (_value, k) => scores.data[a * scores.perAnchor + (firstScore + k) * scores.perAttribute] as number,
    ),
  );

/** Which channel means nothing, where there is one more than classes: the one that most queries of a trial tile are sure of. */
const backgroundOf = (head: DetrHead, { outputs, classCount, where }: Evidence): number | undefined => {
  const { shape } = outputNamed(outputs, head.outputs?.scores ?? head.output ?? "");
  const channels = (shape.at(-1) ?? 0) - (head.outputs === undefined ? 4 : 0);
  if (classCount === null || channels !== classCount + 1) return undefined;
  const table = queriesOf({ ...head, background: classCount }, outputs, classCount);
  const votes = new Map<number, number>();
  for (const logits of scoresOf(table)) {
    const scores = new Float32Array(channels);
    activate(isScores([logits]) ? "none" : "softmax", logits, 0, 1, scores);
    const sure = scores.findIndex((score) => score > 0.5);
    votes.set(sure, (votes.get(sure) ?? 0) + 1);
  }
  const chosen = [0, classCount].find((channel) => (votes.get(channel) ?? 0) > table.scores.anchors / 2);
  if (chosen !== undefined) return chosen;
  throw new SwathError("model", {
    what: `score channels of ${where}`,
    wanted: `${classCount}, one for each class, or one more that means nothing is there`,
    got: `${channels}, of which the trial tile does not tell which means nothing`,
    hint: "head.background on the card, or --background, says which; or a class has no name",
  });
};

const isScores = (rows: readonly Float32Array[]): boolean =>
  rows.every((row) => row.every((n) => n >= -scoreSlack && n <= 1 + scoreSlack));

/** Logits with a background are meant for a softmax (DETR), those without for a sigmoid (Deformable DETR, RT-DETR). */
const activationOf = (
  table: AnchorTable,
  background: number | undefined,
  where: string,
): "none" | "sigmoid" | "softmax" => {
  const rows = scoresOf(table);
  if (rows.length === 0)
    throw new SwathError("model", { what: `queries of ${where}`, wanted: "some", got: "0" });
  if (isScores(rows)) return "none";
  return background === undefined ? "sigmoid" : "softmax";
};

/** The registry's entry for heads of the DETR family. */
export const detr = { card: detrCard, open: detrHead, settle: settleDetr } as const;
