import { isSwathError, type ErrorParts, type ErrorTag } from "../errors.ts";
import type { Band, Raster } from "../raster/raster.ts";
import { decodeTile, encodeTile } from "./lossless/lossless-tile.ts";

/** What a worker answers: errors cross threads as plain data, or they would lose their tag. */
export type CodecAnswer<T> =
  | { readonly ok: T }
  | { readonly error: { readonly tag: ErrorTag; readonly parts: ErrorParts } };

/** A `SwathError` as an answer; anything else is a bug and is thrown as it is. */
const answerOf = <T>(work: () => T): CodecAnswer<T> => {
  try {
    return { ok: work() };
  } catch (error) {
    if (!isSwathError(error)) throw error;
    const { cause: _, ...parts } = error.parts;
    return { error: { tag: error.tag, parts } };
  }
};

/*
 * What runs in the worker threads of `openTileCodec`.
 */

/** `encodeTile` in a worker. */
export const encode = (raster: Raster): CodecAnswer<Uint8Array> => answerOf(() => encodeTile(raster));

/** `decodeTile` in a worker. */
export const decode = (task: {
  readonly bytes: Uint8Array;
  readonly bands: readonly Band[];
}): CodecAnswer<Raster> => answerOf(() => decodeTile(task.bytes, task.bands));
