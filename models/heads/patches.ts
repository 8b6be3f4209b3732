import type { Detection } from "../../pipeline/detection/detection.ts";
import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";
import { connectedComponents } from "./connected-components.ts";
import { simplifyRing } from "./ring-simplify.ts";
import { traceRing } from "./ring-trace.ts";

/** Which patches count and what is told of them; the fields of the heads that make masks. */
export interface PatchRules {
  /** In cells. */
  readonly minPixels: number;
  readonly outlines: boolean;
  /** In cells. */
  readonly outlineTolerance: number;
  /** Pixels a cell. */
  readonly strideCells: number;
  readonly scoreThreshold: number;
  readonly maxDetections: number;
}

/**
 * Detections of a mask of classes + 1 (0: nothing): cells of one class that touch, corners included, are one object, its score the
 * mean of `scores` over it, a box and (where asked for) an outline round it, both in pixels. Best first.
 */
export const patchesOf = (
  mask: Uint8Array | Uint16Array,
  scores: Float32Array,
  width: number,
  rules: PatchRules,
): readonly Detection[] => {
  const { strideCells: stride } = rules;
  const outlineOf = (first: number): OutlinePx =>
    simplifyRing(traceRing(mask, width, first), rules.outlineTolerance).map(([x, y]) => [
      x * stride,
      y * stride,
    ]);
  return connectedComponents(mask, scores, width)
    .filter(({ pixels }) => pixels >= rules.minPixels)
    .map(({ value, sum, pixels, first, x0, y0, x1, y1 }) => ({
      first,
      classId: value - 1,
      score: Math.fround(sum / pixels),
      boxPx: { x0: x0 * stride, y0: y0 * stride, x1: x1 * stride, y1: y1 * stride },
    }))
    .filter(({ score }) => score >= rules.scoreThreshold)
    .sort(compareDetections)
    .slice(0, rules.maxDetections)
    .map(({ first, ...seen }) => (rules.outlines ? { ...seen, outlinePx: outlineOf(first) } : seen));
};
