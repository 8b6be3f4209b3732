import type { ReadLabels } from "../drawn-label.ts";
import type { LabelDocument } from "../label-document.ts";

/** What is known besides the files themselves. */
export interface LabelContext {
  /** Names for class numbers, in order; empty numbers have none. */
  readonly classNames: readonly string[];
  /** Numbers in each key point of a pose, as `kpt_shape` says: `[points, 2 or 3]`; `null` when nothing says it. */
  readonly keyPoints: readonly [count: number, size: number] | null;
}

/**
 * One format of label files. To add one: a file with such a value, and its line in `label-formats.ts`.
 *
 * `read` gets all files of a set at once, since some formats say only as a set what they mean (does this one count pixels from 0 or 1?).
 * A row that is not right is counted in `leftOut`; only a file that is wrong as a whole throws `SwathError("label")`.
 */
export interface LabelFormat {
  /** As a person calls it: "COCO". */
  readonly name: string;
  /** Endings of its files, in lower case with the dot. */
  readonly extensions: readonly string[];
  /** True where a file holds the labels of one image and is named like it. */
  readonly isOwn: boolean;
  /** True where files have class numbers alone, whose names stand in a data.yaml or a list beside them. */
  readonly hasClassNumbers: boolean;
  /** Names by which label tools call a file that is meant for the images around it; `null` where there are none. */
  readonly usualName: RegExp | null;
  /** Looks at the shape, not at every row. Never throws. */
  recognises(document: LabelDocument): boolean;
  read(documents: readonly LabelDocument[], context: LabelContext): ReadLabels;
}
