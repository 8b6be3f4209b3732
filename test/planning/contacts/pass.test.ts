import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GroundStation } from "../../../pipeline/orbit/contact.ts";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import { temeToEcef } from "../../../pipeline/orbit/reference-frame.ts";
import { lookFrom, siteOf } from "../../../pipeline/orbit/look-angles.ts";
import { findPasses } from "../../../planning/contacts/pass.ts";
import { propagate, propagateEcefInto } from "../../../pipeline/orbit/propagator.ts";
import type { RevolutionsPerDay, Satellite } from "../../../pipeline/orbit/satellite.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { degrees, instant, metres, type Instant } from "../../../pipeline/units.ts";

const angle = fc.double({ min: 0, max: 359.9, noNaN: true }).map(degrees);

/** Low orbits, half-day eccentric ones, navigation orbits and geosynchronous ones. */
const satellites: fc.Arbitrary<Satellite> = fc
  .record({
    size: fc.constantFrom(
      [15.2, 0.001],
      [14.1, 0.05],
      [2.006, 0.72],
      [2.006, 0.01],
      [1.0027, 0.0005],
      [7, 0.4],
    ),
    // SGP4 gives velocities that are not quite the rate of its positions, worst near 180°, where nothing flies.
    inclination: fc.integer({ min: 1, max: 1750 }).map((tenths) => degrees(tenths / 10)),
    rightAscension: angle,
    argumentOfPerigee: angle,
    meanAnomaly: angle,
  })
  .map(({ size: [meanMotion = 15, eccentricity = 0], ...angles }) => ({
    id: "x",
    name: "x",
    catalogNumber: 1,
    epoch: walkerEpoch,
    elements: { meanMotion: meanMotion as RevolutionsPerDay, eccentricity, drag: 1e-5, ...angles },
  }));

const stations: fc.Arbitrary<GroundStation> = fc.record({
  id: fc.constant("s"),
  name: fc.constant("s"),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }).map(degrees),
  latitude: fc.double({ min: -90, max: 90, noNaN: true }).map(degrees),
  altitude: fc.double({ min: 0, max: 4000, noNaN: true }).map(metres),
  minElevation: fc.double({ min: 0, max: 60, noNaN: true }).map(degrees),
  antennas: fc.constant(1),
});

const elevationAt = (satellite: Satellite, station: GroundStation, at: Instant): number =>
  lookFrom(siteOf(station), temeToEcef(propagate(satellite, at).position, at)).elevation;

const from = instant(walkerEpoch + 5 * 3600);
const to = instant(from + 16 * 3600);

describe("passes", () => {
  test("polling every 20 s sees a satellite above the mask exactly inside its passes", () => {
    fc.assert(
      fc.property(satellites, stations, (satellite, station) => {
        const passes = findPasses(satellite, station, from, to);
        for (let t = from + 3; t < to; t += 20) {
          const above = elevationAt(satellite, station, instant(t)) - station.minElevation;
          // A thousandth of a degree is what 30 m of curve error may look like from 1 500 km.
          if (Math.abs(above) < 2e-3) continue;
          const inside = passes.some(({ aos, los }) => aos <= t && t <= los);
          expect(inside, `${above}° above the mask ${t - from} s after the start`).toBe(above > 0);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("edges lie on the mask or on the horizon's ends, the culmination between them is the highest point", () => {
    fc.assert(
      fc.property(satellites, stations, (satellite, station) => {
        let before = from - 1;
        for (const { aos, los, culmination, maxElevation } of findPasses(satellite, station, from, to)) {
          expect(aos).toBeGreaterThan(before);
          expect(los).toBeGreaterThan(aos);
          before = los;
          for (const edge of [aos, los]) {
            if (edge === from || edge === to) continue;
            expect(Math.abs(elevationAt(satellite, station, edge) - station.minElevation)).toBeLessThan(5e-3);
          }
          expect(culmination).toBeGreaterThanOrEqual(aos);
          expect(culmination).toBeLessThanOrEqual(los);
          expect(Math.abs(elevationAt(satellite, station, culmination) - maxElevation)).toBeLessThan(2e-2);
          for (let i = 0; i <= 20; i++) {
            const at = instant(aos + ((los - aos) * i) / 20);
            expect(elevationAt(satellite, station, at)).toBeLessThan(maxElevation + 5e-3);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a horizon cut in two finds the same passes, cut where it was", () => {
    const [satellite] = walkerSatellites(
      { total: 1, planes: 1, phasing: 0, altitude: metres(550_000), inclination: null },
      walkerEpoch,
    );
    const station: GroundStation = {
      id: "s",
      name: "s",
      longitude: degrees(15),
      latitude: degrees(78),
      altitude: metres(0),
      minElevation: degrees(5),
      antennas: 1,
    };
    const whole = findPasses(satellite!, station, from, to);
    const cut = instant((whole[3]!.aos + whole[3]!.los) / 2);
    const parts = [
      ...findPasses(satellite!, station, from, cut),
      ...findPasses(satellite!, station, cut, to),
    ];
    expect(whole.length).toBeGreaterThan(8);
    expect(parts.length).toBe(whole.length + 1);
    expect(parts[3]!.los).toBe(cut);
    expect(parts[4]!.aos).toBe(cut);
    expect(parts[4]!.los).toBeCloseTo(whole[3]!.los, 2);
    expect(parts.at(-1)!.culmination).toBeCloseTo(whole.at(-1)!.culmination, 1);
  });

  test("an empty horizon has none", () => {
    const [satellite] = walkerSatellites(
      { total: 1, planes: 1, phasing: 0, altitude: metres(550_000), inclination: null },
      walkerEpoch,
    );
    fc.assert(
      fc.property(stations, (station) => {
        expect(findPasses(satellite!, station, from, from)).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });
});

describe("the curve between SGP4 states", () => {
  test("stays within 60 m and 10 m/s of SGP4, anywhere on any orbit", () => {
    fc.assert(
      fc.property(satellites, fc.double({ min: 0, max: 1, noNaN: true }), (satellite, share) => {
        const ephemeris = ephemerisOf(satellite, from, to);
        const curve = new Float64Array(6);
        const truth = new Float64Array(6);
        for (let i = 0; i < 50; i++) {
          const t = ((i + share) / 50) * (to - from);
          stateInto(ephemeris, t, curve);
          propagateEcefInto(satellite, instant(from + t), truth, 0);
          const error = truth.map((value, axis) => value - curve[axis]!);
          expect(Math.hypot(error[0]!, error[1]!, error[2]!)).toBeLessThan(60);
          expect(Math.hypot(error[3]!, error[4]!, error[5]!)).toBeLessThan(10);
        }
      }),
      { numRuns: 60 },
    );
  });
});
