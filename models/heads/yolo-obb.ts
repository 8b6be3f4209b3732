import type { Detection } from "../../pipeline/detection/detection.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";
import type { Head } from "./head.ts";
import { boxAround, cornersOf, rotatedIou, type RotatedBox } from "./rotated-box.ts";
import { checkScores } from "./anchor-table.ts";
import { checkFinite, outputNamed, rangeOf, shapeError } from "./tensor.ts";
import { z } from "zod";
import { fraction, output } from "./card-fields.ts";

/** YOLO v8 and v11 with oriented boxes. */
const yoloObbCard = z.object({ kind: z.literal("yolo-obb"), output, nmsIou: fraction.default(0.5) });

/** The fields of a card with a YOLO head for turned boxes. */
export type YoloObbHead = z.output<typeof yoloObbCard>;

interface Candidate {
  readonly detection: Detection;
  readonly rotated: RotatedBox;
}

/**
 * Oriented boxes of YOLO v8 and v11 as Ultralytics exports them: [1, 4 + classes + 1, anchors], centre x, y, width, height in
 * input pixels, class scores, and last the angle in radians. Suppression within the tile goes by the overlap of the turned
 * rectangles, so that ships berthed side by side stay apart. Each is reported as the axis-parallel box round it and its corners
 * as the outline.
 */
export const yoloObbHead = ({ output = "", nmsIou }: YoloObbHead): Head => ({
  outputs: [output],
  decode(outputs, { scoreThreshold, classCount, maxDetections, isStrict }) {
    const { data, shape } = outputNamed(outputs, output);
    const [batch, rows, anchors = 0] = shape;
    if (shape.length !== 3 || batch !== 1 || rows !== 5 + classCount) {
      const wanted = `[1, ${5 + classCount}, anchors]`;
      throw shapeError(`the oriented YOLO output for ${classCount} classes`, wanted, shape);
    }
    checkFinite(data, output === "" ? "of the oriented YOLO head" : `"${output}"`);
    if (isStrict) {
      const scores = data.subarray(4 * anchors, (4 + classCount) * anchors);
      checkScores(...rangeOf(scores), "the oriented YOLO head", "export the scores behind their sigmoid");
    }
    const at = (row: number, anchor: number): number => data[row * anchors + anchor] as number;
    const candidates: Candidate[] = [];
    for (let anchor = 0; anchor < anchors; anchor += 1) {
      let classId = 0;
      for (let k = 1; k < classCount; k += 1) if (at(4 + k, anchor) > at(4 + classId, anchor)) classId = k;
      const score = at(4 + classId, anchor);
      if (score < scoreThreshold || score <= 0) continue;
      const [x, y, width, height] = [at(0, anchor), at(1, anchor), at(2, anchor), at(3, anchor)];
      const rotated = { x, y, width, height, angle: at(4 + classCount, anchor) };
      const detection = { classId, score, boxPx: boxAround(rotated), outlinePx: cornersOf(rotated) };
      candidates.push({ rotated, detection });
    }
    return suppressed(candidates, nmsIou)
      .map(({ detection }) => detection)
      .slice(0, maxDetections);
  },
});

/** Keeps, best first, each candidate that no kept one of its class overlaps by more than `iou`. */
const suppressed = (candidates: readonly Candidate[], iou: number): readonly Candidate[] => {
  const kept: Candidate[] = [];
  for (const one of candidates.toSorted((a, b) => compareDetections(a.detection, b.detection))) {
    const covered = kept.some(
      (other) =>
        other.detection.classId === one.detection.classId && rotatedIou(other.rotated, one.rotated) > iou,
    );
    if (!covered) kept.push(one);
  }
  return kept;
};

/** The registry's entry for YOLO heads with turned boxes. */
export const yoloObb = { card: yoloObbCard, open: yoloObbHead } as const;
