import fc from "fast-check";
import { expect, test } from "vitest";
import {
  markBusy,
  newMarks,
  shareSlot,
  slotsOver,
  type Slots,
} from "../../../planning/contacts/busy-slots.ts";

const horizon = 4000;

const stretch = fc
  .tuple(fc.double({ min: -500, max: horizon, noNaN: true }), fc.double({ min: 0, max: 900, noNaN: true }))
  .map(([from, length]) => [from, from + length] as const);

/** The longest stretch of [from, to] that no entry touches. */
const longestFree = (entries: readonly (readonly [number, number])[], from: number, to: number): number => {
  let [longest, start] = [0, from];
  for (const [a, b] of entries.toSorted((one, other) => one[0] - other[0])) {
    if (b <= start || a >= to) continue;
    longest = Math.max(longest, a - start);
    start = Math.max(start, b);
  }
  return Math.max(longest, to - start);
};

test("what has the time in common is never turned away", () => {
  let turnedAway = 0;
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 8 }),
      fc.array(stretch, { maxLength: 8 }),
      stretch,
      fc.integer({ min: 1, max: 200 }),
      (some, others, [from, to], minimum) => {
        const slots = slotsOver(0, horizon, minimum) as Slots;
        const marks = [some, others].map((entries) => {
          const own = newMarks(slots);
          for (const [a, b] of entries) markBusy(slots, own, a, b);
          return own;
        }) as [Uint32Array, Uint32Array];
        const [begin, end] = [Math.max(0, from), Math.min(horizon, to)];
        const isShared = shareSlot(slots, ...marks, begin, end);
        if (longestFree([...some, ...others], begin, end) >= minimum) expect(isShared).toBe(true);
        else if (!isShared) turnedAway++;
      },
    ),
    { numRuns: 2000 },
  );
  expect(turnedAway).toBeGreaterThan(200);
});

test("a whole slot that is free in both is found, wherever it lies in the words", () => {
  const slots = slotsOver(0, 1000, 4) as Slots;
  for (const free of [0, 1, 31, 32, 33, 63, 64, 100]) {
    const marks = newMarks(slots);
    markBusy(slots, marks, 0, free * 2);
    markBusy(slots, marks, free * 2 + 2, 1000);
    expect(shareSlot(slots, marks, newMarks(slots), 0, 1000)).toBe(true);
    expect(shareSlot(slots, marks, newMarks(slots), free * 2 + 2, 1000)).toBe(false);
    markBusy(slots, marks, free * 2, free * 2 + 2);
    expect(shareSlot(slots, marks, newMarks(slots), 0, 1000)).toBe(false);
  }
});

test("no slots where the least contact may be of no length, or the stretch is too long to keep", () => {
  expect(slotsOver(0, 86_400, 0)).toBeNull();
  expect(slotsOver(0, 1e9, 30)).toBeNull();
  expect(slotsOver(10, 10, 30)).toBeNull();
});
