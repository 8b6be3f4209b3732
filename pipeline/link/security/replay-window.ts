/** What a window says of a number. */
export type ReplayVerdict = "fresh" | "seen" | "behind";

/** How far behind the highest number one may come late. Frames of a contact come in order: only messages overtake each other. */
export const windowLength = 1024;

/**
 * The numbers of one sender that a receiver has taken: none is taken twice, none from behind the window. Looking and taking are
 * apart: a number is taken only once its frame has proved genuine, or a stranger could move the window past everything that is to
 * come (CCSDS 355.0-B §3.2.5; CryptoLib did just that).
 *
 * The window jumps forward freely: a sender that restarts goes on far above what it reserved before.
 */
export class ReplayWindow {
  /** By number modulo `windowLength`: the number that was taken there; −1: none. */
  readonly #taken = new Float64Array(windowLength).fill(-1);
  #highest = -1;

  /** Whether `number`, a whole number from 0, may be taken. Changes nothing. */
  look(number: number): ReplayVerdict {
    // Not `highest − windowLength ≥ number` alone: with less than a window of numbers behind it there is no edge yet.
    if (this.#highest >= windowLength && number <= this.#highest - windowLength) return "behind";
    return this.#taken[number % windowLength] === number ? "seen" : "fresh";
  }

  /** Takes `number`, which is fresh. */
  take(number: number): void {
    this.#taken[number % windowLength] = number;
    this.#highest = Math.max(this.#highest, number);
  }
}
