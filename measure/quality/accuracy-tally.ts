import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { Verdict } from "./matching.ts";
import { unitOf, type DrawnUnit } from "./resampling.ts";

/** A judged scene, as a tally takes it. */
export interface TalliedScene {
  readonly id: string;
  readonly verdicts: readonly Verdict[];
  /** Boxes of all labels, by which a hit is placed. */
  readonly labelBoxes: readonly BoxPx[];
  /** Boxes of those that count. */
  readonly countedBoxes: readonly BoxPx[];
}

/** Detections best first and labels, each with the number of its unit: all that accuracy follows from when units are weighed anew. */
export interface AccuracyTally {
  readonly units: readonly string[];
  readonly scores: Float64Array;
  readonly hits: Uint8Array;
  /** Unit of each detection. */
  readonly placed: Int32Array;
  /** Labels of each unit. */
  readonly labels: Float64Array;
}

/** What weights make of a tally; `null` where nothing can be told. */
export interface AccuracyFigures {
  /** Over all scores that were handed in. */
  readonly ap50: number | null;
  readonly ap50FromThreshold: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly bestF1: number | null;
  readonly recallAtPrecision90: number | null;
}

/** The figures that an interval is given for. */
export const figureNames = [
  "ap50",
  "ap50FromThreshold",
  "precision",
  "recall",
  "f1",
  "bestF1",
  "recallAtPrecision90",
] as const satisfies readonly (keyof AccuracyFigures)[];

/** Units that hold a label or a detection: of scenes, every scene; `others` name units that do not occur here but are drawn too. */
export const unitsOf = (scenes: readonly TalliedScene[], unit: DrawnUnit): readonly string[] => {
  if (unit === "scene") return [...new Set(scenes.map(({ id }) => id))].toSorted();
  const held = scenes.flatMap(({ id, verdicts, countedBoxes }) => [
    ...countedBoxes.map((box) => unitOf(unit, id, box)),
    ...verdicts.flatMap(({ kind, detection }) =>
      kind === "miss" ? [unitOf(unit, id, detection.boxPx)] : [],
    ),
  ]);
  return [...new Set(held)].toSorted();
};

/** Counts scenes by unit. `units` has to name every unit that occurs. */
export const tallyOf = (
  scenes: readonly TalliedScene[],
  unit: DrawnUnit,
  units: readonly string[],
): AccuracyTally => {
  const at = new Map(units.map((name, i) => [name, i]));
  const labels = new Float64Array(units.length);
  const judged = scenes.flatMap(({ id, verdicts, labelBoxes, countedBoxes }) => {
    for (const box of countedBoxes) {
      const i = at.get(unitOf(unit, id, box)) as number;
      labels[i] = (labels[i] as number) + 1;
    }
    return verdicts.flatMap((verdict) => {
      if (verdict.kind === "ignored") return [];
      const box = verdict.kind === "hit" ? (labelBoxes[verdict.label] as BoxPx) : verdict.detection.boxPx;
      const place = at.get(unitOf(unit, id, box)) as number;
      return [{ score: verdict.detection.score, hit: verdict.kind === "hit", place }];
    });
  });
  judged.sort((a, b) => b.score - a.score);
  return {
    units,
    scores: Float64Array.from(judged, ({ score }) => score),
    hits: Uint8Array.from(judged, ({ hit }) => Number(hit)),
    placed: Int32Array.from(judged, ({ place }) => place),
    labels,
  };
};

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const harmonicMean = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

/**
 * Accuracy with each unit counted `weights[unit]` times. Detections of one score stand or fall together, and the area under the curve
 * is that of Pascal VOC from 2010 on ("all points"), as in `precisionRecall`.
 */
export const weighed = (
  { scores, hits, placed, labels }: AccuracyTally,
  weights: Float64Array,
  threshold: number,
): AccuracyFigures => {
  let wanted = 0;
  for (let i = 0; i < labels.length; i += 1) wanted += (labels[i] as number) * (weights[i] as number);
  // One point where the score changes; from the last one back, the envelope of precision makes the area.
  const [precisions, recalls]: [number[], number[]] = [[], []];
  let [found, judged, above, bestF1, sure] = [0, 0, 0, 0, 0];
  let [foundAbove, judgedAbove] = [0, 0];
  for (let i = 0; i < scores.length; i += 1) {
    const weight = weights[placed[i] as number] as number;
    judged += weight;
    found += weight * (hits[i] as number);
    if (scores[i + 1] === scores[i] || judged === 0) continue;
    const [precision, recall] = [found / judged, wanted === 0 ? 0 : found / wanted];
    precisions.push(precision);
    recalls.push(recall);
    bestF1 = Math.max(bestF1, harmonicMean(precision, recall));
    if (precision >= 0.9) sure = Math.max(sure, recall);
    if ((scores[i] as number) >= threshold) {
      [above, foundAbove, judgedAbove] = [precisions.length, found, judged];
    }
  }
  const areaOf = (points: number): number | null => {
    if (wanted === 0) return null;
    let [area, envelope] = [0, 0];
    for (let i = points - 1; i >= 0; i -= 1) {
      envelope = Math.max(envelope, precisions[i] as number);
      area += ((recalls[i] as number) - (recalls[i - 1] ?? 0)) * envelope;
    }
    return area;
  };
  const precision = ratio(foundAbove, judgedAbove);
  const recall = ratio(foundAbove, wanted);
  return {
    ap50: areaOf(precisions.length),
    ap50FromThreshold: areaOf(above),
    precision,
    recall,
    f1: precision === null || recall === null ? null : harmonicMean(precision, recall),
    bestF1: wanted === 0 || bestF1 === 0 ? null : bestF1,
    recallAtPrecision90: wanted === 0 ? null : sure,
  };
};
