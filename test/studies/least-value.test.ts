import fc from "fast-check";
import { expect, test } from "vitest";
import type { SweepFigures } from "../../measure/summary/sweep-table.ts";
import { parseCondition, parseRange, searchLeast } from "../../studies/least-value.ts";

const figures = (change: Partial<SweepFigures>): SweepFigures => ({
  link_bytes: 1,
  of_raw: null,
  delivered: null,
  median_s: null,
  p90_s: null,
  fits: null,
  room: null,
  energy_j: null,
  lowest_charge: null,
  dropped_bytes: 0,
  detections: 0,
  ap50_from_threshold: null,
  ...change,
});

test("the least of values of which the greater ones satisfy is found in few steps, and is right", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.nat(600), async (count, first) => {
      let steps = 0;
      const { least, isScan } = await searchLeast(count, async (index) => (steps++, index >= first));
      expect(least).toBe(first < count ? first : null);
      if (!isScan) expect(steps).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(count)));
    }),
  );
});

test("where the greatest does not do, values are tried one by one", async () => {
  expect(await searchLeast(20, async (index) => index === 7)).toEqual({ least: 7, isScan: true });
  expect(await searchLeast(20, async () => false)).toEqual({ least: null, isScan: true });
});

test("conditions: times, shares, fits, and several; what is not known holds nothing", () => {
  const within = parseCondition("p90 < 30min");
  expect(within.holds(figures({ p90_s: 1799 }))).toBe(true);
  expect(within.holds(figures({ p90_s: 1800 }))).toBe(false);
  expect(within.holds(figures({ p90_s: null }))).toBe(false);
  expect(parseCondition("delivered >= 99%").holds(figures({ delivered: 0.99 }))).toBe(true);
  expect(parseCondition("delivered>=0.99").holds(figures({ delivered: 0.9899 }))).toBe(false);
  const both = parseCondition("median < 10min and fits");
  expect(both.holds(figures({ median_s: 10, fits: 1 }))).toBe(true);
  expect(both.holds(figures({ median_s: 10, fits: 0 }))).toBe(false);
  expect(both.holds(figures({ median_s: 10 }))).toBe(false);
  expect(parseCondition("room > 2").holds(figures({ fits: 1, room: null }))).toBe(true);
});

test("what is no condition and no range is refused in one line that says what is", () => {
  for (const text of ["p9 < 30min", "p90", "p90 = 3min", "p90 < soon", "fits and", "delivered > 2", ""])
    expect(() => parseCondition(text), text).toThrow(/--find/);
  for (const text of [
    "stations",
    "stations=ksat",
    "stations=ksat:5..5",
    "stations=ksat:9..2",
    "n=1..99999999",
  ])
    expect(() => parseRange(text), text).toThrow(/--over: wanted an option and whole numbers/);
  expect(parseRange("rate=1..3Mbit/s")).toEqual({ key: "rate", values: ["1Mbit/s", "2Mbit/s", "3Mbit/s"] });
  expect(parseRange("stations=ksat:1..2").values).toEqual(["ksat:1", "ksat:2"]);
});
