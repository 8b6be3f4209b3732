import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { byScore, judge, type JudgedScene, type Verdict } from "./matching.ts";
import type { QualitySummary } from "../summary/run-summary.ts";

/** Detections at or above `score`, against the labels. */
export interface CurvePoint {
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
}

/** How detections match labels at one threshold, as counts. */
export interface QualityCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly ignored: number;
}

/** Precision and recall over all scores, and the area under the curve (AP). */
export interface PrecisionRecall {
  /** Labels that count. */
  readonly labels: number;
  /** One point for each score that occurs, best first. */
  readonly points: readonly CurvePoint[];
  /** Area under the curve, all points interpolated; `null` without labels. */
  readonly ap50: number | null;
  /** `null` when nothing was hit. */
  readonly bestF1: QualitySummary["bestF1"];
  /** `null` without labels; 0 when no threshold reaches a precision of 0.9. */
  readonly recallAtPrecision90: number | null;
  /** What a threshold yields. */
  readonly at: (threshold: number) => QualityCounts;
}

/** Long sides that split small from large, in pixels: where a pixel is 10 m on the ground, 100 m and 200 m. */
export const sizeEdgesPx: readonly number[] = [10, 20];

const harmonicMean = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));
const longSide = (box: BoxPx): number => Math.max(box.x1 - box.x0, box.y1 - box.y0);

/**
 * Points where the score changes. Detections of one score stand or fall together: no threshold separates them, and a curve
 * that steps through them in the order of arrival would depend on that order.
 */
const curveOf = (verdicts: readonly Verdict[], labels: number): readonly CurvePoint[] => {
  const points: CurvePoint[] = [];
  let hits = 0;
  let judged = 0;
  const counted = verdicts.filter(({ kind }) => kind !== "ignored");
  counted.forEach(({ kind, detection }, index) => {
    judged++;
    if (kind === "hit") hits++;
    if (counted[index + 1]?.detection.score === detection.score) return;
    points.push({
      score: detection.score,
      precision: hits / judged,
      recall: labels === 0 ? 0 : hits / labels,
    });
  });
  return points;
};

/** Σ (rᵢ − rᵢ₋₁) · max over j ≥ i of pⱼ: Pascal VOC from 2010 on, "all points". */
const areaUnder = (points: readonly CurvePoint[]): number => {
  let area = 0;
  let envelope = 0;
  for (let i = points.length - 1; i >= 0; i--) {
    envelope = Math.max(envelope, points[i]!.precision);
    area += (points[i]!.recall - (points[i - 1]?.recall ?? 0)) * envelope;
  }
  return area;
};

const bestF1Of = (points: readonly CurvePoint[]): PrecisionRecall["bestF1"] => {
  let best: PrecisionRecall["bestF1"] = null;
  for (const { score, precision, recall } of points) {
    const f1 = harmonicMean(precision, recall);
    if (f1 > (best?.f1 ?? 0)) best = { threshold: score, f1, precision, recall };
  }
  return best;
};

const measure = (verdicts: readonly Verdict[], labels: number): PrecisionRecall => {
  const points = curveOf(verdicts, labels);
  const recalls = points.filter(({ precision }) => precision >= 0.9).map(({ recall }) => recall);
  return {
    labels,
    points,
    ap50: labels === 0 ? null : areaUnder(points),
    bestF1: bestF1Of(points),
    recallAtPrecision90: labels === 0 ? null : Math.max(0, ...recalls),
    at: (threshold) => {
      const counts = { hit: 0, miss: 0, ignored: 0 };
      for (const { kind, detection } of verdicts) if (detection.score >= threshold) counts[kind]++;
      return {
        truePositives: counts.hit,
        falsePositives: counts.miss,
        falseNegatives: labels - counts.hit,
        ignored: counts.ignored,
      };
    },
  };
};

const pooled = (verdicts: readonly (readonly Verdict[])[]): readonly Verdict[] =>
  verdicts.flat().toSorted((a, b) => byScore(a.detection, b.detection));

/** Detections of all scenes against their labels, classes pooled: IoU ≥ 0.5, greedy by score within each scene. */
export const precisionRecall = (scenes: readonly JudgedScene[]): PrecisionRecall => {
  const labels = scenes.flatMap((scene) => scene.labels).filter(({ ignore }) => !ignore);
  return measure(pooled(scenes.map(judge)), labels.length);
};

/** Quality over the labels of one range of sizes, in pixels: the long side of their box. */
export interface SizeBin {
  readonly fromPx: number;
  /** `null`: no upper bound. */
  readonly toPx: number | null;
  readonly quality: PrecisionRecall;
}

/** A size with what was judged there. */
export interface JudgedBin extends SizeBin {
  /** Of each scene, in the order of the scenes. */
  readonly verdicts: readonly (readonly Verdict[])[];
  /** Whether a label is of this size. */
  readonly counts: (label: Label) => boolean;
}

/**
 * Quality by the long side of the label. A detection on a label of another size is ignored; one on no label counts in the bin
 * of its own size.
 */
export const binnedBySize = (
  scenes: readonly JudgedScene[],
  edgesPx: readonly number[],
): readonly JudgedBin[] => {
  const judged = scenes.map((scene) => ({ scene, verdicts: judge(scene) }));
  return [0, ...edgesPx].map((fromPx, index) => {
    const toPx = edgesPx[index] ?? null;
    const fits = (box: BoxPx) => longSide(box) >= fromPx && (toPx === null || longSide(box) < toPx);
    const verdicts = judged.map(({ scene, verdicts: all }) =>
      all.map((verdict): Verdict => {
        const box = verdict.kind === "hit" ? scene.labels[verdict.label]!.boxPx : verdict.detection.boxPx;
        return fits(box) ? verdict : { kind: "ignored", detection: verdict.detection };
      }),
    );
    const counts = ({ boxPx }: Label): boolean => fits(boxPx);
    const labels = scenes.flatMap((scene) => scene.labels).filter((l) => !l.ignore && counts(l));
    return { fromPx, toPx, verdicts, counts, quality: measure(pooled(verdicts), labels.length) };
  });
};

/** At most `most` points of a curve: first, last and the others evenly by recall, where the curve has its shape. */
export const thinCurve = (points: readonly CurvePoint[], most: number): readonly CurvePoint[] => {
  if (points.length <= most) return points;
  const end = points.at(-1)!.recall;
  const kept: CurvePoint[] = [];
  let next = 0;
  points.forEach((point, index) => {
    // Ties in recall come in runs; the step in recall bounds how many are kept.
    if (index !== points.length - 1 && (point.recall < next || kept.length >= most - 1)) return;
    kept.push(point);
    next = point.recall + end / (most - 1);
  });
  return kept;
};
