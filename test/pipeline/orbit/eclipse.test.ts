import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOrbits } from "../../../planning/orbits/orbit-file.ts";
import { eclipsesIn, limbViewInto, visibleShare, type Eclipse } from "../../../pipeline/orbit/eclipse.ts";
import { earthRadius } from "../../../pipeline/orbit/reference-frame.ts";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import { sunDirectionEcef } from "../../../pipeline/orbit/sun.ts";
import { instant, later, seconds, type Instant } from "../../../pipeline/units.ts";
import { lowOrbit, start } from "../../operators/platform/spacecraft.ts";

/** Made by test/golden/orbit/eclipses.py; seconds from `from`. */
interface Golden {
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly satellites: readonly {
      readonly catalogNumber: number;
      readonly sunlit: readonly number[];
      readonly penumbra: readonly number[];
      readonly umbra: readonly number[];
    }[];
  }[];
}

const elementsFile = "../shared/datasets/orbits/active-2026-08-13.tle";
const absent = !existsSync(elementsFile);
if (absent) console.log(`eclipses by Skyfield skipped: ${elementsFile} is not there`);

const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/eclipses.json", import.meta.url), "utf8"),
) as Golden;

/** Changes between light and dark inside the stretch. */
const turnsOf = (
  eclipses: readonly Eclipse[],
  [entry, exit]: readonly [
    "penumbraEntry" | "centreEntry" | "umbraEntry",
    "penumbraExit" | "centreExit" | "umbraExit",
  ],
  from: number,
  to: number,
): readonly number[] =>
  eclipses
    .flatMap((one) => [one[entry], one[exit]])
    .filter((at): at is Instant => at !== null && at > from && at < to)
    .map((at) => at - from);

describe.skipIf(absent)("eclipses of a hundred satellites", () => {
  const satellites = new Map(
    absent
      ? []
      : readOrbits(readFileSync(elementsFile, "utf8"), "active.tle").satellites.map((one) => [
          one.catalogNumber,
          one,
        ]),
  );

  it("begin and end within a second of Skyfield's, penumbras and umbras within a second of ERFA's Sun", () => {
    const worst = { sunlit: 0, penumbra: 0, umbra: 0 };
    let compared = 0;
    for (const { from, to, satellites: expected } of golden.spans) {
      for (const one of expected) {
        const found = eclipsesIn(satellites.get(one.catalogNumber)!, instant(from), instant(to));
        for (const [kind, ends] of [
          ["sunlit", ["centreEntry", "centreExit"]],
          ["penumbra", ["penumbraEntry", "penumbraExit"]],
          ["umbra", ["umbraEntry", "umbraExit"]],
        ] as const) {
          const turns = turnsOf(found, ends, from, to);
          expect(turns.length, `${one.catalogNumber} ${kind}`).toBe(one[kind].length);
          for (const [i, at] of turns.entries())
            worst[kind] = Math.max(worst[kind], Math.abs(at - one[kind][i]!));
          compared += turns.length;
        }
      }
    }
    expect(compared).toBeGreaterThan(1500);
    expect(Math.max(worst.sunlit, worst.penumbra, worst.umbra)).toBeLessThan(1);
  });
});

/** By counting points of the Sun's disc on a fine grid, both discs drawn flat. */
const countedShare = (height: number, sun: number, earth: number): number => {
  const cells = 400;
  const apart = height + earth;
  let [free, all] = [0, 0];
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const x = ((2 * i + 1) / cells - 1) * sun;
      const y = ((2 * j + 1) / cells - 1) * sun;
      if (x * x + y * y > sun * sun) continue;
      all++;
      if ((x + apart) ** 2 + y * y > earth * earth) free++;
    }
  }
  return free / all;
};

describe("the share of the Sun that is seen", () => {
  it("is the part of its disc outside the Earth's", () => {
    const sun = 0.00465;
    for (const earth of [0.15, 0.5, 1.15])
      for (const height of [-0.9, -0.5, 0, 0.3, 0.8].map((part) => part * sun))
        expect(visibleShare({ height, sun, earth })).toBeCloseTo(countedShare(height, sun, earth), 2);
  });

  it("falls from 1 to 0 as the Sun sets, without a jump", () => {
    const view = { height: 0, sun: 0.00465, earth: 1.1 };
    let last = 1;
    for (let part = 1.2; part >= -1.2; part -= 0.001) {
      const share = visibleShare({ ...view, height: part * view.sun });
      expect(share).toBeLessThanOrEqual(last + 1e-5);
      expect(last - share).toBeLessThan(0.002);
      last = share;
    }
    expect(last).toBe(0);
  });

  it("does not depend on the frame, and knows day from night", () => {
    const view = { height: 0, sun: 0, earth: 0 };
    const au = 149_597_870_700;
    limbViewInto(earthRadius + 550_000, 0, 0, au, 0, 0, view);
    expect(visibleShare(view)).toBe(1);
    limbViewInto(-(earthRadius + 550_000), 0, 0, au, 0, 0, view);
    expect(visibleShare(view)).toBe(0);
    const along = view.height;
    limbViewInto(0, -(earthRadius + 550_000), 0, 0, au, 0, view);
    expect(view.height).toBeCloseTo(along, 12);
    expect(view.sun).toBeCloseTo(0.00465, 5);
  });
});

describe("finding eclipses", () => {
  it("gives contacts in order, apart, and each where the Sun's edge or centre touches the limb", () => {
    const end = later(start, seconds(43_200));
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 110, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (inclination, node, anomaly) => {
          const eclipses = eclipsesIn(lowOrbit(inclination, node, anomaly), start, end);
          let last: number = start;
          for (const one of eclipses) {
            const contacts = Object.values(one).filter((at): at is Instant => at !== null);
            for (const at of contacts) {
              expect(at).toBeGreaterThanOrEqual(last);
              last = at;
            }
            expect(one.penumbraExit - one.penumbraEntry).toBeLessThan(2400);
            expect(one.umbraEntry === null).toBe(one.umbraExit === null);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("misses none that is shorter than its steps, where an orbit only grazes the shadow", () => {
    const end = later(start, seconds(6000));
    const state = new Float64Array(6);
    const view = { height: 0, sun: 0, earth: 0 };
    let short = 0;
    for (let node = 0; node < 360; node += 0.5) {
      const ephemeris = ephemerisOf(lowOrbit(97.6, node), start, end);
      let lowest = Infinity;
      for (let t = 0; t <= 6000; t += 5) {
        stateInto(ephemeris, t, state);
        const [x, y, z] = sunDirectionEcef(later(start, seconds(t)));
        limbViewInto(state[0]!, state[1]!, state[2]!, x * 1.5e11, y * 1.5e11, z * 1.5e11, view);
        lowest = Math.min(lowest, view.height - view.sun);
      }
      const found = eclipsesIn(ephemeris, start, end);
      if (lowest < -1e-5) expect(found.length, `node ${node}`).toBeGreaterThan(0);
      if (lowest > 1e-4) expect(found.length, `node ${node}`).toBe(0);
      if (found.some((one) => one.penumbraExit - one.penumbraEntry < 120)) short++;
    }
    expect(short).toBeGreaterThan(0);
  });

  it("finds the same from a satellite, from its ephemeris, and in parts of the horizon", () => {
    const end = later(start, seconds(20_000));
    const middle = later(start, seconds(9000));
    const whole = eclipsesIn(lowOrbit(), start, end);
    expect(whole.length).toBeGreaterThan(2);
    expect(eclipsesIn(ephemerisOf(lowOrbit(), start, end), start, end)).toEqual(whole);
    const seen = (eclipses: readonly Eclipse[]): number =>
      eclipses.reduce((sum, one) => sum + one.penumbraExit - one.penumbraEntry, 0);
    const parts = [...eclipsesIn(lowOrbit(), start, middle), ...eclipsesIn(lowOrbit(), middle, end)];
    expect(seen(parts)).toBeCloseTo(seen(whole), 1);
    expect(eclipsesIn(lowOrbit(), end, start)).toEqual([]);
  });
});
