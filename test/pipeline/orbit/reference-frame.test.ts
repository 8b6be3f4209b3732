import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ecefToGeodetic, geodeticToEcef, siderealTime } from "../../../pipeline/orbit/reference-frame.ts";
import { lookFrom, siteOf } from "../../../pipeline/orbit/look-angles.ts";
import { rootBetween } from "../../../pipeline/orbit/root.ts";
import { sunAt, sunElevation } from "../../../pipeline/orbit/sun.ts";
import { degrees, instant, metres, parseInstant, toDegrees } from "../../../pipeline/units.ts";

const at = (text: string) => parseInstant(text)!;

describe("frames, against worked examples of Vallado's Fundamentals of Astrodynamics (4th ed.)", () => {
  test("sidereal time (example 3-5)", () => {
    expect(toDegrees(siderealTime(at("1992-08-20T12:14:00Z")))).toBeCloseTo(152.57878781, 7);
  });

  test("geodetic coordinates (example 3-3)", () => {
    const { longitude, latitude, altitude } = ecefToGeodetic([6_524_834, 6_862_875, 6_448_296]);
    expect(latitude).toBeCloseTo(34.352496, 5);
    expect(longitude).toBeCloseTo(46.4464, 4);
    expect(altitude / 1000).toBeCloseTo(5085.22, 2);
  });

  test("geodetic and back, from the ground to the height of navigation satellites, at the poles too", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 179.999, noNaN: true }),
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -400, max: 2e7, noNaN: true }),
        (longitude, latitude, altitude) => {
          const position = geodeticToEcef({
            longitude: degrees(longitude),
            latitude: degrees(latitude),
            altitude: metres(altitude),
          });
          const back = ecefToGeodetic(position);
          const again = geodeticToEcef(back);
          expect(Math.hypot(...again.map((value, axis) => value - position[axis]!))).toBeLessThan(1e-6);
          expect(back.altitude).toBeCloseTo(altitude, 5);
          expect(back.longitude).toBeLessThan(180);
        },
      ),
    );
  });
});

describe("look angles", () => {
  const site = siteOf({ longitude: degrees(10), latitude: degrees(50), altitude: metres(100) });
  const seen = (east: number, north: number, up: number) =>
    lookFrom(
      site,
      [0, 1, 2].map(
        (axis) =>
          site.position[axis]! + east * site.east[axis]! + north * site.north[axis]! + up * site.up[axis]!,
      ) as [number, number, number],
    );

  test("north, east, south, west, overhead", () => {
    expect(seen(1, 1000, 0)).toMatchObject({
      azimuth: expect.closeTo(0.057296, 5),
      elevation: expect.closeTo(0, 9),
    });
    expect(seen(1000, 0, 1000)).toMatchObject({
      azimuth: expect.closeTo(90, 9),
      elevation: expect.closeTo(45, 9),
    });
    expect(seen(0, -1000, 0).azimuth).toBeCloseTo(180, 9);
    expect(seen(-1000, 0, 0).azimuth).toBeCloseTo(270, 9);
    expect(seen(0, 0, 5000)).toMatchObject({
      elevation: expect.closeTo(90, 5),
      range: expect.closeTo(5000, 6),
    });
  });
});

describe("the Sun", () => {
  test("stands where almanacs put it at the equinox and the solstice of 2026", () => {
    const spring = sunAt(at("2026-03-20T14:46:00Z"));
    expect(Math.abs(toDegrees(spring.declination))).toBeLessThan(0.01);
    expect(Math.abs(toDegrees(spring.rightAscension))).toBeLessThan(0.02);
    const summer = sunAt(at("2026-06-21T08:24:00Z"));
    expect(toDegrees(summer.declination)).toBeCloseTo(23.436, 2);
    expect(toDegrees(summer.rightAscension)).toBeCloseTo(90, 1);
  });

  test("is overhead on the Tropic at solar noon, and down at midnight", () => {
    // Greenwich, solstice of 2026: solar noon at 12:02 UTC by the equation of time.
    const noon = at("2026-06-21T12:01:54Z");
    expect(sunElevation(degrees(0), degrees(23.436), noon)).toBeGreaterThan(89.9);
    expect(sunElevation(degrees(180), degrees(0), noon)).toBeLessThan(-60);
  });
});

describe("roots", () => {
  test("lie in the bracket and within the tolerance of the true one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.constantFrom(
          (x: number) => x,
          (x: number) => x ** 3,
          (x: number) => Math.tanh(20 * x),
          (x: number) => Math.expm1(x / 10),
          (x: number) => Math.sign(x) || 1,
        ),
        (root, left, right, shape) => {
          let calls = 0;
          const f = (x: number): number => {
            calls++;
            return shape(x - root);
          };
          const [a, b] = [root - left, root + right];
          const found = rootBetween(f, a, f(a), b, f(b), 1e-6);
          expect(Math.abs(found - root)).toBeLessThan(3e-6);
          expect(found).toBeGreaterThanOrEqual(a);
          expect(found).toBeLessThanOrEqual(b);
          expect(calls).toBeLessThan(60);
        },
      ),
    );
  });
});

test("instants are seconds, so sidereal time turns once in 86164.09 s", () => {
  const start = at("2026-01-01T00:00:00Z");
  expect(siderealTime(instant(start + 86_164.0905))).toBeCloseTo(siderealTime(start), 7);
});
