import type { Detection } from "../../pipeline/detection/detection.ts";
import { mergeDetections } from "../../pipeline/detection/merge.ts";
import type { CardHead } from "../card/card.ts";
import type { Head } from "./head.ts";
import { checkFinite, outputNamed, shapeError } from "./tensor.ts";
import type { OutputTensor } from "../runtimes/network-session.ts";

/** Where the numbers of anchor `a` stand: attribute `k` at `a · perAnchor + k · perAttribute`. */
interface Layout {
  readonly anchors: number;
  readonly perAnchor: number;
  readonly perAttribute: number;
  /** v5 has an objectness before the class scores; the score is their product. */
  readonly objectness: boolean;
}

/**
 * Outputs of the YOLO family as Ultralytics exports them, boxes as centre x, y, width, height in input pixels:
 * v5 [1, anchors, 5 + classes], v8 and v11 [1, 4 + classes, anchors] (also transposed). The best class of each anchor
 * counts; what overlaps more than `nmsIou` within a class is one object.
 */
export const yoloHead = ({ layout, output = "", nmsIou }: CardHead & { kind: "yolo" }): Head => ({
  outputs: [output],
  decode(outputs, { scoreThreshold, classCount, maxDetections }) {
    const tensor = outputNamed(outputs, output);
    const { anchors, perAnchor, perAttribute, objectness } = layoutOf(tensor, layout, classCount);
    const { data } = tensor;
    checkFinite(data, output === "" ? "of the YOLO head" : `"${output}"`);
    const firstClass = objectness ? 5 : 4;
    const best = new Float32Array(anchors);
    const classIds = new Uint16Array(anchors);
    // Class by class: v8 keeps the anchors of a class together, so this order walks memory forwards.
    for (let k = 0; k < classCount; k += 1) {
      let at = (firstClass + k) * perAttribute;
      for (let a = 0; a < anchors; a += 1, at += perAnchor) {
        const score = data[at] as number;
        if (score > (best[a] as number)) {
          best[a] = score;
          classIds[a] = k;
        }
      }
    }
    const candidates: Detection[] = [];
    for (let a = 0; a < anchors; a += 1) {
      const at = a * perAnchor;
      const certainty = objectness ? (data[at + 4 * perAttribute] as number) : 1;
      const score = Math.fround((best[a] as number) * certainty);
      if (score < scoreThreshold || score <= 0) continue;
      const x = data[at] as number;
      const y = data[at + perAttribute] as number;
      const halfWidth = (data[at + 2 * perAttribute] as number) / 2;
      const halfHeight = (data[at + 3 * perAttribute] as number) / 2;
      const boxPx = { x0: x - halfWidth, y0: y - halfHeight, x1: x + halfWidth, y1: y + halfHeight };
      candidates.push({ classId: classIds[a] as number, score, boxPx });
    }
    return mergeDetections(candidates, nmsIou).slice(0, maxDetections);
  },
});

const layoutOf = ({ shape }: OutputTensor, wanted: "auto" | "v5" | "v8", classCount: number): Layout => {
  const [batch, rows = 0, columns = 0] = shape;
  const v5 = 5 + classCount;
  const v8 = 4 + classCount;
  if (shape.length === 3 && batch === 1) {
    if (wanted !== "v5" && rows === v8) {
      return { anchors: columns, perAnchor: 1, perAttribute: columns, objectness: false };
    }
    if (wanted !== "v8" && columns === v5) {
      return { anchors: rows, perAnchor: columns, perAttribute: 1, objectness: true };
    }
    if (wanted !== "v5" && columns === v8) {
      return { anchors: rows, perAnchor: columns, perAttribute: 1, objectness: false };
    }
  }
  const shapes = { v5: `[1, anchors, ${v5}]`, v8: `[1, ${v8}, anchors]` };
  const text = wanted === "auto" ? `${shapes.v8} or ${shapes.v5}` : shapes[wanted];
  throw shapeError(`the YOLO output for ${classCount} classes`, text, shape);
};
