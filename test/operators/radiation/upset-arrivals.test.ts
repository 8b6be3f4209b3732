import fc from "fast-check";
import { expect, it } from "vitest";
import { upsetsIn } from "../../../operators/radiation/upset-arrivals.ts";
import { exposureOf, upsetsExpected } from "../../../operators/radiation/exposure.ts";
import { instant, later, millimetres, seconds } from "../../../pipeline/units.ts";
import { lowOrbit, start } from "../platform/spacecraft.ts";

const end = later(start, seconds(86_400));
const exposure = exposureOf(lowOrbit(97), start, end, millimetres(3));
const memory = { key: [1, "memory"], bits: 1_000_000, factor: 1e4 } as const;
const all = upsetsIn(exposure, memory, start, end);

/** Sum of (observed − expected)² / expected. */
const chiSquare = (observed: readonly number[], expected: readonly number[]): number =>
  observed.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);

it("the upsets of a stretch do not depend on how the time before was asked for", () => {
  const moment = fc.double({ min: start - 1000, max: end + 1000, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(moment, moment, moment), (moments) => {
      const [a, b, c] = moments.toSorted((x, y) => x - y).map(instant) as [never, never, never];
      expect([...upsetsIn(exposure, memory, a, b), ...upsetsIn(exposure, memory, b, c)]).toEqual(
        upsetsIn(exposure, memory, a, c),
      );
    }),
    { numRuns: 20 },
  );
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => a - b));
});

it("comes as often as expected, at all and in each quarter of the day", () => {
  const quarters = [0, 1, 2, 3].map((i) => {
    const from = later(start, seconds(i * 21_600));
    const to = later(from, seconds(21_600));
    const expected = upsetsExpected(exposure, from, to) * memory.bits * memory.factor;
    return { expected, observed: all.filter(({ at }) => at >= from && at < to).length };
  });
  const counts = quarters.map(({ observed }) => observed);
  // 99.9 % of a chi-square of four degrees of freedom.
  expect(
    chiSquare(
      counts,
      quarters.map(({ expected }) => expected),
    ),
  ).toBeLessThan(18.5);
  expect(Math.min(...counts)).toBeGreaterThan(100);
});

it("turns over every bit as often as any other", () => {
  const slices = 64;
  const counts = Array.from({ length: slices }, () => 0);
  for (const { bit } of all) counts[Math.floor((bit * slices) / memory.bits)]!++;
  expect(all.every(({ bit }) => Number.isInteger(bit) && bit >= 0 && bit < memory.bits)).toBe(true);
  // 99.9 % of a chi-square of 63 degrees of freedom.
  expect(
    chiSquare(
      counts,
      Array.from({ length: slices }, () => all.length / slices),
    ),
  ).toBeLessThan(103.4);
  const places = Array.from({ length: 64 }, () => 0);
  for (const { bit } of all) places[bit % 64]!++;
  expect(
    chiSquare(
      places,
      Array.from({ length: 64 }, () => all.length / 64),
    ),
  ).toBeLessThan(103.4);
});

it("differs from memory to memory, and there are none at factor 0", () => {
  expect(upsetsIn(exposure, { ...memory, key: [1, "other"] }, start, end)).not.toEqual(all);
  expect(upsetsIn(exposure, { ...memory, factor: 0 }, start, end)).toEqual([]);
  expect(upsetsIn(exposure, { ...memory, bits: 0 }, start, end)).toEqual([]);
});

it("has a tenth as many at a tenth of the factor", () => {
  const few = upsetsIn(exposure, { ...memory, factor: memory.factor / 10 }, start, end).length;
  const expected = (upsetsExpected(exposure, start, end) * memory.bits * memory.factor) / 10;
  expect(Math.abs(few - expected)).toBeLessThan(4 * Math.sqrt(expected));
});
