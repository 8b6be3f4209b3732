import { boxIou } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { KnownObject } from "../../pipeline/mission/model-exam.ts";
import type { FigureValues } from "../../pipeline/orders/promotion-rule.ts";

/*
 * Two models on the same images, counted: how far they agree, and against what the ground knows. A detection and another, or an object, are
 * the same where they are of one class and overlap by half (intersection over union), the best score first; each is taken once.
 */

const overlap = 0.5;

interface Counts {
  readonly hits: number;
  readonly falseAlarms: number;
  readonly missed: number;
}

type Box = Pick<Detection, "classId" | "boxPx">;

/** For each of `found`, best score first, the one of `others` that it is; -1 for none. */
const pairsOf = (found: readonly Box[], others: readonly Box[]): readonly number[] => {
  const free = new Set(others.keys());
  return found.map(({ classId, boxPx }) => {
    let [best, at] = [overlap, -1];
    for (const i of free) {
      const other = others[i] as Box;
      if (other.classId !== classId) continue;
      const iou = boxIou(boxPx, other.boxPx);
      if (iou >= best && (iou > best || at < 0)) [best, at] = [iou, i];
    }
    if (at >= 0) free.delete(at);
    return at;
  });
};

const byScore = (detections: readonly Detection[]): readonly Detection[] =>
  detections.toSorted((a, b) => b.score - a.score);

/** Hits, false alarms and misses among known objects; what is to be ignored counts as neither. */
const countsOf = (detections: readonly Detection[], known: readonly KnownObject[]): Counts => {
  const objects = known.filter(({ ignore }) => !ignore);
  const ignored = known.filter(({ ignore }) => ignore);
  const found = byScore(detections);
  const pairs = pairsOf(found, objects);
  const hits = pairs.filter((at) => at >= 0).length;
  const rest = found.filter((_, i) => (pairs[i] ?? -1) < 0);
  const excused = pairsOf(rest, ignored).filter((at) => at >= 0).length;
  return { hits, falseAlarms: rest.length - excused, missed: objects.length - hits };
};

/** What one model made of one acquisition. */
export interface TriedImage {
  /** In pixels of the scene, tile duplicates merged. */
  readonly detections: readonly Detection[];
  /** Of the computer, at full speed; and what it drew. */
  readonly seconds: number;
  readonly joules: number;
}

interface Side extends Counts {
  readonly detections: number;
  /** Scores of all of them together. */
  readonly scores: number;
  readonly seconds: number;
  readonly joules: number;
}

/** What a trial has counted so far. */
export interface TrialTally {
  readonly images: number;
  /** Of those, the ones that the ground knows the objects of. */
  readonly labelled: number;
  readonly agreed: number;
  readonly old: Side;
  readonly next: Side;
}

const nothing: Side = {
  hits: 0,
  falseAlarms: 0,
  missed: 0,
  detections: 0,
  scores: 0,
  seconds: 0,
  joules: 0,
};

/** Before the first image. */
export const emptyTally: TrialTally = { images: 0, labelled: 0, agreed: 0, old: nothing, next: nothing };

const plus = (side: Side, image: TriedImage, known: readonly KnownObject[] | null): Side => {
  const counts = known === null ? { hits: 0, falseAlarms: 0, missed: 0 } : countsOf(image.detections, known);
  return {
    hits: side.hits + counts.hits,
    falseAlarms: side.falseAlarms + counts.falseAlarms,
    missed: side.missed + counts.missed,
    detections: side.detections + image.detections.length,
    scores: image.detections.reduce((sum, { score }) => sum + score, side.scores),
    seconds: side.seconds + image.seconds,
    joules: side.joules + image.joules,
  };
};

/** Adds an image that both models looked at. `known`: the objects in it; `null`: the ground does not know. */
export const tallied = (
  tally: TrialTally,
  old: TriedImage,
  next: TriedImage,
  known: readonly KnownObject[] | null,
): TrialTally => ({
  images: tally.images + 1,
  labelled: tally.labelled + (known === null ? 0 : 1),
  agreed:
    tally.agreed + pairsOf(byScore(next.detections), byScore(old.detections)).filter((at) => at >= 0).length,
  old: plus(tally.old, old, known),
  next: plus(tally.next, next, known),
});

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const figuresOf = (
  side: Side,
  { images, agreed, old, next }: TrialTally,
  isLabelled: boolean,
): FigureValues => {
  const { hits, falseAlarms, missed } = side;
  const labelled = isLabelled && hits + missed > 0;
  return {
    f1: labelled ? (2 * hits) / (2 * hits + falseAlarms + missed) : null,
    precision: labelled ? ratio(hits, hits + falseAlarms) : null,
    recall: labelled ? ratio(hits, hits + missed) : null,
    // What both found, of what either found.
    agreement: ratio(agreed, old.detections + next.detections - agreed),
    detections: ratio(side.detections, images),
    score: ratio(side.scores, side.detections),
    seconds: ratio(side.seconds, images),
    joules: ratio(side.joules, images),
  };
};

/** The figures of both, for a rule; those that need labels over the images that the ground knows the objects of. */
export const figuresOfTally = (
  tally: TrialTally,
): { readonly old: FigureValues; readonly next: FigureValues } => {
  const isLabelled = tally.labelled > 0;
  return { old: figuresOf(tally.old, tally, isLabelled), next: figuresOf(tally.next, tally, isLabelled) };
};
