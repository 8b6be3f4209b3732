import type { SwathError } from "../../pipeline/errors.ts";

/** How a label file counts: pixels from the upper left, fractions of the image's sides, or longitude and latitude. */
export type LabelFrame = "pixel" | "unit" | "lonlat";

/** A position in the frame of its label. */
export type DrawnPoint = readonly [x: number, y: number];

/** A label as its file has it, before it is known how large the image is and where it lies. */
export interface DrawnLabel {
  /** Position in the file, counting from 0, so that a message can name it. */
  readonly index: number;
  readonly className: string;
  readonly frame: LabelFrame;
  /** Two opposite corners of a box, or three and more of a polygon. All finite. */
  readonly points: readonly DrawnPoint[];
  readonly ignore: boolean;
}

/** The labels of one image. */
export interface ImageLabels {
  /** The image as the label file names it; for a file that belongs to one image, that file's own path without ending. */
  readonly image: string;
  /** The file that says so. */
  readonly file: string;
  /** True where nothing but the label file's own name says which image it means. */
  readonly isOwn: boolean;
  /** The size that the file believes the image has; `null` when it does not say. */
  readonly size: readonly [width: number, height: number] | null;
  /** True where the tools that write this format turn an image upright first (EXIF), so that labels count on what was seen. */
  readonly isSeenUpright: boolean;
  readonly labels: readonly DrawnLabel[];
  /** How many labels of this image were read and not understood: with any, an image without labels is not an empty one. */
  readonly lost: number;
}

/** How many rows were left out for one reason, and the first of them. */
export interface LeftOut {
  readonly reason: string;
  readonly count: number;
  /** Names the file, the row and what stood there. */
  readonly example: string;
}

/** What label files hold. Every row is in `images`, in `loose` or counted in `leftOut`: none is lost in silence. */
export interface ReadLabels {
  readonly images: readonly ImageLabels[];
  /** Labels on the ground that name no image. */
  readonly loose: readonly DrawnLabel[];
  readonly leftOut: readonly LeftOut[];
  /** What was assumed, a sentence each. */
  readonly notes: readonly string[];
  /** Files of the set that could not be read at all. */
  readonly failed: readonly SwathError[];
}

/** Counts rows by the reason why they are left out. */
export class LeftOutCount {
  readonly #byReason = new Map<string, { count: number; readonly example: string }>();

  /** One more row, or `count` of them. Only the first example of a reason is kept. */
  add(reason: string, example: string, count = 1): void {
    if (count === 0) return;
    const known = this.#byReason.get(reason);
    if (known) known.count += count;
    else this.#byReason.set(reason, { count, example });
  }

  addAll(others: readonly LeftOut[]): void {
    for (const { reason, example, count } of others) this.add(reason, example, count);
  }

  list(): readonly LeftOut[] {
    return [...this.#byReason].map(([reason, { count, example }]) => ({ reason, count, example }));
  }
}

/** Several files' labels as one. */
export const joinReads = (reads: readonly ReadLabels[]): ReadLabels => {
  const leftOut = new LeftOutCount();
  for (const read of reads) leftOut.addAll(read.leftOut);
  return {
    images: reads.flatMap(({ images }) => images),
    loose: reads.flatMap(({ loose }) => loose),
    leftOut: leftOut.list(),
    notes: reads.flatMap(({ notes }) => notes),
    failed: reads.flatMap(({ failed }) => failed),
  };
};

const longestName = 120;
// Control characters, and format characters such as those that turn the direction of what follows, which a terminal or
// a page obeys. Persian and Indic words have joiners in them.
const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of a file as one printable line: control characters as `\x1b`, cut at 120 characters. */
export const printable = (text: string): string => {
  const shown = text
    .slice(0, 4 * longestName)
    .trim()
    .replaceAll(unprintable, (mark) => `\\x${(mark.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`);
  return shown.length > longestName ? `${shown.slice(0, longestName - 1)}…` : shown;
};

/** A class by its name or its number; `null` for what is neither. */
export const classNameOf = (value: unknown): string | null => {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return null;
  return printable(value) || null;
};

/** The most corners that a polygon may have. Coastlines have some ten thousand. */
export const mostVertices = 1_000_000;
