import type { Detection } from "../../pipeline/detection/detection.ts";
import type { PointPx } from "../../pipeline/detection/outline.ts";
import type { ErrorParts } from "../../pipeline/errors.ts";
import type { CardHead } from "../heads/card-head.ts";
import type { Trial } from "./trial.ts";
import type { InferencePlan } from "./tile-inference.ts";
import type { InputTile } from "./tile-input.ts";

/** What a worker starts with. */
export interface WorkerStart {
  readonly plan: InferencePlan;
  /** Shared by all workers. */
  readonly weights: SharedArrayBuffer;
}

/** Weights with bits turned over; one number, one set of bits. */
export interface HitWeights {
  readonly id: number;
  readonly flips: Float64Array;
}

/** Messages to an inference worker. */
export type ToWorker =
  | {
      readonly kind: "tile";
      readonly job: number;
      readonly tile: InputTile;
      /** `null`: the weights as they were given. */
      readonly hit: HitWeights | null;
    }
  /** The head that the trial told; tiles come after it. */
  | { readonly kind: "head"; readonly head: CardHead }
  | { readonly kind: "close" };

/** An error without its cause: what crosses threads. */
export type PlainParts = Omit<ErrorParts, "cause">;

/** Messages from an inference worker. */
export type FromWorker =
  | { readonly kind: "ready"; readonly runtime: string | null; readonly trial: Trial | null }
  /** The network could not be loaded; the worker ends. */
  | { readonly kind: "unusable"; readonly parts: PlainParts }
  /** `rows` as `packDetections` makes them, or the mask that the plan asks for. */
  | { readonly kind: "detections"; readonly job: number; readonly rows: Float32Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly job: number; readonly parts: PlainParts };

/** Numbers of a detection before its outline. */
const COLUMNS = 7;

/**
 * Seven numbers a detection: class, score, x0, y0, x1, y1, points of its outline; then x and y of each of them. Exact, as heads
 * give float32 values and few classes.
 */
export const packDetections = (detections: readonly Detection[]): Float32Array<ArrayBuffer> => {
  const points = detections.reduce((sum, { outlinePx }) => sum + (outlinePx?.length ?? 0), 0);
  const rows = new Float32Array(detections.length * COLUMNS + 2 * points);
  let at = 0;
  for (const { classId, score, boxPx, outlinePx = [] } of detections) {
    const { x0, y0, x1, y1 } = boxPx;
    rows.set([classId, score, x0, y0, x1, y1, outlinePx.length], at);
    at += COLUMNS;
    for (const point of outlinePx) {
      rows.set(point, at);
      at += 2;
    }
  }
  return rows;
};

/** The inverse of `packDetections`. */
export const unpackDetections = (rows: Float32Array): readonly Detection[] => {
  const detections: Detection[] = [];
  for (let at = 0; at < rows.length;) {
    const [classId = 0, score = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0, points = 0] = rows.subarray(
      at,
      at + COLUMNS,
    );
    const first = at + COLUMNS;
    at = first + 2 * points;
    const outline = Array.from({ length: points }, (_, i): PointPx => [
      rows[first + 2 * i] as number,
      rows[first + 2 * i + 1] as number,
    ]);
    detections.push({
      classId,
      score,
      boxPx: { x0, y0, x1, y1 },
      ...(points === 0 ? {} : { outlinePx: outline }),
    });
  }
  return detections;
};
