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

/**
 * What at least two of three runs found, `null` standing for a run without an answer; `null` when there are two such. Of the
 * detections of one object the middle one in `compareDetections` order stays: two runs that agree to the last bit
 * outvote the third. Sorted; where two runs are alike, the answer is theirs.
 */
export const voteDetections = (
  runs: readonly (readonly Detection[] | null)[],
): readonly Detection[] | null => {
  const answers = runs.filter((run) => run !== null);
  if (2 * answers.length <= runs.length) return null;
  const open = answers.map((run) => new Set(run.toSorted(compareDetections)));
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
      if (2 * group.length <= runs.length) continue;
      const middle = group.toSorted(compareDetections)[Math.floor((group.length - 1) / 2)];
      kept.push(middle as Detection);
    }
  });
  return kept.sort(compareDetections);
};
