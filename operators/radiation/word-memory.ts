import type { Protection } from "../../pipeline/mission/upset-plan.ts";
import { codeBits, dataBits, decodeFlips } from "./sec-ded.ts";

/** What upsets did to one copy of a memory, or to the vote of three. */
export interface Settled {
  /** Data bits that are wrong when the memory is read. */
  readonly left: readonly number[];
  /** Upsets that were put right. */
  readonly corrected: number;
  /** Words with more wrong bits than can be put right, known to be so. */
  readonly detected: number;
}

/** Bits of one copy that particles can reach, to keep `bits` of data. */
export const exposedBits = (bits: number, protection: Protection): number =>
  protection === "ecc" ? Math.ceil(bits / dataBits) * codeBits : bits;

/** Bits turned over an odd number of times, sorted. */
export const turnedBits = (flips: Iterable<number>): readonly number[] => {
  const odd = new Set<number>();
  for (const bit of flips) if (!odd.delete(bit)) odd.add(bit);
  return [...odd].toSorted((a, b) => a - b);
};

/**
 * Reads a memory of Hamming words of which the code bits `flips` were turned over since it was last read. A word with more
 * wrong bits than the code can correct is left as it stands.
 */
export const settleWords = (flips: readonly number[], bits: number): Settled => {
  const words = new Map<number, number[]>();
  for (const flip of flips) {
    const word = Math.floor(flip / codeBits);
    const places = words.get(word) ?? [];
    places.push(flip % codeBits);
    words.set(word, places);
  }
  const left: number[] = [];
  let corrected = 0;
  let detected = 0;
  for (const [word, places] of words) {
    const { verdict, left: wrong } = decodeFlips(places);
    for (const bit of wrong) if (word * dataBits + bit < bits) left.push(word * dataBits + bit);
    if (verdict === "detected") detected++;
    else if (wrong.length === 0) corrected += places.length;
  }
  return { left: left.sort((a, b) => a - b), corrected, detected };
};

/** Three copies read bit by bit, two against one. */
export const settleCopies = (copies: readonly (readonly number[])[]): Settled => {
  const votes = new Map<number, number>();
  for (const flips of copies) for (const bit of turnedBits(flips)) votes.set(bit, (votes.get(bit) ?? 0) + 1);
  const left = [...votes].flatMap(([bit, count]) => (2 * count > copies.length ? [bit] : []));
  const upsets = copies.reduce((sum, flips) => sum + flips.length, 0);
  const wrong = left.reduce((sum, bit) => sum + (votes.get(bit) ?? 0), 0);
  return { left: left.sort((a, b) => a - b), corrected: upsets - wrong, detected: 0 };
};
