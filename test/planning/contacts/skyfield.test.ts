import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readOrbits } from "../../../planning/orbits/orbit-file.ts";
import type { GroundStation } from "../../../pipeline/orbit/contact.ts";
import { temeToEcef } from "../../../pipeline/orbit/reference-frame.ts";
import { lookAngles } from "../../../pipeline/orbit/look-angles.ts";
import { findPasses, type Pass } from "../../../planning/contacts/pass.ts";
import { propagate, subPoint } from "../../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { degrees, instant, metres } from "../../../pipeline/units.ts";

/** Made by test/golden/orbit/passes.py. */
interface Golden {
  readonly from: number;
  readonly to: number;
  readonly min_elevation_deg: number;
  readonly pairs: readonly {
    readonly catalogNumber: number;
    readonly station: string;
    readonly longitude_deg: number;
    readonly latitude_deg: number;
    readonly passes: readonly (readonly [rise: number, top: number, set: number, maxElevation: number])[];
  }[];
  readonly look: readonly {
    readonly catalogNumber: number;
    readonly at: number;
    readonly longitude_deg: number;
    readonly latitude_deg: number;
    readonly elevation_deg: number;
    readonly azimuth_deg: number;
    readonly range_m: number;
    readonly sub_longitude_deg: number;
    readonly sub_latitude_deg: number;
    readonly altitude_m: number;
  }[];
}

const elementsFile = "../shared/datasets/orbits/active-2026-08-13.tle";
const absent = !existsSync(elementsFile);
if (absent) console.log(`comparison with Skyfield skipped: ${elementsFile} is not there`);

const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/passes.json", import.meta.url), "utf8"),
) as Golden;

const place = (longitude: number, latitude: number): GroundStation => ({
  id: "place",
  name: "place",
  longitude: degrees(longitude),
  latitude: degrees(latitude),
  altitude: metres(0),
  minElevation: degrees(golden.min_elevation_deg),
  antennas: 1,
});

describe.skipIf(absent)("against Skyfield", () => {
  const satellites = new Map<number, Satellite>(
    absent
      ? []
      : readOrbits(readFileSync(elementsFile, "utf8"), "active.tle").satellites.map((one) => [
          one.catalogNumber,
          one,
        ]),
  );

  test("passes: rise and set within a second, none missed or invented a degree above the mask", () => {
    const [from, to] = [instant(golden.from), instant(golden.to)];
    let worstEdge = 0;
    let compared = 0;
    for (const pair of golden.pairs) {
      const satellite = satellites.get(pair.catalogNumber)!;
      const ours = findPasses(satellite, place(pair.longitude_deg, pair.latitude_deg), from, to);
      const label = `${satellite.name} over ${pair.station}`;
      const matched = new Set<Pass>();
      for (const [rise, top, set, maxElevation] of pair.passes) {
        const pass = ours.find(({ aos, los }) => aos < set && los > rise);
        if (pass === undefined) {
          expect(maxElevation, `${label} at ${top}`).toBeLessThan(golden.min_elevation_deg + 1);
          continue;
        }
        matched.add(pass);
        compared++;
        expect(Math.abs(pass.aos - rise), `${label} rises at ${rise}`).toBeLessThan(1);
        expect(Math.abs(pass.los - set), `${label} sets at ${set}`).toBeLessThan(1);
        expect(Math.abs(pass.maxElevation - maxElevation), `${label} at ${top}`).toBeLessThan(0.05);
        worstEdge = Math.max(worstEdge, Math.abs(pass.aos - rise), Math.abs(pass.los - set));
      }
      const invented = ours.filter(
        (pass) =>
          !matched.has(pass) &&
          pass.aos > from &&
          pass.los < to &&
          pass.maxElevation > golden.min_elevation_deg + 1,
      );
      expect(invented, label).toEqual([]);
    }
    expect(compared).toBeGreaterThan(1300);
    console.log(
      `${compared} passes of ${golden.pairs.length} pairs: edges ${worstEdge.toFixed(3)} s off at most`,
    );
  });

  test("look angles and sub-points within what UT1 − UTC and polar motion move", () => {
    const worst = { angle: 0, range: 0, subPoint: 0, altitude: 0 };
    for (const one of golden.look) {
      const satellite = satellites.get(one.catalogNumber)!;
      const at = instant(one.at);
      const ecef = temeToEcef(propagate(satellite, at).position, at);
      const look = lookAngles(place(one.longitude_deg, one.latitude_deg), ecef);
      const point = subPoint(satellite, at);
      worst.angle = Math.max(worst.angle, Math.abs(look.elevation - one.elevation_deg));
      worst.range = Math.max(worst.range, Math.abs(look.range - one.range_m));
      worst.subPoint = Math.max(
        worst.subPoint,
        Math.abs(point.latitude - one.sub_latitude_deg),
        Math.abs(point.longitude - one.sub_longitude_deg),
      );
      worst.altitude = Math.max(worst.altitude, Math.abs(point.altitude - one.altitude_m));
    }
    console.log(`look angles: ${JSON.stringify(worst)}`);
    expect(golden.look.length).toBe(40);
    expect(worst.subPoint).toBeLessThan(0.003);
    expect(worst.altitude).toBeLessThan(0.1);
    expect(worst.angle).toBeLessThan(0.005);
    expect(worst.range).toBeLessThan(300);
  });
});
