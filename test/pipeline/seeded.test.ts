import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { Seeded, seeded } from "../../pipeline/seeded.ts";

const draws = (random: Seeded, count: number): number[] =>
  Array.from({ length: count }, () => random.uint32());
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("seeded randomness", () => {
  it("is xoshiro128** (first outputs of the reference C code from state 1, 2, 3, 4)", () => {
    expect(draws(new Seeded([1, 2, 3, 4]), 4)).toEqual([11520, 0, 5927040, 70819200]);
  });

  it("depends on the key alone", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.double({ noNaN: true })), { minLength: 1 }), (key) => {
        expect(draws(seeded(...key), 8)).toEqual(draws(seeded(...key), 8));
      }),
    );
  });

  it("separates keys that look alike", () => {
    const first = [
      seeded(1),
      seeded("1"),
      seeded("a", "b"),
      seeded("ab"),
      seeded("b", "a"),
      seeded(1, 0),
      seeded(),
    ];
    expect(new Set(first.map((random) => draws(random, 2).join())).size).toBe(first.length);
  });

  it("splits without regard to what was drawn", () => {
    const fresh = seeded("run");
    const used = seeded("run");
    draws(used, 100);
    expect(draws(used.split("tile", 7), 4)).toEqual(draws(fresh.split("tile", 7), 4));
    expect(draws(fresh.split("tile", 8), 4)).not.toEqual(draws(fresh.split("tile", 7), 4));
  });

  it("has the moments of its distributions", () => {
    const random = seeded("moments");
    const uniform = Array.from({ length: 20_000 }, () => random.uniform());
    expect(mean(uniform)).toBeCloseTo(0.5, 1.5);
    const gaussian = Array.from({ length: 20_000 }, () => random.gaussian());
    expect(Math.abs(mean(gaussian))).toBeLessThan(0.03);
    expect(mean(gaussian.map((x) => x * x))).toBeCloseTo(1, 1);
    const gaps = Array.from({ length: 20_000 }, () => random.geometric(0.05));
    expect(mean(gaps)).toBeGreaterThan(18.3);
    expect(mean(gaps)).toBeLessThan(19.7);
    const hits = Array.from({ length: 5_000 }, () => random.binomial(40, 0.8));
    expect(mean(hits)).toBeCloseTo(32, 0);
    expect(Math.max(...hits)).toBeLessThanOrEqual(40);
  });

  it("keeps integers in range and handles certain and impossible events", () => {
    const random = seeded("edges");
    const dice = Array.from({ length: 600 }, () => random.integer(6));
    expect(new Set(dice)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(random.geometric(0)).toBe(Infinity);
    expect(random.geometric(1)).toBe(0);
    expect([random.binomial(9, 0), random.binomial(9, 1)]).toEqual([0, 9]);
  });
});
