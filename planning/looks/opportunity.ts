import { stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { directionTo, nadir, offNadirOf, rollOf, type Direction } from "../../pipeline/orbit/pointing.ts";
import { earthRadius, type Vector3 } from "../../pipeline/orbit/reference-frame.ts";
import { rootBetween } from "../../pipeline/orbit/root.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import {
  degrees,
  instant,
  later,
  metres,
  seconds,
  toDegrees,
  radians,
  type Degrees,
  type Instant,
  type Seconds,
} from "../../pipeline/units.ts";
import { passesIn } from "../contacts/pass.ts";
import { watchFrom } from "../contacts/visibility.ts";
import type { CameraReach } from "../overflight.ts";
import type { LookArea } from "./look-area.ts";

/** A stretch of a pass in which one satellite can take an area. */
export interface Opportunity {
  readonly satellite: string;
  /** A look may begin in [from, until] and takes `dwell`. */
  readonly from: Instant;
  readonly until: Instant;
  readonly dwell: Seconds;
  /** When the area lies least off the vertical. */
  readonly best: Instant;
  /** Then. */
  readonly offNadir: Degrees;
  /** Height of the Sun over the middle of the area, then. */
  readonly sun: Degrees;
  /** Of the area's width across the track, what one strip covers, then; above 0, at most 1. */
  readonly coverage: number;
}

/** A satellite on its way through the horizon of a plan. */
export interface LookOrbit {
  readonly satellite: string;
  readonly ephemeris: Ephemeris;
}

/** Where and when opportunities are searched for. */
export interface OpportunityRequest {
  readonly area: LookArea;
  readonly camera: CameraReach;
  /** Less than the camera's own reach where the order says so. */
  readonly maxOffNadir: Degrees | null;
  readonly from: Instant;
  readonly to: Instant;
}

/** A strip takes at least so long, and at most: more is several looks. */
const shortestDwell = seconds(1);
/** A strip of some 400 km in low orbit. */
export const longestDwell: Seconds = seconds(60);

/** A look along a pass every so often: between two of them the angle off the vertical has one bend at most. */
const lookEvery = 30;
/** Highest in the sky and least off the vertical are the same moment but for the turn of the Earth and its flattening: seconds apart. */
const bend = 15;
/** Edges to a hundredth of a second: 75 m of flight. */
const tolerance = 0.01;
/** The ellipsoid's least radius; a search from there is wide enough everywhere. */
const polarRadius = 6_356_752;

const state = new Float64Array(6);

/** The direction from the satellite to a place, `t` seconds after the start of its ephemeris. */
export const directionAt = (ephemeris: Ephemeris, t: number, place: Vector3): Direction => {
  stateInto(ephemeris, t, state);
  return directionTo(state, place);
};

/** Where the camera points when it takes an area at a moment: at its middle, as far off the vertical as it can be turned. */
export const pointingAt = (
  ephemeris: Ephemeris,
  at: Instant,
  { centre }: LookArea,
  { offNadir }: CameraReach,
): Direction => {
  if (offNadir <= 0) return nadir;
  const direction = directionAt(ephemeris, at - ephemeris.from, centre);
  const off = offNadirOf(direction);
  if (off <= offNadir) return direction;
  const [x, y] = direction;
  const sine = Math.sin((offNadir * Math.PI) / 180);
  const flat = Math.hypot(x, y);
  return [(x / flat) * sine, (y / flat) * sine, Math.cos((offNadir * Math.PI) / 180)];
};

/** Half of the field of view across the track, from what it covers straight below. */
const halfField = ({ halfSwath }: CameraReach, altitude: number): Degrees =>
  toDegrees(radians(Math.atan2(halfSwath, altitude)));

/**
 * The least elevation at which a satellite of that distance from the Earth's centre can be seen `angle` off its vertical, less a degree for the
 * ellipsoid: on the sphere cos ε = sin η · r / R (SMAD, 3rd ed., §5.2).
 */
const elevationAt = (angle: Degrees, radius: number): Degrees => {
  const cosine = (Math.sin((angle * Math.PI) / 180) * radius) / polarRadius;
  return degrees(Math.max(0, cosine >= 1 ? 0 : (Math.acos(cosine) * 180) / Math.PI - 1));
};

/** Stretches of [from, to] in which `height` is not negative: looked at every `every` seconds and at `also`, edges by roots. */
const stretchesOf = (
  height: (t: number) => number,
  from: number,
  to: number,
  every: number,
  also: readonly number[],
): readonly (readonly [number, number])[] => {
  const steps = Math.max(1, Math.ceil((to - from) / every));
  const times = Array.from({ length: steps + 1 }, (_, n) => from + ((to - from) * n) / steps);
  for (const t of also) if (t > from && t < to) times.push(t);
  times.sort((a, b) => a - b);
  const found: (readonly [number, number])[] = [];
  let [last, high, begin] = [from, Number.NaN, null as number | null];
  for (const t of times) {
    const h = height(t);
    if (h >= 0 && begin === null)
      begin = Number.isNaN(high) ? t : rootBetween(height, last, high, t, h, tolerance);
    else if (h < 0 && begin !== null) {
      found.push([begin, rootBetween(height, last, high, t, h, tolerance)]);
      begin = null;
    }
    [last, high] = [t, h];
  }
  if (begin !== null) found.push([begin, to]);
  return found;
};

/** The moment of [from, to] at which `angle` is least: by thirds, since it has one bend there. */
const lowest = (angle: (t: number) => number, from: number, to: number): number => {
  let [a, b] = [from, to];
  const golden = (Math.sqrt(5) - 1) / 2;
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [fc, fd] = [angle(c), angle(d)];
  while (b - a > 0.05) {
    if (fc < fd) [b, d, fd, c, fc] = [d, c, fc, d - golden * (d - a), Number.NaN];
    else [a, c, fc, d, fd] = [c, d, fd, c + golden * (b - c), Number.NaN];
    if (Number.isNaN(fc)) fc = angle(c);
    if (Number.isNaN(fd)) fd = angle(d);
  }
  return (a + b) / 2;
};

/** What a strip takes of an area at a moment: how long the area is along the track, in seconds of flight, and what of its width it covers. */
export const stripOf = (
  ephemeris: Ephemeris,
  t: number,
  { centre, corners }: LookArea,
  camera: CameraReach,
): { readonly dwell: Seconds; readonly coverage: number } => {
  stateInto(ephemeris, t, state);
  const [x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0] = state;
  const radius = Math.hypot(x, y, z);
  const speed = (Math.hypot(vx, vy, vz) * earthRadius) / radius;
  const [fx, fy, fz] = [vx, vy, vz].map((v) => v / Math.hypot(vx, vy, vz)) as unknown as Vector3;
  let [back, ahead, left, right] = [0, 0, Infinity, -Infinity];
  for (const corner of corners) {
    const along = (corner[0] - centre[0]) * fx + (corner[1] - centre[1]) * fy + (corner[2] - centre[2]) * fz;
    const roll = rollOf(directionTo(state, corner));
    [back, ahead, left, right] = [
      Math.min(back, along),
      Math.max(ahead, along),
      Math.min(left, roll),
      Math.max(right, roll),
    ];
  }
  const half = halfField(camera, radius - Math.hypot(...centre));
  const middle = Math.max(0 - camera.offNadir, Math.min(camera.offNadir, rollOf(directionTo(state, centre))));
  const seen = Math.min(right, middle + half) - Math.max(left, middle - half);
  return {
    dwell: seconds(Math.max(shortestDwell, (ahead - back) / speed)),
    coverage: Math.max(0, Math.min(1, seen / Math.max(1e-9, right - left))),
  };
};

/**
 * When one satellite can take an area in [from, to], in order of time: its middle lies within the camera's reach (the angle off the vertical to
 * which it can be turned; beyond that, half of its field of view, at the closest of the pass), by light that the camera needs, and the whole
 * strip falls into the stretch. All geometry is in space, so that neither antimeridian nor poles are special.
 */
export const opportunitiesOf = (
  { satellite, ephemeris }: LookOrbit,
  { area, camera, maxOffNadir, from, to }: OpportunityRequest,
): readonly Opportunity[] => {
  const { centre, longitude, latitude } = area;
  const begin = Math.max(0, from - ephemeris.from);
  const end = Math.min(ephemeris.span, to - ephemeris.from);
  if (!(end > begin)) return [];
  const reach = Math.min(camera.offNadir, maxOffNadir ?? Infinity);
  const field = halfField(camera, Math.max(1000, ephemeris.maxRadius / 1.001 - earthRadius));
  const widest = degrees(Math.min(90, (maxOffNadir === null ? reach + field : reach) * 1.05 + 0.5));
  const watch = watchFrom({
    id: "area",
    name: "area",
    longitude,
    latitude,
    altitude: metres(0),
    minElevation: elevationAt(widest, ephemeris.maxRadius),
    antennas: 0,
  });
  const angle = (t: number): number => offNadirOf(directionAt(ephemeris, t, centre));
  const sunAt = (t: number): Degrees => sunElevation(longitude, latitude, later(ephemeris.from, seconds(t)));
  return passesIn(satellite, ephemeris, watch).flatMap((pass): readonly Opportunity[] => {
    const rise = Math.max(begin, pass.aos - ephemeris.from);
    const set = Math.min(end, pass.los - ephemeris.from);
    if (!(set > rise)) return [];
    const least = Math.max(rise, Math.min(set, pass.culmination - ephemeris.from));
    // In low orbit a pass in the dark is dark to its end.
    if (set - rise < 1200 && camera.sunAbove !== null && sunAt(least) < camera.sunAbove - 3) return [];
    const near = lowest(angle, Math.max(rise, least - bend), Math.min(set, least + bend));
    const closest = angle(near) < angle(least) ? near : least;
    const stretches = stretchesOf((t) => reach - angle(t), rise, set, lookEvery, [closest]);
    const strip = stripOf(ephemeris, closest, area, camera);
    if (strip.coverage <= 0 || strip.dwell > longestDwell) return [];
    const half = seconds(strip.dwell / 2);
    const isLit = (t: number): boolean => camera.sunAbove === null || sunAt(t) >= camera.sunAbove;
    const one = (first: number, last: number): Opportunity => {
      const best = Math.max(first, Math.min(last, closest - half));
      return {
        satellite,
        from: instant(ephemeris.from + first),
        until: instant(ephemeris.from + last),
        dwell: strip.dwell,
        best: instant(ephemeris.from + best),
        offNadir: degrees(angle(best + half)),
        sun: sunAt(best + half),
        coverage: strip.coverage,
      };
    };
    if (stretches.length === 0) {
      // Beyond its reach, or a camera that only looks down: the strip may still pass over the middle, at the closest of the pass alone.
      const isCulmination = closest > rise && closest < set;
      const isSeen =
        maxOffNadir === null && angle(closest) <= reach + halfFieldAt(ephemeris, closest, area, camera);
      const starts = closest - half;
      return isCulmination && isSeen && isLit(closest) && starts >= begin && starts + strip.dwell <= end
        ? [one(starts, starts)]
        : [];
    }
    return stretches
      .flatMap(([a, b]) => litStretches(a, b, camera, sunAt, isLit))
      .flatMap(([a, b]) => (b - a >= strip.dwell ? [one(a, b - strip.dwell)] : []));
  });
};

const halfFieldAt = (ephemeris: Ephemeris, t: number, { centre }: LookArea, camera: CameraReach): Degrees => {
  stateInto(ephemeris, t, state);
  const [x = 0, y = 0, z = 0] = state;
  return halfField(camera, Math.hypot(x, y, z) - Math.hypot(...centre));
};

/** The parts of a stretch in which the Sun stands high enough; it moves a degree in four minutes. */
const litStretches = (
  a: number,
  b: number,
  { sunAbove }: CameraReach,
  sunAt: (t: number) => Degrees,
  isLit: (t: number) => boolean,
): readonly (readonly [number, number])[] => {
  if (sunAbove === null) return [[a, b]];
  if (b - a < 240 && isLit(a) && isLit(b)) return [[a, b]];
  return stretchesOf((t) => sunAt(t) - sunAbove, a, b, 240, []);
};
