import { describe, expect, test } from "vitest";
import { parseWalker, resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { temeToEcef, ecefToGeodetic } from "../../../pipeline/orbit/reference-frame.ts";
import { groundSpeed, orbitalPeriod, propagate, subPoint } from "../../../pipeline/orbit/propagator.ts";
import {
  defaultPlanes,
  sunSynchronousInclination,
  walkerEpoch,
  walkerSatellites,
} from "../../../planning/orbits/walker.ts";
import { formatInstant, instant, metres } from "../../../pipeline/units.ts";

const noFiles = (path: string): string => expect.unreachable(`asked for ${path}`);

describe("Walker constellations", () => {
  test("12/3/1: three planes 120° apart, four slots 90° apart, 30° ahead from plane to plane", async () => {
    const satellites = await resolveConstellation("walker:12/3/1@550km,97.6deg", noFiles);
    expect(satellites.length).toBe(12);
    expect(satellites.slice(0, 5).map(({ id }) => id)).toEqual([
      "walker-1-1",
      "walker-1-2",
      "walker-1-3",
      "walker-1-4",
      "walker-2-1",
    ]);
    const [first, second, , , fifth] = satellites.map(({ elements }) => elements);
    expect(second!.meanAnomaly - first!.meanAnomaly).toBeCloseTo(90, 9);
    expect(fifth!.meanAnomaly - first!.meanAnomaly).toBeCloseTo(30, 9);
    expect((fifth!.rightAscension - first!.rightAscension + 360) % 360).toBeCloseTo(120, 9);
    expect(new Set(satellites.map(({ elements }) => elements.inclination))).toEqual(new Set([97.6]));
    expect(formatInstant(satellites[0]!.epoch)).toBe("2026-01-01T00:00:00.000Z");
  });

  test("what is not said: planes, phasing, height, a sun-synchronous inclination", () => {
    expect([1, 2, 3, 4, 7, 12, 50, 150, 2800].map(defaultPlanes)).toEqual([1, 1, 1, 2, 1, 3, 5, 10, 50]);
    expect(parseWalker("walker:12")).toEqual({
      total: 12,
      planes: 3,
      phasing: 1,
      altitude: 550_000,
      inclination: null,
    });
    expect(parseWalker("walker:3").phasing).toBe(0);
    // Sentinel-2: 786 km, 98.62°; Landsat 8: 705 km, 98.2°.
    expect(sunSynchronousInclination(metres(786_000))).toBeCloseTo(98.56, 1);
    expect(sunSynchronousInclination(metres(705_000))).toBeCloseTo(98.2, 1);
  });

  test("it flies at the height asked for, to the 20 km by which J2 and the ellipsoid bend it", async () => {
    const [satellite] = await resolveConstellation("walker:1@550km", noFiles);
    const period = orbitalPeriod(satellite!);
    expect(period).toBeCloseTo(5739, -1);
    let sum = 0;
    for (let i = 0; i < 100; i++) {
      const at = instant(walkerEpoch + (i * period) / 100);
      const [x, y, z] = propagate(satellite!, at).position;
      sum += Math.hypot(x, y, z) - 6_378_135;
      expect(Math.abs(subPoint(satellite!, at).altitude - 560_000)).toBeLessThan(25_000);
    }
    expect(sum / 100 / 1000).toBeCloseTo(550, -1);
    expect(groundSpeed(satellite!, walkerEpoch)).toBeGreaterThan(6900);
    expect(groundSpeed(satellite!, walkerEpoch)).toBeLessThan(7300);
  });

  test("its first plane comes down over the equator at 10:30 mean solar time, a month later too", async () => {
    const [satellite] = await resolveConstellation("walker:1", noFiles);
    const latitudeAt = (t: number): number => subPoint(satellite!, instant(t)).latitude;
    const localHours = (t: number): number =>
      ((((t % 86_400) / 3600 + subPoint(satellite!, instant(t)).longitude / 15) % 24) + 24) % 24;
    for (const days of [0, 30]) {
      let t = walkerEpoch + days * 86_400;
      while (!(latitudeAt(t) > 0 && latitudeAt(t + 10) <= 0)) t += 10;
      expect(Math.abs(localHours(t) - 10.5)).toBeLessThan(0.02);
    }
  });

  test("another epoch moves the whole constellation with the Sun", () => {
    const pattern = parseWalker("walker:4");
    const epoch = instant(walkerEpoch + 182.6 * 86_400);
    const [january] = walkerSatellites(pattern, walkerEpoch);
    const [july] = walkerSatellites(pattern, epoch);
    expect(july!.epoch).toBe(epoch);
    const turned = (july!.elements.rightAscension - january!.elements.rightAscension + 360) % 360;
    expect(turned).toBeGreaterThan(175);
    expect(turned).toBeLessThan(185);
  });

  test("sub-points agree with the Earth-fixed position", async () => {
    const [satellite] = await resolveConstellation("walker:1", noFiles);
    const ecef = temeToEcef(propagate(satellite!, walkerEpoch).position, walkerEpoch);
    expect(subPoint(satellite!, walkerEpoch)).toEqual(ecefToGeodetic(ecef));
  });
});
