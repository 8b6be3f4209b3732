import { SwathError } from "../../errors.ts";

/** The numbers under which one sender sends in one direction; none is given twice, ever. */
export interface SequenceNumbers {
  /** The next of 0 … 2³² − 1. Throws `SwathError("link")` when all are used up. */
  readonly next: () => number;
}

/** Numbers under one key: 2³². */
export const sequenceLength = 2 ** 32;

/** Numbers that are reserved at a time: 16,384 frames are 21 MB, and leave a key 262,144 starts. */
export const reservedAtOnce = 16_384;

/**
 * Numbers from reservations: `reserve` writes down, before it returns, that block `n` of `reservedAtOnce` numbers is taken, and a
 * sender that dies leaves the rest of its block unused. There is no way back to 0: a number used twice under one key gives
 * GCM's key away, and lets a stranger play old frames.
 */
export const reservedNumbers = (what: string, reserve: () => number): SequenceNumbers => {
  let next = 0;
  let end = 0;
  return {
    next: () => {
      if (next === end) {
        next = reserve() * reservedAtOnce;
        end = next + reservedAtOnce;
      }
      if (next >= sequenceLength) {
        throw new SwathError("link", {
          what: `${what} has used up its sequence numbers`,
          wanted: `at most ${sequenceLength} frames under one key`,
          got: "one more",
          hint: "make a new key: swath keys roll",
        });
      }
      return next++;
    },
  };
};
