import { degrees, instant, type Degrees, type Instant } from "../units.ts";
import type { GroundStation } from "./contact.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "./ephemeris.ts";
import { siteOf, type Site } from "./look-angles.ts";
import { rootBetween } from "./root.ts";
import type { Satellite } from "./satellite.ts";

/** A satellite above a station's mask, whether or not an antenna is free for it. */
export interface Pass {
  readonly satellite: string;
  readonly station: string;
  /** Acquisition and loss of signal, cut at the ends of the horizon that was searched. */
  readonly aos: Instant;
  readonly los: Instant;
  /** When it stands highest between `aos` and `los`. */
  readonly culmination: Instant;
  readonly maxElevation: Degrees;
}

/** A station made ready for the search. */
export interface Watch {
  readonly station: GroundStation;
  readonly site: Site;
  readonly sinMask: number;
  /** Geocentric direction and distance of the station. */
  readonly direction: readonly [number, number, number];
  readonly radius: number;
}

export const watchFrom = (station: GroundStation): Watch => {
  const site = siteOf(station);
  const [x, y, z] = site.position;
  const radius = Math.hypot(x, y, z);
  return {
    station,
    site,
    sinMask: Math.sin((station.minElevation * Math.PI) / 180),
    direction: [x / radius, y / radius, z / radius],
    radius,
  };
};

/** The vertical of the ellipsoid and the line from the Earth's centre differ by at most 0.1924°. */
const verticalDeflection = (0.2 * Math.PI) / 180;
/** AOS and LOS to a millisecond; the time of the highest point to a hundredth of a second. */
const crossingTolerance = 1e-3;
const culminationTolerance = 1e-2;

/** sin(elevation) − sin(mask) and its rate at a state; positive means visible. */
const heightInto = (watch: Watch, states: Float64Array, i: number, into: Float64Array): void => {
  const { position: p, up } = watch.site;
  const x = (states[i] as number) - p[0];
  const y = (states[i + 1] as number) - p[1];
  const z = (states[i + 2] as number) - p[2];
  const vx = states[i + 3] as number;
  const vy = states[i + 4] as number;
  const vz = states[i + 5] as number;
  const range = Math.sqrt(x * x + y * y + z * z);
  const sine = (x * up[0] + y * up[1] + z * up[2]) / range;
  into[0] = sine - watch.sinMask;
  into[1] = (vx * up[0] + vy * up[1] + vz * up[2] - (sine * (x * vx + y * vy + z * vz)) / range) / range;
};

/**
 * The cosine of the largest central angle between station and satellite at a node such that the satellite can rise above
 * the mask within half a step of that node. No pass is missed, however short: it is a bound, not a sampling.
 */
const candidateCosine = (watch: Watch, ephemeris: Ephemeris): number => {
  const mask = (watch.station.minElevation * Math.PI) / 180 - verticalDeflection;
  const lever = Math.min(1, (watch.radius * Math.cos(mask)) / ephemeris.maxRadius);
  const angle = Math.acos(lever) - mask + (ephemeris.maxTurnRate * ephemeris.step) / 2;
  return Math.cos(Math.min(Math.PI, Math.max(0, angle)));
};

/**
 * All passes of the ephemeris over the station, in time order. Each interval between nodes that may hold a part of a pass
 * is cut at its culmination or dip (the root of the rate); every piece is then monotone and crosses the mask once or not.
 */
export const passesIn = (satellite: string, ephemeris: Ephemeris, watch: Watch): readonly Pass[] => {
  const { states, radii, step, span, from } = ephemeris;
  const [dx, dy, dz] = watch.direction;
  const limit = candidateCosine(watch, ephemeris);
  const passes: Pass[] = [];
  const state = new Float64Array(6);
  const height = new Float64Array(2);
  const heightAt = (t: number): number => {
    stateInto(ephemeris, t, state);
    heightInto(watch, state, 0, height);
    return height[0] as number;
  };
  const rateAt = (t: number): number => {
    heightAt(t);
    return height[1] as number;
  };

  // The pass that is under way: where it began and its highest point so far.
  let aos = -1;
  let top = 0;
  let topHeight = 0;
  const raise = (t: number, h: number): void => {
    if (h > topHeight) {
      topHeight = h;
      top = t;
    }
  };
  const close = (los: number): void => {
    const elevation = (Math.asin(Math.min(1, topHeight + watch.sinMask)) * 180) / Math.PI;
    if (los > aos) {
      passes.push({
        satellite,
        station: watch.station.id,
        aos: instant(from + aos),
        los: instant(from + los),
        culmination: instant(from + top),
        maxElevation: degrees(elevation),
      });
    }
    aos = -1;
  };
  const open = (t: number, h: number): void => {
    aos = t;
    top = t;
    topHeight = h;
  };
  /** Follows the height over [a, b], where it is monotone. */
  const follow = (a: number, ha: number, b: number, hb: number): void => {
    if (ha < 0 && hb >= 0) open(rootBetween(heightAt, a, ha, b, hb, crossingTolerance), 0);
    if (aos >= 0) raise(b, hb);
    if (ha >= 0 && hb < 0) close(rootBetween(heightAt, a, ha, b, hb, crossingTolerance));
  };

  const cosineTimesRadius = (node: number): number => {
    const i = node * 6;
    return (states[i] as number) * dx + (states[i + 1] as number) * dy + (states[i + 2] as number) * dz;
  };
  let nearBefore = cosineTimesRadius(0) >= limit * (radii[0] as number);
  let known = -1; // the node whose height and rate `hb` and `rb` hold
  let hb = 0;
  let rb = 0;
  for (let node = 0; node < radii.length - 1; node++) {
    const near = cosineTimesRadius(node + 1) >= limit * (radii[node + 1] as number);
    const candidate = near || nearBefore;
    nearBefore = near;
    if (!candidate) continue;

    const a = node * step;
    const b = node + 1 === radii.length - 1 ? span : (node + 1) * step;
    if (known !== node) {
      heightInto(watch, states, node * 6, height);
      hb = height[0] as number;
      rb = height[1] as number;
    }
    const ha = hb;
    const ra = rb;
    heightInto(watch, states, (node + 1) * 6, height);
    hb = height[0] as number;
    rb = height[1] as number;
    known = node + 1;

    if (node === 0 && ha >= 0) open(0, ha);
    const culminates = ra > 0 && rb < 0;
    const dips = ra < 0 && rb > 0 && ha >= 0 && hb >= 0;
    if (culminates || dips) {
      const turn = rootBetween(rateAt, a, ra, b, rb, culminationTolerance);
      const ht = heightAt(turn);
      follow(a, ha, turn, ht);
      follow(turn, ht, b, hb);
    } else follow(a, ha, b, hb);
  }
  if (aos >= 0) close(span);
  return passes;
};

/**
 * All passes of a satellite over a station in [from, to], in time order, found on SGP4 states about two minutes apart
 * (see `ephemerisOf`) and refined to a millisecond of its own curve.
 *
 * @throws SwathError("orbit") when the satellite cannot be propagated
 */
export const findPasses = (
  satellite: Satellite,
  station: GroundStation,
  from: Instant,
  to: Instant,
): readonly Pass[] =>
  to > from ? passesIn(satellite.id, ephemerisOf(satellite, from, to), watchFrom(station)) : [];
