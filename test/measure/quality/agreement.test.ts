import fc from "fast-check";
import { expect, test } from "vitest";
import { agreement, summariseAgreement } from "../../../measure/quality/agreement.ts";

const detection = fc
  .record({
    className: fc.constantFrom("ship", "plane"),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    x: fc.double({ min: 0, max: 60, noNaN: true }),
    y: fc.double({ min: 0, max: 60, noNaN: true }),
    w: fc.double({ min: 1, max: 20, noNaN: true }),
  })
  .map(({ className, score, x, y, w }) => ({
    className,
    score,
    boxPx: { x0: x, y0: y, x1: x + w, y1: y + w },
  }));
const found = fc.array(detection, { maxLength: 12 });

test("a set agrees with itself in any order, and is identical", () => {
  fc.assert(
    fc.property(found, (set) => {
      const result = agreement([set], [set.toReversed()]);
      expect(result).toEqual({ matched: set.length, ofA: set.length, ofB: set.length, identical: true });
    }),
  );
});

test("matches are one to one and the same both ways", () => {
  fc.assert(
    fc.property(found, found, (a, b) => {
      const there = agreement([a], [b]);
      expect(there.matched).toBeLessThanOrEqual(Math.min(a.length, b.length));
      expect(agreement([b], [a]).matched).toBe(there.matched);
    }),
  );
});

test("the last bit of a score makes two sets agree but not identical", () => {
  const one = { className: "ship", score: 0.5, boxPx: { x0: 0, y0: 0, x1: 4, y1: 4 } };
  const other = { ...one, score: 0.5 + Number.EPSILON };
  expect(agreement([[one]], [[other]])).toEqual({ matched: 1, ofA: 1, ofB: 1, identical: false });
});

test("fractions are stated both ways", () => {
  const ship = (x: number) => ({ className: "ship", score: 1, boxPx: { x0: x, y0: 0, x1: x + 10, y1: 10 } });
  const summary = summariseAgreement(
    [[ship(0), ship(50)], []],
    [[ship(1), ship(100), ship(200), ship(300)], []],
    ["a", "b"],
  );
  expect(summary).toMatchObject({ rawFoundFraction: 0.5, policyConfirmedFraction: 0.25, identical: false });
  expect(summariseAgreement([[]], [[]], ["a"])).toMatchObject({ rawFoundFraction: 1, identical: true });
});

test("scene lists of different length are a programming error", () => {
  expect(() => agreement([[]], [])).toThrow(RangeError);
});
