import fc from "fast-check";
import { expect, it } from "vitest";
import { ExposedWeights } from "../../../operators/radiation/exposed-weights.ts";
import type { Protection } from "../../../pipeline/mission/upset-plan.ts";
import { upsetsIn } from "../../../operators/radiation/upset-arrivals.ts";
import { exposureOf } from "../../../operators/radiation/exposure.ts";
import { later, millimetres, seconds, type Instant } from "../../../pipeline/units.ts";
import { lowOrbit, start } from "../platform/spacecraft.ts";

const end = later(start, seconds(86_400));
const exposure = exposureOf(lowOrbit(97), start, end, millimetres(3));
const bits = 64_000;
const key = [7, "weights"];
const factor = 1e4;

const weights = (protection: Protection, scrubEvery = 600) =>
  new ExposedWeights(
    exposure,
    { factor, protection, scrubEvery: seconds(scrubEvery) },
    { bits, key, loadedAt: start },
  );
const at = (time: number): Instant => later(start, seconds(time));
const times = fc
  .array(fc.integer({ min: 0, max: 86_400 }), { minLength: 1, maxLength: 8 })
  .map((all) => all.toSorted((a, b) => a - b));

it("without protection bits add up, in whatever steps they are asked for", () => {
  const every = new Set<number>();
  for (const { bit } of upsetsIn(exposure, { key: [...key, 0], bits, factor }, start, end)) {
    if (!every.delete(bit)) every.add(bit);
  }
  expect(every.size).toBeGreaterThan(50);
  fc.assert(
    fc.property(times, (steps) => {
      const memory = weights("none");
      let upsets = 0;
      for (const time of steps) upsets += memory.use(at(time)).upsets;
      const last = memory.use(end);
      expect(new Set(last.flips[0])).toEqual(every);
      expect(upsets + last.upsets).toBeGreaterThanOrEqual(every.size);
      expect(last).toMatchObject({ corrected: 0, reloads: 0, work: 0 });
    }),
    { numRuns: 10 },
  );
});

it("gives the same array while nothing falls", () => {
  const memory = weights("none");
  const { flips } = memory.use(at(40_000));
  expect(memory.use(at(40_000)).flips[0]).toBe(flips[0]);
});

it("a checksum that is looked at each time leaves nothing wrong, and costs time", () => {
  fc.assert(
    fc.property(times, (steps) => {
      const memory = weights("scrub", 1e-9);
      for (const time of steps) {
        const { flips, upsets, corrected, reloads, work } = memory.use(at(time));
        expect(flips).toEqual([[]]);
        expect(corrected).toBe(upsets);
        expect(reloads).toBe(upsets > 0 ? 1 : 0);
        if (time > 0 && steps.indexOf(time) === 0) expect(work).toBeGreaterThan(0);
      }
    }),
    { numRuns: 20 },
  );
});

it("a checksum that is looked at seldom leaves bits wrong until then", () => {
  const memory = weights("scrub", 43_200);
  expect(memory.use(at(43_000)).flips[0]?.length).toBeGreaterThan(0);
  expect(memory.use(at(43_100)).reloads).toBe(0);
  expect(memory.use(at(43_200))).toMatchObject({ flips: [[]], reloads: 1 });
});

it("ECC leaves nothing wrong where passes are frequent, and reloads where two bits of a word fall together", () => {
  const often = weights("ecc", 60);
  const found = [21_600, 43_200, 86_400].map((time) => often.use(at(time)));
  expect(found.every(({ flips }) => flips[0]?.length === 0)).toBe(true);
  expect(found.reduce((sum, { upsets }) => sum + upsets, 0)).toBeGreaterThan(50);
  for (const { upsets, corrected, reloads } of found) if (reloads === 0) expect(corrected).toBe(upsets);
  const seldom = weights("ecc", 86_400).use(end);
  expect(seldom.reloads).toBe(1);
  expect(seldom.work).toBeGreaterThan(0);
});

it("three copies, each hit in its own way, are alike and right when they are used", () => {
  const memory = weights("vote");
  const { flips, upsets, corrected, reloads, work } = memory.use(at(43_200));
  expect(flips).toEqual([[], [], []]);
  expect(upsets).toBeGreaterThan(100);
  // A bit that was hit twice is right again by itself.
  expect(corrected).toBeGreaterThan(0.9 * upsets);
  expect(reloads).toBe(3);
  // Three copies are read, and three are loaded.
  expect(work).toBeCloseTo((3 * bits) / 8 / 500e6 + (3 * bits) / 8 / 50e6, 9);
});

it("no broken copy is left of copies that differed, however hard they were hit", () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 50 }), (steps, strength) => {
      const plan = { factor: factor * strength, protection: "vote", scrubEvery: seconds(600) } as const;
      const memory = new ExposedWeights(exposure, plan, { bits, key, loadedAt: start });
      for (const time of steps) {
        const { flips, upsets, reloads } = memory.use(at(time));
        if (reloads === 0) expect(upsets).toBe(0);
        expect(flips).toEqual([[], [], []]);
      }
    }),
    { numRuns: 20 },
  );
});
