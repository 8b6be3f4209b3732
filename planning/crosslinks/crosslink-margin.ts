import type { Metres } from "../../pipeline/units.ts";
import { earthEccentricity2, earthRadius } from "../../pipeline/orbit/reference-frame.ts";

/** What two terminals need to see each other. */
export interface CrosslinkReach {
  readonly maxRange: Metres;
  /** The line of sight passes at least so far above the ellipsoid: atmosphere. */
  readonly clearance: Metres;
}

const polarRatio = Math.sqrt(1 - earthEccentricity2);

/** Every line of sight that comes nearer to the Earth's centre than this is blocked: the raised pole; metres. */
export const blockingRadius = ({ clearance }: CrosslinkReach): number => earthRadius * polarRatio + clearance;

/** Margins of one pair at one time, positive where it can talk, with their rates; metres and metres a second. */
export interface Margins {
  sight: number;
  sightRate: number;
  range: number;
  rangeRate: number;
}

/**
 * Stretching z turns the raised ellipsoid into a sphere of radius R and keeps lines lines. Two points outside a sphere see
 * each other exactly when their distance is at most the sum of their tangents √(r² − R²): no angles, no cases.
 */
export const marginsInto = (a: Float64Array, b: Float64Array, reach: CrosslinkReach, into: Margins): void => {
  const sphere = earthRadius + reach.clearance;
  const stretch = sphere / blockingRadius(reach);
  const k2 = stretch * stretch;
  const ax = a[0] as number;
  const ay = a[1] as number;
  const az = a[2] as number;
  const bx = b[0] as number;
  const by = b[1] as number;
  const bz = b[2] as number;
  const dx = ax - bx;
  const dy = ay - by;
  const dz = az - bz;
  const wx = (a[3] as number) - (b[3] as number);
  const wy = (a[4] as number) - (b[4] as number);
  const wz = (a[5] as number) - (b[5] as number);
  const planar = dx * dx + dy * dy;
  const planarRate = dx * wx + dy * wy;
  const distance = Math.sqrt(planar + dz * dz);
  const stretched = Math.sqrt(planar + k2 * dz * dz);
  const floor = sphere * sphere;
  // A satellite inside the sphere sees nobody: its tangent is counted negative, and the rate does not matter.
  const aOver = ax * ax + ay * ay + k2 * az * az - floor;
  const bOver = bx * bx + by * by + k2 * bz * bz - floor;
  const aTangent = aOver > 0 ? Math.sqrt(aOver) : -sphere;
  const bTangent = bOver > 0 ? Math.sqrt(bOver) : -sphere;
  into.sight = aTangent + bTangent - stretched;
  into.sightRate =
    (ax * (a[3] as number) + ay * (a[4] as number) + k2 * az * (a[5] as number)) / aTangent +
    (bx * (b[3] as number) + by * (b[4] as number) + k2 * bz * (b[5] as number)) / bTangent -
    (planarRate + k2 * dz * wz) / stretched;
  into.range = reach.maxRange - distance;
  into.rangeRate = -(planarRate + dz * wz) / distance;
};
