import type { LeftOut } from "./drawn-label.ts";

/** Where labels came from. */
export interface LabelSource {
  readonly format: string;
  /** One of the files. */
  readonly file: string;
  readonly files: number;
}

/** What became of every label that was read: `read` = `matched` + `outside` + the sum of `leftOut`. */
export interface LabelTally {
  readonly sources: readonly LabelSource[];
  readonly read: number;
  /** On a scene. */
  readonly matched: number;
  /** Whole, but on no scene: beside its image, or on ground that no scene shows. */
  readonly outside: number;
  readonly leftOut: readonly LeftOut[];
}

/** No label file was found. */
export const noLabels: LabelTally = { sources: [], read: 0, matched: 0, outside: 0, leftOut: [] };

/** Reasons that are no fault: a row that says that there is nothing to see. */
export const isNoFault = (reason: string): boolean =>
  ["an image without objects", "no geometry", "an empty geometry", "an empty mask"].includes(reason);
