import type { BoxPx } from "./box.ts";
import type { OutlinePx } from "./outline.ts";
import type { Detection } from "./detection.ts";

/** A detection that says its class by name, so that models and labels with different lists can be compared. */
export interface NamedDetection {
  readonly className: string;
  readonly score: number;
  readonly boxPx: BoxPx;
  readonly outlinePx?: OutlinePx;
}

/** Replaces class indices by names; a class that the list lacks keeps its number as name. */
export const nameDetections = (
  detections: readonly Detection[],
  classes: readonly string[],
): readonly NamedDetection[] =>
  detections.map(({ classId, ...seen }) => ({ className: classes[classId] ?? `${classId}`, ...seen }));

/** A detection with its class by name. */
export const namedDetection = (
  { classId, ...seen }: Detection,
  classes: readonly string[],
): NamedDetection => ({ className: classes[classId] ?? `class-${classId}`, ...seen });
