import {
  degrees,
  instant,
  metres,
  toDegrees,
  type Degrees,
  type Instant,
  type Metres,
  toRadians,
} from "../../pipeline/units.ts";
import { siderealTime } from "../../pipeline/orbit/reference-frame.ts";
import type { RevolutionsPerDay, Satellite } from "../../pipeline/orbit/satellite.ts";

/**
 * A Walker-delta pattern i: T/P/F (J. G. Walker, 1984): T satellites in P circular planes evenly spread over 360° of
 * right ascension, T/P evenly spaced in each, a satellite of the next plane ahead by F · 360°/T.
 */
export interface Walker {
  readonly total: number;
  readonly planes: number;
  /** 0 … planes − 1. */
  readonly phasing: number;
  /** Above the equatorial radius. */
  readonly altitude: Metres;
  /** `null`: the inclination that makes the orbit sun-synchronous. */
  readonly inclination: Degrees | null;
}

/** Epoch of synthetic constellations unless the caller sets another: 2026-01-01T00:00:00Z. */
export const walkerEpoch: Instant = instant(1_767_225_600);
/** Altitude of a Walker constellation when none is given. */
export const walkerAltitude = metres(550_000);

/** WGS 72, the constants of SGP4: kilometres, km³/s². */
const radiusKm = 6378.135;
const gravity = 398_600.8;
const j2 = 0.001082616;
/** One turn a tropical year, rad/s. */
const sunRate = (2 * Math.PI) / (365.2421897 * 86_400);

/** The largest divisor of `total` that is not above its square root: 12 → 3, 150 → 10, a prime → 1. */
export const defaultPlanes = (total: number): number => {
  for (let planes = Math.floor(Math.sqrt(total)); planes > 1; planes--)
    if (total % planes === 0) return planes;
  return 1;
};

/** The inclination at which J2 turns a circular orbit once a year; `null` where none does, above 5 970 km. */
export const sunSynchronousInclination = (altitude: Metres): Degrees | null => {
  const axis = radiusKm + altitude / 1000;
  const rate = Math.sqrt(gravity / axis ** 3);
  const cosine = -sunRate / (1.5 * j2 * rate * (radiusKm / axis) ** 2);
  return cosine < -1 ? null : degrees((Math.acos(cosine) * 180) / Math.PI);
};

/** The Kozai mean motion that element sets state for a circular orbit of this height, by the inverse of SGP4's first step. */
export const meanMotion = (altitude: Metres, inclination: Degrees): RevolutionsPerDay => {
  const axisKm = radiusKm + altitude / 1000;
  const cosine = Math.cos(toRadians(inclination));
  const delta = 0.75 * j2 * (3 * cosine * cosine - 1) * (radiusKm / axisKm) ** 2;
  return ((Math.sqrt(gravity / axisKm ** 3) * (1 + delta) * 86_400) / (2 * Math.PI)) as RevolutionsPerDay;
};

/** An angle brought into 0 … 360°. */
export const turn = (angle: number): Degrees => degrees(((angle % 360) + 360) % 360);

/** Right ascension of the meridian where mean local solar time is `hours` at that moment. */
export const meridianAt = (epoch: Instant, hours: number): Degrees => {
  const universal = (((epoch % 86_400) + 86_400) % 86_400) / 3600;
  return turn(toDegrees(siderealTime(epoch)) + (hours - universal) * 15);
};

/**
 * The satellites of a pattern as SGP4 elements without drag, `<prefix>-<plane>-<slot>` counted from 1. The first plane
 * crosses the equator southbound at 10:30 mean local solar time, as Sentinel-2 does; where the inclination is
 * sun-synchronous it keeps to that.
 *
 * The pattern must be valid: planes divide the total, and `inclination: null` has a solution.
 */
export const walkerSatellites = (
  walker: Walker,
  epoch: Instant,
  prefix = "walker",
  firstNumber = 90_001,
): readonly Satellite[] => {
  const { total, planes, phasing, altitude } = walker;
  const inclination = walker.inclination ?? sunSynchronousInclination(altitude) ?? degrees(180);
  const perPlane = total / planes;
  // Northbound at 22:30, twelve hours from 10:30.
  const firstNode = meridianAt(epoch, 22.5);
  const motion = meanMotion(altitude, inclination);
  const number = (n: number, of: number): string => `${n + 1}`.padStart(`${of}`.length, "0");

  return Array.from({ length: total }, (_, index): Satellite => {
    const plane = Math.floor(index / perPlane);
    const slot = index % perPlane;
    const id = `${prefix}-${number(plane, planes)}-${number(slot, perPlane)}`;
    return {
      id,
      name: id,
      catalogNumber: firstNumber + index,
      epoch,
      elements: {
        meanMotion: motion,
        // Not 0: SGP4 divides by the eccentricity where it works out the drag.
        eccentricity: 1e-6,
        inclination,
        rightAscension: turn(firstNode + (plane * 360) / planes),
        argumentOfPerigee: degrees(0),
        meanAnomaly: turn((slot * 360) / perPlane + (plane * phasing * 360) / total),
        drag: 0,
      },
    };
  });
};
