import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import type { Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { lowestOf } from "../../pipeline/orbit/horizon.ts";
import { siteOf, type Site } from "../../pipeline/orbit/look-angles.ts";
import { degrees, metres, toRadians, type Degrees, type Metres } from "../../pipeline/units.ts";

/** A station made ready for searching its sky. */
export interface Watch {
  readonly station: GroundStation;
  readonly site: Site;
  /** The lowest elevation at which anything can be heard; over it, the horizon decides. */
  readonly mask: Degrees;
  readonly sinMask: number;
  /** Unit vector from the Earth's centre to the station, and the distance in metres. */
  readonly direction: readonly [x: number, y: number, z: number];
  readonly radius: number;
  /** What a look needs, in a row: place x y z in metres, the vertical x y z, and `sinMask`. Loops read it faster than the fields. */
  readonly sky: Float64Array;
}

/** What a search for passes needs of a station, computed once. */
export const watchFrom = (station: GroundStation): Watch => {
  const site = siteOf(station);
  const [x, y, z] = site.position;
  const radius = Math.hypot(x, y, z);
  const { minElevation, horizon } = station;
  const lowest = horizon === undefined ? minElevation : lowestOf(horizon);
  const mask = lowest > minElevation ? lowest : minElevation;
  const sinMask = Math.sin(toRadians(mask));
  return {
    station,
    site,
    mask,
    sinMask,
    direction: [x / radius, y / radius, z / radius],
    radius,
    sky: Float64Array.of(...site.position, ...site.up, sinMask),
  };
};

/**
 * Height over the mask of the Earth-fixed state at `states[i … i + 5]`: writes sin(elevation) − sin(mask) and its rate a
 * second into `into[0]` and `into[1]`. The sine spares a transcendental a look; it grows with the elevation, so it has
 * the same roots and the same highest point.
 */
export const heightInto = ({ sky }: Watch, states: Float64Array, i: number, into: Float64Array): void => {
  const ux = sky[3] as number;
  const uy = sky[4] as number;
  const uz = sky[5] as number;
  const x = (states[i] as number) - (sky[0] as number);
  const y = (states[i + 1] as number) - (sky[1] as number);
  const z = (states[i + 2] as number) - (sky[2] as number);
  const vx = states[i + 3] as number;
  const vy = states[i + 4] as number;
  const vz = states[i + 5] as number;
  const range = Math.sqrt(x * x + y * y + z * z);
  const sine = (x * ux + y * uy + z * uz) / range;
  into[0] = sine - (sky[6] as number);
  into[1] = (vx * ux + vy * uy + vz * uz - (sine * (x * vx + y * vy + z * vz)) / range) / range;
};

/** The elevation that goes with a height over the mask. */
export const elevationOf = (height: number, { sinMask }: Watch): Degrees =>
  degrees((Math.asin(Math.max(-1, Math.min(1, height + sinMask))) * 180) / Math.PI);

/** Slant range to the Earth-fixed state at `state[0 … 2]`. */
export const rangeOf = ({ site }: Watch, state: Float64Array): Metres => {
  const [px, py, pz] = site.position;
  const x = (state[0] as number) - px;
  const y = (state[1] as number) - py;
  const z = (state[2] as number) - pz;
  return metres(Math.sqrt(x * x + y * y + z * z));
};

/** The vertical of the ellipsoid and the line from the Earth's centre differ by at most 0.1924°. */
const verticalDeflection = toRadians(degrees(0.2));

/** How near to a station a satellite must be to be looked at. */
export interface Nearness {
  /** Radians at the Earth's centre, and the cosine. */
  readonly angle: number;
  readonly cosine: number;
  /** The angle changes from one node to the next by this at most, radians. */
  readonly turn: number;
}

/**
 * The largest central angle between station and satellite at a node such that the satellite can stand above
 * the mask within half a step of that node. A bound and not a sampling: no pass is missed, however short.
 */
export const nearnessOf = (watch: Watch, ephemeris: Ephemeris): Nearness => {
  const mask = toRadians(watch.mask) - verticalDeflection;
  const lever = Math.min(1, (watch.radius * Math.cos(mask)) / ephemeris.maxRadius);
  const turn = ephemeris.maxTurnRate * ephemeris.step;
  const angle = Math.min(Math.PI, Math.max(0, Math.acos(lever) - mask + turn / 2));
  return { angle, cosine: Math.cos(angle), turn };
};
