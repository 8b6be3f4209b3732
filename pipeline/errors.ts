import { printable } from "./printable.ts";

/**
 * Tagged errors. The message always reads: what happened: wanted …, got …; how to go on.
 * Losses that a mission expects (a corrupt frame, an evicted product) are events, never errors.
 */
export interface ErrorParts {
  /** What could not be done, with the name of the thing: `band "B08" not in scene "genoa"`. */
  readonly what: string;
  readonly wanted?: string;
  readonly got?: string;
  /** How the user goes on. */
  readonly hint?: string;
  /** The option or field that it speaks of, by its key: `segment-loss`. */
  readonly field?: string;
  readonly cause?: unknown;
}

const sentence = ({ what, wanted, got, hint }: ErrorParts): string => {
  // One line, whatever the names in it hold.
  const contrast = [wanted && `wanted ${wanted}`, got && `got ${got}`].filter(Boolean).join(", ");
  return printable([contrast ? `${what}: ${contrast}` : what, hint].filter(Boolean).join("; "));
};

/** The subject of an error; the exit code and the caller's reaction follow from it. */
export type ErrorTag =
  | "raster" // an image that cannot be read, is corrupt or hostile
  | "dataset" // a collection, item or folder that does not hold what it should
  | "label"
  | "model"
  | "orbit"
  | "link"
  | "bus" // NATS
  | "storage" // disk full, not writable
  | "config"; // wrong use: exit code 2

/** The one error for what a caller or an input did wrong. `parts` has the message's parts as values. */
export class SwathError extends Error {
  readonly tag: ErrorTag;
  readonly parts: ErrorParts;

  constructor(tag: ErrorTag, parts: ErrorParts) {
    super(sentence(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = `SwathError(${tag})`;
    this.tag = tag;
    this.parts = parts;
  }
}

/** Whether it is a `SwathError`, of that tag where one is given. */
export const isSwathError = (error: unknown, tag?: ErrorTag): error is SwathError =>
  error instanceof SwathError && (tag === undefined || error.tag === tag);

/** The innermost text of anything thrown, for messages that wrap it. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
