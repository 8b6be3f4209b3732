import { boxIou } from "../../pipeline/detection/box.ts";
import { type Outcome, shareInterval, unitFor, unitOf } from "./resampling.ts";
import { byScore, hitIou } from "./matching.ts";
import type { AgreementSummary } from "../summary/run-summary.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";

/** How far two sets of detections of the same scenes say the same. */
export interface Agreement {
  /** Pairs of one class at IoU ≥ 0.5, each detection in at most one. */
  readonly matched: number;
  readonly ofA: number;
  readonly ofB: number;
  /** The same detections to the last bit, in whatever order. */
  readonly identical: boolean;
}

interface Pair {
  readonly iou: number;
  readonly a: number;
  readonly b: number;
}

/** Which of `a` and of `b` have a counterpart. The closest pairs first: neither set is the truth, so scores decide nothing. */
const matchedPairs = (
  a: readonly NamedDetection[],
  b: readonly NamedDetection[],
): { readonly ofA: ReadonlySet<number>; readonly ofB: ReadonlySet<number> } => {
  const pairs: Pair[] = a.flatMap((left, i) =>
    b.flatMap((right, j) => {
      const iou = left.className === right.className ? boxIou(left.boxPx, right.boxPx) : 0;
      return iou >= hitIou ? [{ iou, a: i, b: j }] : [];
    }),
  );
  pairs.sort((p, q) => q.iou - p.iou || p.a - q.a || p.b - q.b);
  const takenA = new Set<number>();
  const takenB = new Set<number>();
  for (const pair of pairs) {
    if (takenA.has(pair.a) || takenB.has(pair.b)) continue;
    takenA.add(pair.a);
    takenB.add(pair.b);
  }
  return { ofA: takenA, ofB: takenB };
};

/**
 * Compares two detection sets scene by scene: `a[i]` and `b[i]` belong to the same acquisition, in the same pixels.
 * Both lists must be of one length.
 */
export const agreement = (
  a: readonly (readonly NamedDetection[])[],
  b: readonly (readonly NamedDetection[])[],
): Agreement => {
  if (a.length !== b.length)
    throw new RangeError(`wanted as many scenes on both sides, got ${a.length} and ${b.length}`);
  let matched = 0;
  let identical = true;
  a.forEach((ofA, scene) => {
    const left = ofA.toSorted(byScore);
    const right = b[scene]!.toSorted(byScore);
    matched += matchedPairs(left, right).ofA.size;
    // `byScore` is 0 only when score, box and class are all equal.
    identical &&= left.length === right.length && left.every((one, i) => byScore(one, right[i]!) === 0);
  });
  return { matched, ofA: a.flat().length, ofB: b.flat().length, identical };
};

/** The agreement part of a policy's summary; `scenes` names the scene of each acquisition. Two empty sets agree wholly. */
export const summariseAgreement = (
  raw: readonly (readonly NamedDetection[])[],
  policy: readonly (readonly NamedDetection[])[],
  scenes: readonly string[],
): AgreementSummary => {
  const { matched, ofA, ofB, identical } = agreement(raw, policy);
  const unit = unitFor(new Set(scenes).size);
  const [found, confirmed]: [Outcome[], Outcome[]] = [[], []];
  raw.forEach((ofRaw, i) => {
    const ofPolicy = policy[i] ?? [];
    const pairs = matchedPairs(ofRaw, ofPolicy);
    const outcomes = (all: readonly NamedDetection[], taken: ReadonlySet<number>): readonly Outcome[] =>
      all.map(({ boxPx }, at) => ({ unit: unitOf(unit, scenes[i] ?? "", boxPx), holds: taken.has(at) }));
    found.push(...outcomes(ofRaw, pairs.ofA));
    confirmed.push(...outcomes(ofPolicy, pairs.ofB));
  });
  return {
    matched,
    ofRaw: ofA,
    ofPolicy: ofB,
    rawFoundFraction: ofA === 0 ? 1 : matched / ofA,
    rawFoundInterval: shareInterval(found),
    policyConfirmedFraction: ofB === 0 ? 1 : matched / ofB,
    policyConfirmedInterval: shareInterval(confirmed),
    identical,
  };
};
