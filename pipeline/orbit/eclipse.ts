import { instant, type Instant } from "../units.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "./ephemeris.ts";
import { earthRadius } from "./reference-frame.ts";
import { rootBetween } from "./root.ts";
import type { Satellite } from "./satellite.ts";
import { sunDirectionEcef, sunDistance } from "./sun.ts";

/** Nominal radius of the Sun (IAU 2015 resolution B3), metres. */
const sunRadius = 695_700_000;

/**
 * The Sun over the Earth's limb as seen from space, all in radians and metres, in any one frame.
 *
 * The Earth is a sphere of its equatorial radius without air, as in Skyfield's `is_sunlit`. Over WGS 84, which is up to 21 km
 * lower, a low orbit would enter shadow later and leave it earlier by 4 s in the median and 10 s in one case of ten
 * (test/golden/orbit/eclipses.json); light bent in the air works the other way.
 */
export interface LimbView {
  /** Of the Sun's centre over the limb; negative behind the Earth. */
  height: number;
  /** Of the Sun's disc. */
  sun: number;
  /** Of the Earth's disc. */
  earth: number;
}

/** Writes the view from (x, y, z) with the Sun at (sx, sy, sz), both from the Earth's centre. */
export const limbViewInto = (
  x: number,
  y: number,
  z: number,
  sx: number,
  sy: number,
  sz: number,
  into: LimbView,
): void => {
  const dx = sx - x;
  const dy = sy - y;
  const dz = sz - z;
  const toSun = Math.sqrt(dx * dx + dy * dy + dz * dz);
  const toEarth = Math.sqrt(x * x + y * y + z * z);
  const cos = -(dx * x + dy * y + dz * z) / (toSun * toEarth);
  into.sun = Math.asin(sunRadius / toSun);
  into.earth = Math.asin(Math.min(1, earthRadius / toEarth));
  into.height = Math.acos(Math.max(-1, Math.min(1, cos))) - into.earth;
};

/**
 * Share of the Sun's disc that the Earth leaves free, 1 in full light, 0 in the umbra (Montenbruck & Gill, Satellite
 * Orbits, §3.4.2, eq. 3.85–3.94: the overlap of two discs). For satellites nearer than the tip of the umbra, 1.4 million
 * kilometres out.
 */
export const visibleShare = ({ height, sun, earth }: LimbView): number => {
  if (height >= sun) return 1;
  if (height <= -sun) return 0;
  const apart = height + earth;
  const x = (apart * apart + sun * sun - earth * earth) / (2 * apart);
  const y = Math.sqrt(Math.max(0, sun * sun - x * x));
  const hidden =
    sun * sun * Math.acos(Math.max(-1, Math.min(1, x / sun))) +
    earth * earth * Math.acos(Math.max(-1, Math.min(1, (apart - x) / earth))) -
    apart * y;
  return Math.max(0, Math.min(1, 1 - hidden / (Math.PI * sun * sun)));
};

/** One stretch in which the Earth covers some of the Sun, cut at the ends of the horizon that was searched. */
export interface Eclipse {
  readonly penumbraEntry: Instant;
  /** When the Sun's centre passes the limb: what a point-like Sun would give. `null` when less than half is covered. */
  readonly centreEntry: Instant | null;
  /** `null` when some of the Sun stays in sight. */
  readonly umbraEntry: Instant | null;
  readonly umbraExit: Instant | null;
  readonly centreExit: Instant | null;
  readonly penumbraExit: Instant;
}

/** Contacts to a millisecond. */
const tolerance = 1e-3;
/** The geometry between Sun, Earth and satellite may turn so far in a coarse step, radians; and its length at most, s. */
const coarseAngle = 0.1;
const longestStep = 300;

/** Stretches [entry, exit] in which `f` is negative, from samples between which it has one sign change at most. */
const negativeSpans = (
  f: (t: number) => number,
  times: readonly number[],
): readonly (readonly [number, number])[] => {
  const spans: [number, number][] = [];
  let [t0, f0] = [times[0]!, f(times[0]!)];
  let entry: number | null = f0 < 0 ? t0 : null;
  for (const t1 of times.slice(1)) {
    const f1 = f(t1);
    if (f0 < 0 !== f1 < 0) {
      const crossing = rootBetween(f, t0, f0, t1, f1, tolerance);
      if (entry === null) entry = crossing;
      else {
        spans.push([entry, crossing]);
        entry = null;
      }
    }
    [t0, f0] = [t1, f1];
  }
  if (entry !== null) spans.push([entry, t0]);
  return spans;
};

/** Where `f` is least in [a, b], by golden section; `f` has one minimum there. */
const leastBetween = (f: (t: number) => number, a: number, b: number): number => {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [a, b];
  while (high - low > 0.01) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (f(left) < f(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
};

/** Even steps over the stretch, and between them the moments at which the Sun stands lowest. */
const sampleTimes = (height: (t: number) => number, span: number, step: number): readonly number[] => {
  const count = Math.max(2, Math.ceil(span / step));
  const times: number[] = [];
  let [before, here] = [Infinity, height(0)];
  for (let i = 0; i <= count; i++) {
    const t = (i / count) * span;
    const after = i < count ? height(((i + 1) / count) * span) : Infinity;
    times.push(t);
    if (here <= before && here < after) {
      const low = leastBetween(height, Math.max(0, t - span / count), Math.min(span, t + span / count));
      if (low > t) times.push(low);
      else if (low < t && i > 0) times.splice(-1, 0, low);
    }
    [before, here] = [here, after];
  }
  return times;
};

/**
 * Every eclipse of the orbit by the Earth in [from, to], in order of time. An ephemeris must cover the stretch.
 *
 * @throws SwathError("orbit") when SGP4 fails for a satellite
 */
export const eclipsesIn = (orbit: Satellite | Ephemeris, from: Instant, to: Instant): readonly Eclipse[] => {
  if (to <= from) return [];
  const ephemeris = "states" in orbit ? orbit : ephemerisOf(orbit, from, to);
  const state = new Float64Array(6);
  const view: LimbView = { height: 0, sun: 0, earth: 0 };
  /** Height of the Sun's centre (0), upper (1) or lower (−1) edge over the limb. */
  const heightOf = (edge: -1 | 0 | 1) => (t: number) => {
    const at = instant(from + t);
    stateInto(ephemeris, at - ephemeris.from, state);
    const [sx, sy, sz] = sunDirectionEcef(at);
    const far = sunDistance(at);
    limbViewInto(state[0]!, state[1]!, state[2]!, sx * far, sy * far, sz * far, view);
    return view.height + edge * view.sun;
  };
  const step = Math.min(longestStep, coarseAngle / ephemeris.maxTurnRate);
  const times = sampleTimes(heightOf(0), to - from, step);
  const umbras = negativeSpans(heightOf(1), times);
  const centres = negativeSpans(heightOf(0), times);
  const at = (t: number | undefined): Instant | null => (t === undefined ? null : instant(from + t));
  return negativeSpans(heightOf(-1), times).map(([entry, exit]) => {
    const isWithin = ([a, b]: readonly [number, number]): boolean => a >= entry && b <= exit;
    const [centre, umbra] = [centres.find(isWithin), umbras.find(isWithin)];
    return {
      penumbraEntry: instant(from + entry),
      centreEntry: at(centre?.[0]),
      umbraEntry: at(umbra?.[0]),
      umbraExit: at(umbra?.[1]),
      centreExit: at(centre?.[1]),
      penumbraExit: instant(from + exit),
    };
  });
};
