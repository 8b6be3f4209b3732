import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCrosslinkWindows } from "../../../planning/crosslinks/crosslink-plan.ts";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import type { RevolutionsPerDay, Satellite } from "../../../pipeline/orbit/satellite.ts";
import { walkerEpoch } from "../../../planning/orbits/walker.ts";
import { degrees, instant, metres, type Instant } from "../../../pipeline/units.ts";

type Orbit = readonly [number, number, number, number, number, number];

/** Made by test/golden/orbit/crosslinks.py. */
interface Golden {
  readonly epoch: number;
  readonly span_s: number;
  readonly clearance_m: number;
  readonly max_range_m: number;
  readonly orbits: Readonly<Record<string, Orbit>>;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly windows: readonly (readonly [
      from: number,
      to: number,
      minRange: number,
      maxRange: number,
      deepest: number,
    ])[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/crosslinks.json", import.meta.url), "utf8"),
) as Golden;

const satelliteOf = (id: string, [motion, e, i, node, perigee, anomaly]: Orbit): Satellite => ({
  id,
  name: id,
  catalogNumber: 1,
  epoch: walkerEpoch,
  elements: {
    meanMotion: motion as RevolutionsPerDay,
    eccentricity: e,
    inclination: degrees(i),
    rightAscension: degrees(node),
    argumentOfPerigee: degrees(perigee),
    meanAnomaly: degrees(anomaly),
    drag: 1e-5,
  },
});

describe("against SGP4 in C++, second by second", () => {
  const satellites = Object.entries(golden.orbits).map(([id, orbit]) => satelliteOf(id, orbit));
  const found = findCrosslinkWindows({
    satellites,
    terminals: { maxRange: metres(golden.max_range_m), clearance: metres(golden.clearance_m) },
    from: walkerEpoch,
    to: instant(walkerEpoch + golden.span_s),
    topology: "all",
  });

  test("the same windows, edges within a second, least and greatest range in between", () => {
    expect(golden.epoch).toBe(walkerEpoch);
    let compared = 0;
    for (const { a, b, windows } of golden.pairs) {
      const ours = found.filter((window) => window.a === a && window.b === b);
      expect(ours.length, `${a} ${b}`).toBe(windows.length);
      for (const [n, [from, to, minRange, maxRange, deepest]] of windows.entries()) {
        const window = ours[n]!;
        // The line only just clears the air, or the range only just suffices: metres are seconds there.
        const tolerance = deepest > 2000 ? 1 : 10;
        expect(Math.abs(window.from - walkerEpoch - from), `${a} ${b} ${n}`).toBeLessThan(tolerance);
        expect(Math.abs(window.to - walkerEpoch - to), `${a} ${b} ${n}`).toBeLessThan(tolerance);
        // Whole seconds there, any time here; two that fly against each other close at 15 km/s.
        expect(window.maxRange).toBeGreaterThan(maxRange - 30);
        expect(window.maxRange).toBeLessThan(maxRange + 15_000);
        expect(window.minRange).toBeLessThan(minRange + 30);
        expect(window.minRange).toBeGreaterThan(minRange - 8_000);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
    expect(found.length).toBe(compared);
  });
});

const angle = fc.double({ min: 0, max: 359.9, noNaN: true });
const satellites: fc.Arbitrary<Satellite> = fc
  .record({
    size: fc.constantFrom(
      [15.2, 0.001],
      [15.2, 0.001],
      [14.1, 0.05],
      [2.006, 0.72],
      [1.0027, 0.0005],
      [7, 0.4],
    ),
    inclination: fc.double({ min: 0.1, max: 175, noNaN: true }),
    angles: fc.tuple(angle, angle, angle),
  })
  .map(({ size: [motion = 15, e = 0], inclination, angles }) =>
    satelliteOf("x", [motion, e, inclination, ...angles]),
  );

/** Height over the ellipsoid of the lowest point of the line between two satellites: by trying points of it. */
const lowestOf = (
  a: Satellite,
  b: Satellite,
  at: Instant,
): { readonly height: number; readonly range: number } => {
  const [p, q] = [propagate(a, at).position, propagate(b, at).position];
  const heightAt = (share: number): number => {
    const [x, y, z] = [0, 1, 2].map((i) => p[i]! + share * (q[i]! - p[i]!)) as [number, number, number];
    const [equator, pole] = [6_378_137, 6_356_752.314];
    const scaled = Math.hypot(x / equator, y / equator, z / pole);
    return (1 - 1 / scaled) * Math.hypot(x, y, z);
  };
  let [low, high] = [0, 1];
  for (let round = 0; round < 60; round++) {
    const [left, right] = [low + (high - low) * 0.45, low + (high - low) * 0.55];
    if (heightAt(left) < heightAt(right)) high = right;
    else low = left;
  }
  return { height: heightAt(low), range: Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) };
};

describe("crosslink windows", () => {
  const from = instant(walkerEpoch + 7000);
  const to = instant(from + 8 * 3600); // across the seam of two stretches

  test("polling every 30 s sees both inside the limits exactly in their windows", () => {
    let [seen, unseen] = [0, 0];
    fc.assert(
      fc.property(
        satellites,
        satellites,
        fc.constantFrom(300e3, 2_000e3, 60_000e3, 60_000e3),
        fc.constantFrom(0, 100e3),
        fc.boolean(),
        (one, other, maxRange, clearance, alike) => {
          // Of one size they are looked at node by node, else between nodes.
          const { meanMotion, eccentricity } = (alike ? one : other).elements;
          const [a, b] = [
            one,
            { ...other, id: "y", elements: { ...other.elements, meanMotion, eccentricity } },
          ];
          const windows = findCrosslinkWindows({
            satellites: [a, b],
            terminals: { maxRange: metres(maxRange), clearance: metres(clearance) },
            from,
            to,
            topology: "all",
          });
          for (let t = from + 3; t < to; t += 30) {
            const { height, range } = lowestOf(a, b, instant(t));
            // The raised ellipsoid is not quite a constant height over the ellipsoid, nor the curve SGP4.
            if (Math.abs(height - clearance) < 500 || Math.abs(range - maxRange) < 150) continue;
            const sees = height > clearance && range < maxRange;
            if (sees) seen++;
            else unseen++;
            const inside = windows.some((window) => window.from <= t && t <= window.to);
            expect(inside, `${height} m high, ${range} m long, ${t - from} s after the start`).toBe(sees);
          }
          for (const [n, window] of windows.entries()) {
            expect(window.to).toBeGreaterThan(window.from);
            expect(window.from).toBeGreaterThanOrEqual(windows[n - 1]?.to ?? from);
            expect(window.to).toBeLessThanOrEqual(to);
            expect(window.maxRange).toBeLessThanOrEqual(maxRange);
            const middle = instant((window.from + window.to) / 2);
            const { range } = lowestOf(a, b, middle);
            expect(range).toBeGreaterThan(window.minRange - 100);
            expect(range).toBeLessThan(window.maxRange + 100);
          }
        },
      ),
      { numRuns: 24 },
    );
    expect(Math.min(seen, unseen)).toBeGreaterThan(1000);
  });

  test("who never comes near is told apart without looking", () => {
    const [low, high] = [satelliteOf("low", [15, 0, 50, 0, 0, 0]), satelliteOf("high", [1, 0, 0, 0, 0, 0])];
    const request = { satellites: [low, high], from, to, topology: "all" } as const;
    const near = { maxRange: metres(30e6), clearance: metres(0) };
    expect(findCrosslinkWindows({ ...request, terminals: near })).toEqual([]);
    expect(findCrosslinkWindows({ ...request, terminals: { ...near, maxRange: metres(60e6) } }).length).toBe(
      6,
    );
  });
});
