import fc from "fast-check";
import { expect, test } from "vitest";
import { mostThatFits } from "../../../measure/verdicts/most-that-fits.ts";
import { steadyStoreLevel, storeLevel } from "../../../measure/verdicts/store-level.ts";
import { bytes, instant } from "../../../pipeline/units.ts";

const day = 86_400;
const inflows = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: day - 1 }), size: fc.integer({ min: 1, max: 1000 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((all) =>
    all.toSorted((a, b) => a.at - b.at).map(({ at, size }) => ({ at: instant(at), size: bytes(size) })),
  );
const outflows = fc
  .array(
    fc.record({ length: fc.integer({ min: 1, max: 900 }), carries: fc.integer({ min: 0, max: 5000 }) }),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((all) =>
    all.map(({ length, carries }, n) => ({
      from: instant(n * 4000),
      to: instant(n * 4000 + length),
      carries: bytes(carries),
    })),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test("nothing appears and nothing vanishes: what is left is what came in less what contacts carried, at most all they could", () => {
  fc.assert(
    fc.property(inflows, outflows, fc.integer({ min: 0, max: 3000 }), (made, contacts, initial) => {
      const { fullest, atEnd } = storeLevel(made, contacts, 1, initial);
      const came = initial + sum(made.map(({ size }) => size));
      const could = sum(contacts.map(({ carries }) => carries));
      expect(atEnd).toBeGreaterThanOrEqual(came - could - 1e-6);
      expect(atEnd).toBeLessThanOrEqual(came + 1e-6);
      expect(fullest).toBeGreaterThanOrEqual(Math.max(initial, atEnd) - 1e-6);
      expect(fullest).toBeLessThanOrEqual(came + 1e-6);
    }),
  );
});

test("more work never empties a store, and there is a steady state just where contacts carry all that is made", () => {
  fc.assert(
    fc.property(inflows, outflows, fc.double({ min: 0.1, max: 5, noNaN: true }), (made, contacts, work) => {
      const less = storeLevel(made, contacts, work);
      const more = storeLevel(made, contacts, 1.5 * work);
      expect(more.fullest).toBeGreaterThanOrEqual(less.fullest - 1e-6);
      const came = work * sum(made.map(({ size }) => size));
      const could = sum(contacts.map(({ carries }) => carries));
      if (came < could * 0.999) expect(steadyStoreLevel(made, contacts, work)).not.toBeNull();
      if (came > could + 2) expect(steadyStoreLevel(made, contacts, work)).toBeNull();
    }),
  );
});

test("a steady day ends as it began", () => {
  fc.assert(
    fc.property(inflows, outflows, (made, contacts) => {
      const steady = steadyStoreLevel(made, contacts, 1);
      if (steady === null) return;
      expect(storeLevel(made, contacts, 1, steady.atEnd).atEnd).toBeCloseTo(steady.atEnd, 0);
    }),
  );
});

test("the most that fits is found from above and below, to 0.1 %", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 9e5, noNaN: true }), (limit) => {
      const most = mostThatFits((work) => work <= limit) as number;
      expect(most).toBeLessThanOrEqual(limit);
      expect(most * 1.05).toBeGreaterThan(limit);
    }),
  );
  expect(mostThatFits(() => true)).toBeNull();
  expect(mostThatFits(() => false)).toBe(0);
});
