import fc from "fast-check";
import { expect, it } from "vitest";
import {
  exposedBits,
  settleCopies,
  settleWords,
  turnedBits,
} from "../../../operators/radiation/word-memory.ts";

const bits = 1000;
const codeBit = fc.integer({ min: 0, max: exposedBits(bits, "ecc") - 1 });

it("keeps an eighth more bits under ECC, in whole words", () => {
  expect(exposedBits(640, "ecc")).toBe(720);
  expect(exposedBits(641, "ecc")).toBe(792);
  expect(exposedBits(641, "vote")).toBe(641);
});

it("one wrong bit a word leaves nothing wrong", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(codeBit, { maxLength: 12, selector: (bit) => Math.floor(bit / 72) }),
      (flips) => {
        expect(settleWords(flips, bits)).toEqual({ left: [], corrected: flips.length, detected: 0 });
      },
    ),
  );
});

it("a second wrong bit in a word is noticed, and no word but its own is wrong", () => {
  expect(settleWords([72 + 5, 72 + 9, 10], bits)).toMatchObject({ corrected: 1, detected: 1 });
  fc.assert(
    fc.property(fc.uniqueArray(codeBit, { maxLength: 30 }), (flips) => {
      const { left } = settleWords(flips, bits);
      const words = new Set(flips.map((bit) => Math.floor(bit / 72)));
      for (const bit of left) {
        expect(bit).toBeLessThan(bits);
        expect(words.has(Math.floor(bit / 64))).toBe(true);
      }
    }),
  );
});

it("of three copies two win", () => {
  expect(settleCopies([[3, 5], [5, 8], []])).toEqual({ left: [5], corrected: 2, detected: 0 });
  const copy = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 40 });
  fc.assert(
    fc.property(copy, (flips) => {
      expect(settleCopies([flips, [], []]).left).toEqual([]);
      expect(settleCopies([flips, flips, []]).left).toEqual(turnedBits(flips));
    }),
  );
});

it("a bit turned over twice stands as it stood", () => {
  expect(turnedBits([9, 4, 9, 2, 4, 4])).toEqual([2, 4]);
});
