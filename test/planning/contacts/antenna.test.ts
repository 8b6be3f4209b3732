import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allotAntennas,
  allotmentRules,
  type Allotment,
  ranking,
} from "../../../planning/contacts/antenna.ts";
import type { GroundStation } from "../../../pipeline/orbit/contact.ts";
import type { Pass } from "../../../planning/contacts/pass.ts";
import { degrees, instant, metres, seconds } from "../../../pipeline/units.ts";

describe("a ranking", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.MIN_VALUE),
    fc.integer({ min: -3, max: 3 }).map((n) => 45 + n * 1e-13), // one upper half, different doubles
  );

  test("is the order that comparing gives, equal keys in the order of the tie", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (values) => {
        const tie = (a: number, b: number): number => b - a;
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : tie(a, b)));
        const ranked = [...ranking(Float64Array.from(values), tie)];
        expect(ranked.map((i) => values[i]! + 0)).toEqual(expected.map((i) => values[i]! + 0));
        if (!values.includes(0)) expect(ranked).toEqual(expected);
      }),
    );
  });
});

const station = (id: string, antennas: number): GroundStation => ({
  id,
  name: id,
  longitude: degrees(0),
  latitude: degrees(0),
  altitude: metres(0),
  minElevation: degrees(5),
  antennas,
});

const pass = (satellite: string, at: string, aos: number, los: number, maxElevation = 45): Pass => ({
  satellite,
  station: at,
  aos: instant(aos),
  los: instant(los),
  culmination: instant((aos + los) / 2),
  maxElevation: degrees(maxElevation),
});

const options = { rule: "highest", minimumContact: seconds(30), turnaround: seconds(0) } as const;

const brief = (allotments: readonly Allotment[]): readonly string[] =>
  allotments.map(({ pass: p, antenna, aos, los }) => `${p.satellite}.${p.station}.${antenna} ${aos}-${los}`);

describe("antennas are allotted", () => {
  test("the higher pass takes all of its window, the lower one what is left on both sides", () => {
    const passes = [pass("low", "a", 0, 600, 20), pass("high", "a", 200, 400, 80)];
    expect(brief(allotAntennas(passes, [station("a", 1)], options))).toEqual([
      "low.a.0 0-200",
      "high.a.0 200-400",
      "low.a.0 400-600",
    ]);
  });

  test("a second antenna serves both", () => {
    const passes = [pass("low", "a", 0, 600, 20), pass("high", "a", 200, 400, 80)];
    expect(brief(allotAntennas(passes, [station("a", 2)], options))).toEqual([
      "low.a.0 0-200",
      "high.a.0 200-400",
      "low.a.1 200-400",
      "low.a.0 400-600",
    ]);
  });

  test("a satellite in sight of two stations changes over, and never holds both", () => {
    const passes = [pass("s", "a", 0, 500, 30), pass("s", "b", 300, 900, 60)];
    expect(brief(allotAntennas(passes, [station("a", 1), station("b", 1)], options))).toEqual([
      "s.a.0 0-300",
      "s.b.0 300-900",
    ]);
  });

  test("earliest: who rises first keeps the antenna", () => {
    const passes = [pass("second", "a", 100, 700, 80), pass("first", "a", 0, 600, 10)];
    expect(brief(allotAntennas(passes, [station("a", 1)], { ...options, rule: "earliest" }))).toEqual([
      "first.a.0 0-600",
      "second.a.0 600-700",
    ]);
  });

  test("pieces below the minimum are dropped, and an antenna turns round first", () => {
    const passes = [pass("low", "a", 0, 600, 20), pass("high", "a", 29, 400, 80)];
    expect(brief(allotAntennas(passes, [station("a", 1)], { ...options, turnaround: seconds(60) }))).toEqual([
      "high.a.0 29-400",
      "low.a.0 460-600",
    ]);
  });

  test("a station without antennas serves nobody", () => {
    expect(allotAntennas([pass("s", "a", 0, 600)], [station("a", 0)], options)).toEqual([]);
  });
});

describe("laws of allotment, whatever the windows", () => {
  const stations = [station("a", 1), station("b", 2), station("c", 3)];
  const passes = fc.array(
    fc
      .record({
        satellite: fc.constantFrom("p", "q", "r", "s", "t"),
        at: fc.constantFrom("a", "b", "c"),
        aos: fc.integer({ min: 0, max: 3000 }),
        length: fc.integer({ min: 1, max: 900 }),
        maxElevation: fc.integer({ min: 5, max: 90 }),
      })
      .map(({ satellite, at, aos, length, maxElevation }) =>
        pass(satellite, at, aos, aos + length, maxElevation),
      ),
    { maxLength: 40 },
  );
  const settings = fc.record({
    rule: fc.constantFrom(...allotmentRules),
    minimumContact: fc.integer({ min: 0, max: 120 }).map(seconds),
    turnaround: fc.integer({ min: 0, max: 90 }).map(seconds),
  });

  /** Whether any two of the same key come closer than the gap. */
  const clash = (allotments: readonly Allotment[], key: (one: Allotment) => string, gap: number): boolean =>
    allotments.some((one, i) =>
      allotments
        .slice(i + 1)
        .some((other) => key(one) === key(other) && one.aos < other.los + gap && other.aos < one.los + gap),
    );

  test("no antenna serves two satellites at once, no satellite holds two antennas", () => {
    fc.assert(
      fc.property(passes, settings, (windows, setting) => {
        const allotments = allotAntennas(windows, stations, setting);
        const antennaOf = (one: Allotment): string => `${one.pass.station} ${one.antenna}`;
        expect(clash(allotments, antennaOf, setting.turnaround)).toBe(false);
        expect(clash(allotments, (one) => one.pass.satellite, 0)).toBe(false);
      }),
    );
  });

  test("allotments lie in their passes, on antennas that exist, and last long enough", () => {
    fc.assert(
      fc.property(passes, settings, (windows, setting) => {
        for (const { pass: p, antenna, aos, los } of allotAntennas(windows, stations, setting)) {
          expect(aos).toBeGreaterThanOrEqual(p.aos);
          expect(los).toBeLessThanOrEqual(p.los);
          expect(los - aos).toBeGreaterThanOrEqual(setting.minimumContact);
          expect(los).toBeGreaterThan(aos);
          expect(antenna).toBeLessThan(stations.find(({ id }) => id === p.station)!.antennas);
        }
      }),
    );
  });

  test("fair: a train of satellites with the same passes shares them to within one pass", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 40, max: 900 }), { minLength: 1, maxLength: 20 }),
        (train, lengths) => {
          let begin = 0;
          const windows = lengths.flatMap((length, n) => {
            const aos = begin;
            begin += length + 100;
            // All see the station at once; the first of the train a little higher each time.
            return Array.from({ length: train }, (_, k) =>
              pass(`s${k}`, "a", aos, aos + length, 80 - k - (n % 3)),
            );
          });
          const one = stations.filter(({ id }) => id === "a").map((place) => ({ ...place, antennas: 1 }));
          const given = new Map(Array.from({ length: train }, (_, k) => [`s${k}`, 0]));
          for (const { pass: p, aos, los } of allotAntennas(windows, one, { ...options, rule: "fair" }))
            given.set(p.satellite, given.get(p.satellite)! + los - aos);
          const shares = [...given.values()];
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(
            lengths.reduce((sum, length) => sum + length, 0),
          );
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(Math.max(...lengths));
        },
      ),
    );
  });

  test("nothing that could be served is left idle", () => {
    fc.assert(
      fc.property(passes, settings, (windows, setting) => {
        const allotments = allotAntennas(windows, stations, setting);
        // Second by second: while a satellite is in sight, idle, and an antenna is idle too, the idle stretch around
        // that second must be too short for a contact.
        const { turnaround } = setting;
        for (const window of windows) {
          const antennas = stations.find(({ id }) => id === window.station)!.antennas;
          for (let antenna = 0; antenna < antennas; antenna++) {
            let idle = 0;
            for (let t = window.aos + 0.5; t < window.los; t++) {
              const busy = allotments.some(
                (one) =>
                  (one.pass.satellite === window.satellite && one.aos < t && t < one.los) ||
                  (one.pass.station === window.station &&
                    one.antenna === antenna &&
                    one.aos - turnaround < t &&
                    t < one.los + turnaround),
              );
              idle = busy ? 0 : idle + 1;
              expect(idle).toBeLessThan(Math.max(1, setting.minimumContact));
            }
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  test("the order of the passes is irrelevant", () => {
    fc.assert(
      fc.property(passes, settings, fc.integer(), (windows, setting, shift) => {
        const turned = windows.map((_, i) => windows[Math.abs(i + shift) % windows.length]!);
        const unique = [...new Map(turned.map((one) => [JSON.stringify(one), one])).values()];
        const sorted = unique.toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
        expect(allotAntennas(unique, stations, setting)).toEqual(allotAntennas(sorted, stations, setting));
      }),
    );
  });
});
