import { boxIou } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";

/** Two runs mean the same object when it is of one class and their boxes overlap so much. */
const sameIou = 0.5;

const nearest = (wanted: Detection, among: ReadonlySet<Detection>): Detection | null => {
  let best: Detection | null = null;
  let bestIou = sameIou;
  for (const other of among) {
    if (other.classId !== wanted.classId) continue;
    const iou = boxIou(other.boxPx, wanted.boxPx);
    if (iou > bestIou || (iou === bestIou && best === null)) [best, bestIou] = [other, iou];
  }
  return best;
};

/** What came out of several runs. */
export interface Vote {
  /** `null`: no majority had an answer. */
  readonly detections: readonly Detection[] | null;
  /** Runs whose answer differs from that, by number. */
  readonly dissenters: readonly number[];
}

/**
 * What at least two of three runs found, `null` standing for a run without an answer. Of the detections of one object the
 * middle one in `compareDetections` order stays: two runs that agree to the last bit outvote the third. Sorted; where two
 * runs are alike, the answer is theirs.
 */
export const voteDetections = (runs: readonly (readonly Detection[] | null)[]): Vote => {
  const sorted = runs.map((run) => run && run.toSorted(compareDetections));
  const answers = sorted.filter((run) => run !== null);
  const detections = 2 * answers.length > runs.length ? majority(answers, runs.length) : null;
  const dissenters = [...sorted.keys()].filter((run) => !isSame(sorted[run] ?? null, detections));
  return { detections, dissenters };
};

const majority = (answers: readonly (readonly Detection[])[], runs: number): readonly Detection[] => {
  const open = answers.map((answer) => new Set(answer));
  const kept: Detection[] = [];
  open.forEach((mine, at) => {
    for (const detection of mine) {
      const group = [detection];
      for (const others of open.slice(at + 1)) {
        const same = nearest(detection, others);
        if (same === null) continue;
        others.delete(same);
        group.push(same);
      }
      if (2 * group.length <= runs) continue;
      const middle = group.toSorted(compareDetections)[Math.floor((group.length - 1) / 2)];
      kept.push(middle as Detection);
    }
  });
  return kept.sort(compareDetections);
};

/** `compareDetections` is 0 only where score, box and class are all equal. */
const isSame = (a: readonly Detection[] | null, b: readonly Detection[] | null): boolean =>
  a !== null &&
  b !== null &&
  a.length === b.length &&
  a.every((one, i) => compareDetections(one, b[i] as Detection) === 0);
