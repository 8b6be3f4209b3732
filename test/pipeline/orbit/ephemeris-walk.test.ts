import fc from "fast-check";
import { expect, test } from "vitest";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import { walkPlaces } from "../../../pipeline/orbit/ephemeris-walk.ts";
import type { RevolutionsPerDay, Satellite } from "../../../pipeline/orbit/satellite.ts";
import { degrees, later, seconds } from "../../../pipeline/units.ts";
import { walkerEpoch } from "../../../planning/orbits/walker.ts";

const orbit = fc.record({
  motion: fc.constantFrom(15.2, 13.3, 9, 2.006),
  eccentricity: fc.constantFrom(1e-6, 0.01, 0.03),
  inclination: fc.integer({ min: 0, max: 100 }),
  hours: fc.constantFrom(0.02, 1, 7, 25),
});

test("an orbit walked through is the ephemeris to the last bit, also where the walk goes back", () => {
  fc.assert(
    fc.property(
      orbit,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
      ({ motion, eccentricity, inclination, hours }, parts) => {
        const satellite: Satellite = {
          id: "a",
          name: "a",
          catalogNumber: 90_001,
          epoch: walkerEpoch,
          elements: {
            meanMotion: motion as RevolutionsPerDay,
            eccentricity,
            inclination: degrees(inclination),
            rightAscension: degrees(40),
            argumentOfPerigee: degrees(10),
            meanAnomaly: degrees(70),
            drag: 0,
          },
        };
        const span = 3600 * hours;
        const to = later(walkerEpoch, seconds(span));
        const whole = ephemerisOf({ ...satellite }, walkerEpoch, to);
        const placeAt = walkPlaces(satellite, walkerEpoch, to);
        const [walked, kept] = [new Float64Array(3), new Float64Array(6)];
        for (const part of [...parts.toSorted((a, b) => a - b), ...parts]) {
          placeAt(part * span, walked);
          stateInto(whole, part * span, kept);
          expect([...walked]).toEqual([...kept.subarray(0, 3)]);
        }
      },
    ),
    { numRuns: 60 },
  );
});
