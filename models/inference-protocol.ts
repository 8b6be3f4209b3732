import type { Detection } from "../pipeline/detection/detection.ts";
import type { ErrorParts } from "../pipeline/errors.ts";
import type { InferencePlan } from "./tile-inference.ts";
import type { InputTile } from "./tile-input.ts";

/** What a worker starts with. */
export interface WorkerStart {
  readonly plan: InferencePlan;
  /** Shared by all workers. */
  readonly weights: SharedArrayBuffer;
}

export type ToWorker =
  | { readonly kind: "tile"; readonly job: number; readonly tile: InputTile }
  | { readonly kind: "close" };

/** An error without its cause: what crosses threads. */
export type PlainParts = Omit<ErrorParts, "cause">;

export type FromWorker =
  | { readonly kind: "ready" }
  /** The network could not be loaded; the worker ends. */
  | { readonly kind: "unusable"; readonly parts: PlainParts }
  | { readonly kind: "detections"; readonly job: number; readonly rows: Float32Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly job: number; readonly parts: PlainParts };

const COLUMNS = 6;

/** Six numbers a detection: class, score, x0, y0, x1, y1. Exact, as heads give float32 values and few classes. */
export const packDetections = (detections: readonly Detection[]): Float32Array<ArrayBuffer> => {
  const rows = new Float32Array(detections.length * COLUMNS);
  detections.forEach(({ classId, score, boxPx: { x0, y0, x1, y1 } }, i) => {
    rows.set([classId, score, x0, y0, x1, y1], i * COLUMNS);
  });
  return rows;
};

export const unpackDetections = (rows: Float32Array): readonly Detection[] =>
  Array.from({ length: rows.length / COLUMNS }, (_, i) => {
    const [classId = 0, score = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0] = rows.subarray(
      i * COLUMNS,
      (i + 1) * COLUMNS,
    );
    return { classId, score, boxPx: { x0, y0, x1, y1 } };
  });
