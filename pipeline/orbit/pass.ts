import { degrees, instant, type Degrees, type Instant } from "../units.ts";
import type { GroundStation } from "./contact.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "./ephemeris.ts";
import { rootBetween } from "./root.ts";
import type { Satellite } from "./satellite.ts";
import { heightInto, nearnessLimit, watchFrom, type Watch } from "./visibility.ts";

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

/** AOS and LOS to a millisecond; the time of the highest point to a hundredth of a second. */
const crossingTolerance = 1e-3;
const culminationTolerance = 1e-2;

/** The height over the mask (see `heightInto`) and its rate at any time of an ephemeris. */
interface Height {
  readonly at: (t: number) => number;
  readonly rateAt: (t: number) => number;
}

const heightOver = (watch: Watch, ephemeris: Ephemeris): Height => {
  const state = new Float64Array(6);
  const height = new Float64Array(2);
  const look = (t: number): void => {
    stateInto(ephemeris, t, state);
    heightInto(watch, state, 0, height);
  };
  return {
    at(t) {
      look(t);
      return height[0] as number;
    },
    rateAt(t) {
      look(t);
      return height[1] as number;
    },
  };
};

/** Times and heights, alternating: t₀ h₀ t₁ h₁ … in time order. */
type Profile = readonly number[];

/**
 * The height wherever the satellite may be above the mask, at points between which it only rises or only falls: the nodes
 * of the ephemeris, and the culminations and dips between them (roots of the rate). Elsewhere it is below the mask.
 */
const profileOf = (watch: Watch, ephemeris: Ephemeris, height: Height): Profile => {
  const { states, radii, step, span } = ephemeris;
  const [x, y, z] = watch.direction;
  const limit = nearnessLimit(watch, ephemeris);
  const isNear = (node: number): boolean => {
    const i = node * 6;
    const along = (states[i] as number) * x + (states[i + 1] as number) * y + (states[i + 2] as number) * z;
    return along >= limit * (radii[node] as number);
  };

  const profile: number[] = [];
  const scratch = new Float64Array(2);
  const last = radii.length - 1;
  let previous = -1; // the last node in the profile, and its time, height and rate
  let [t0, h0, rate0] = [0, 0, 0];
  const push = (node: number): void => {
    heightInto(watch, states, node * 6, scratch);
    const t1 = node === last ? span : node * step;
    const h1 = scratch[0] as number;
    const rate1 = scratch[1] as number;
    if (previous === node - 1) {
      const culminates = rate0 > 0 && rate1 < 0;
      const dips = rate0 < 0 && rate1 > 0 && h0 >= 0 && h1 >= 0;
      if (culminates || dips) {
        const turn = rootBetween(height.rateAt, t0, rate0, t1, rate1, culminationTolerance);
        profile.push(turn, height.at(turn));
      }
    }
    profile.push(t1, h1);
    previous = node;
    t0 = t1;
    h0 = h1;
    rate0 = rate1;
  };

  let nearBefore = isNear(0);
  for (let node = 1; node <= last; node++) {
    const near = isNear(node);
    if (near || nearBefore) {
      if (previous !== node - 1) push(node - 1);
      push(node);
    }
    nearBefore = near;
  }
  return profile;
};

/** All passes of the ephemeris over the station, in time order. */
export const passesIn = (satellite: string, ephemeris: Ephemeris, watch: Watch): readonly Pass[] => {
  const height = heightOver(watch, ephemeris);
  const profile = profileOf(watch, ephemeris, height);
  const passes: Pass[] = [];
  let aos: number | null = null;
  let [top, topHeight] = [0, 0];
  const close = (los: number): void => {
    if (aos !== null && los > aos) {
      const sine = Math.min(1, topHeight + watch.sinMask);
      passes.push({
        satellite,
        station: watch.station.id,
        aos: instant(ephemeris.from + aos),
        los: instant(ephemeris.from + los),
        culmination: instant(ephemeris.from + top),
        maxElevation: degrees((Math.asin(sine) * 180) / Math.PI),
      });
    }
    aos = null;
  };

  let [t0, h0] = [0, -1];
  for (let i = 0; i < profile.length; i += 2) {
    const t = profile[i] as number;
    const h = profile[i + 1] as number;
    if (h >= 0) {
      if (aos === null) {
        // Above the mask at the very first node: the pass is under way when the horizon begins.
        aos = i === 0 ? t : rootBetween(height.at, t0, h0, t, h, crossingTolerance);
        [top, topHeight] = [aos, 0];
      }
      if (h > topHeight) [top, topHeight] = [t, h];
    } else if (aos !== null) {
      close(rootBetween(height.at, t0, h0, t, h, crossingTolerance));
    }
    [t0, h0] = [t, h];
  }
  close(ephemeris.span);
  return passes;
};

/**
 * All passes of a satellite over a station in [from, to], in time order, found on SGP4 states about two minutes apart
 * (see `ephemerisOf`) and refined to a millisecond of the curve between them.
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
