import { boxIou } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";

/** When two looks at one scene count as the same. */
export interface Sameness {
  /** Detections below are not reported; those within `score` of it may come or go. */
  readonly threshold: number;
  /** Intersection over union from which two boxes are one box. */
  readonly iou: number;
  /** By how much the scores of one detection may differ. */
  readonly score: number;
}

/** A detection that both looks have, but not alike. */
export interface MovedDetection {
  readonly reference: Detection;
  readonly found: Detection;
  readonly iou: number;
}

/** How a second look at a scene differs from the first. */
export interface Difference {
  /** Of the reference, above the threshold with certainty, and not reported by the other. */
  readonly lost: readonly Detection[];
  /** Reported by the other, of which the reference has nothing, not even near the threshold. */
  readonly added: readonly Detection[];
  readonly moved: readonly MovedDetection[];
  readonly same: number;
}

/** From this overlap on two detections are looks at one object. */
const oneObject = 0.5;

/** All pairs of one class that may be one object, the most alike first. */
const pairsOf = (reference: readonly Detection[], found: readonly Detection[]) =>
  reference
    .flatMap((a, i) =>
      found.flatMap((b, j) => {
        if (a.classId !== b.classId || a.boxPx.x1 <= b.boxPx.x0 || b.boxPx.x1 <= a.boxPx.x0) return [];
        const iou = boxIou(a.boxPx, b.boxPx);
        const apart = Math.abs(a.score - b.score);
        return iou >= oneObject ? [{ a, b, i, j, iou, apart }] : [];
      }),
    )
    .toSorted((p, q) => q.iou - p.iou || p.apart - q.apart || p.i - q.i || p.j - q.j);

/**
 * Compares two sets of detections of one scene, both in its pixels and reported from `threshold − score` on or below.
 * Each detection has at most one counterpart, the most alike first. With `found` equal to `reference`, nothing differs.
 */
export const differenceOf = (
  reference: readonly Detection[],
  found: readonly Detection[],
  { threshold, iou: leastIou, score: tolerance }: Sameness,
): Difference => {
  const possible = reference.filter(({ score }) => score >= threshold - tolerance);
  // What lies below the threshold is not reported; only a counterpart that may come or go is let down to there.
  const reported = found.filter(({ score }) => score >= threshold - tolerance);
  const counterpart = new Map<number, MovedDetection>();
  const taken = new Set<number>();
  for (const { a, b, i, j, iou } of pairsOf(possible, reported)) {
    if (counterpart.has(i) || taken.has(j)) continue;
    counterpart.set(i, { reference: a, found: b, iou });
    taken.add(j);
  }
  const isAlike = (pair: MovedDetection): boolean =>
    pair.iou >= leastIou && Math.abs(pair.reference.score - pair.found.score) <= tolerance;
  const isDoubtful = ({ score }: Detection): boolean => score < threshold + tolerance;
  const pairs = [...counterpart.values()];
  const lostAgain = pairs.filter(({ found: f, reference: r }) => f.score < threshold && !isDoubtful(r));
  const judged = pairs.filter((pair) => !lostAgain.includes(pair));
  return {
    lost: [
      ...possible.filter((d, i) => !counterpart.has(i) && !isDoubtful(d)),
      ...lostAgain.map(({ reference: r }) => r),
    ],
    added: reported.filter(({ score }, j) => !taken.has(j) && score >= threshold),
    moved: judged.filter((pair) => !isAlike(pair)),
    same: judged.filter(isAlike).length,
  };
};
