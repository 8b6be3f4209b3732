import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { horizonAt, type Horizon } from "../../../pipeline/orbit/horizon.ts";
import { lookAngles } from "../../../pipeline/orbit/look-angles.ts";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import { temeToEcef } from "../../../pipeline/orbit/reference-frame.ts";
import { degrees, instant } from "../../../pipeline/units.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { findPasses } from "../../../planning/contacts/pass.ts";
import { readStations } from "../../../planning/contacts/station-file.ts";
import { readOrbits } from "../../../planning/orbits/orbit-file.ts";

/** Made by test/golden/orbit/horizon.py. */
interface Golden {
  readonly from: string;
  readonly hours: number;
  readonly elements: Readonly<Record<string, readonly [string, string]>>;
  readonly stations: Readonly<
    Record<
      string,
      {
        readonly longitude: number;
        readonly latitude: number;
        readonly altitude: number;
        readonly min_elevation_deg: number;
        readonly horizon: readonly (readonly [number, number])[];
      }
    >
  >;
  readonly pairs: readonly {
    readonly satellite: string;
    readonly station: string;
    readonly upAtStart: boolean;
    readonly edges: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/horizon.json", import.meta.url), "utf8"),
) as Golden;

const from = instant(Date.parse(golden.from) / 1000);
const to = instant(from + golden.hours * 3600);
const satellites = readOrbits(
  Object.entries(golden.elements)
    .map(([name, lines]) => [name, ...lines].join("\n"))
    .join("\n"),
  "golden",
).satellites;
const { stations } = readStations(
  JSON.stringify({
    features: Object.entries(golden.stations).map(([name, one]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [one.longitude, one.latitude, one.altitude] },
      properties: { name, min_elevation_deg: one.min_elevation_deg, horizon: one.horizon },
    })),
  }),
  "golden",
);

describe("passes over a horizon", () => {
  test("rise and set where Skyfield has them, behind masts and walls too", () => {
    let worst = 0;
    let compared = 0;
    for (const { satellite, station, upAtStart, edges } of golden.pairs) {
      const label = `${satellite} over ${station}`;
      const passes = findPasses(
        satellites.find(({ name }) => name === satellite)!,
        stations.find(({ name }) => name === station)!,
        from,
        to,
      );
      const ours = passes.flatMap(({ aos, los }) => [aos - from, los - from]);
      if (upAtStart) expect(ours.shift(), label).toBe(0);
      if ((edges.length + Number(upAtStart)) % 2 === 1) expect(ours.pop(), label).toBe(golden.hours * 3600);
      expect(ours.length, label).toBe(edges.length);
      for (const [index, edge] of edges.entries()) {
        // Angles agree to 0.002°, for want of UT1 and polar motion; a satellite near apogee takes seconds for that.
        expect(Math.abs(ours[index]! - edge), `${label} at ${edge}`).toBeLessThan(
          satellite === "high" ? 3 : 0.5,
        );
        worst = Math.max(worst, satellite === "high" ? 0 : Math.abs(ours[index]! - edge));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(40);
    console.log(`${compared} edges over horizons: ${worst.toFixed(3)} s off at most in low orbits`);
  });

  test("a satellite stands above the horizon exactly inside its passes, and highest at their culminations", () => {
    for (const satellite of satellites) {
      for (const station of stations) {
        const passes = findPasses(satellite, station, from, to);
        for (let at = from + 7; at < to; at += 31) {
          const moment = instant(at);
          const look = lookAngles(station, temeToEcef(propagate(satellite, moment).position, moment));
          const mask = Math.max(station.minElevation, horizonAt(station.horizon!, look.azimuth));
          // Where it grazes, states between nodes decide.
          if (Math.abs(look.elevation - mask) < 0.02) continue;
          const pass = passes.find(({ aos, los }) => aos <= at && los >= at);
          expect(pass !== undefined, `${satellite.name} over ${station.name} at ${at}`).toBe(
            look.elevation > mask,
          );
          if (pass !== undefined) expect(pass.maxElevation).toBeGreaterThan(look.elevation - 0.01);
        }
      }
    }
  });

  test("a level horizon is a mask, to a millisecond", () => {
    const level = stations.find(({ name }) => name === "level")!;
    const { horizon: _, ...plain } = level;
    const masked = { ...plain, minElevation: degrees(7.5) };
    for (const satellite of satellites) {
      const [ours, theirs] = [level, masked].map((station) => findPasses(satellite, station, from, to));
      expect(ours!.length).toBe(theirs!.length);
      for (const [index, pass] of ours!.entries()) {
        expect(Math.abs(pass.aos - theirs![index]!.aos)).toBeLessThan(3e-3);
        expect(Math.abs(pass.los - theirs![index]!.los)).toBeLessThan(3e-3);
        expect(pass.maxElevation).toBeCloseTo(theirs![index]!.maxElevation, 3);
      }
    }
  });

  test("contacts and their samples keep above it", () => {
    const { contacts } = planContacts({ radio: {}, satellites, stations, from, to });
    expect(contacts.length).toBeGreaterThan(10);
    const lowest = new Map(
      stations.map(({ id, minElevation, horizon }) => [
        id,
        Math.max(minElevation, Math.min(...horizon!.map(({ elevation }) => elevation))),
      ]),
    );
    for (const { station, samples } of contacts)
      for (const { elevation } of samples) expect(elevation).toBeGreaterThan(lowest.get(station)! - 0.01);
  });
});

describe("a horizon", () => {
  const points: Horizon = [
    { azimuth: degrees(10), elevation: degrees(4) },
    { azimuth: degrees(350), elevation: degrees(8) },
  ];
  test.each([
    [10, 4],
    [180, 6],
    [350, 8],
    [0, 6],
    [355, 7],
    [5, 5],
    [360, 6],
  ])("at %i° stands at %i°", (azimuth, elevation) => {
    expect(horizonAt(points, azimuth)).toBeCloseTo(elevation, 12);
  });

  test("lies between its lowest and its highest point, and goes through all of them", () => {
    const heights = fc.uniqueArray(
      fc.record({ azimuth: fc.integer({ min: 0, max: 359 }), elevation: fc.integer({ min: 0, max: 60 }) }),
      {
        minLength: 1,
        selector: ({ azimuth }) => azimuth,
      },
    );
    fc.assert(
      fc.property(heights, fc.double({ min: 0, max: 360, noNaN: true }), (list, azimuth) => {
        const sorted = list.toSorted((a, b) => a.azimuth - b.azimuth) as unknown as Horizon;
        const elevations = sorted.map(({ elevation }) => elevation);
        const at = horizonAt(sorted, azimuth);
        expect(at >= Math.min(...elevations) - 1e-9 && at <= Math.max(...elevations) + 1e-9).toBe(true);
        for (const point of sorted) expect(horizonAt(sorted, point.azimuth)).toBeCloseTo(point.elevation, 9);
      }),
    );
  });
});
