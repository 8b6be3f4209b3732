import type { Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { rootBetween } from "../../pipeline/orbit/root.ts";
import type { Watch } from "./visibility.ts";

/** AOS and LOS to a millisecond; the time of the highest point to a hundredth of a second. */
const crossingTolerance = 1e-3;
const turnTolerance = 1e-2;
/**
 * Steps after which that is reached: Newton's squares the error (over twice the time to the turn, so for passes of more than
 * three seconds), a secant leaves less than half of it.
 */
const lastCrossingStep = 0.05;
const lastTurnStep = 0.05;
/** Where Newton's steps have not come to rest by then, the root is bracketed instead. */
const rounds = 6;

/**
 * What a search is told of a stretch and tells: its two ends `a` and `b` in seconds from the start of the ephemeris, height over the mask and
 * its rate at both (see `heightInto`), and the moment in question with height and rate there. Numbers in an array: those in
 * arguments and results become objects of the heap, six of them a call, half a million calls a plan.
 */
export const stretch = new Float64Array(9);
/** Places in `stretch`. */
export const edge = { a: 0, ha: 1, ra: 2, b: 3, hb: 4, rb: 5, t: 6, h: 7, rate: 8 } as const;

/**
 * Height and rate at the moment in `stretch`, between this node of the ephemeris and the next: `heightInto` of `stateInto` to the last bit, in one
 * piece, so that the state stays in registers.
 */
const lookThere = ({ sky }: Watch, { states, step }: Ephemeris, node: number): void => {
  const i = node * 6;
  const s = (stretch[edge.t] as number) / step - node;
  const s2 = s * s;
  const s3 = s2 * s;
  const h01 = 3 * s2 - 2 * s3;
  const h00 = 1 - h01;
  const h10 = (s3 - 2 * s2 + s) * step;
  const h11 = (s3 - s2) * step;
  const d01 = (6 * s - 6 * s2) / step;
  const d10 = 3 * s2 - 4 * s + 1;
  const d11 = 3 * s2 - 2 * s;
  const x0 = states[i] as number;
  const y0 = states[i + 1] as number;
  const z0 = states[i + 2] as number;
  const vx0 = states[i + 3] as number;
  const vy0 = states[i + 4] as number;
  const vz0 = states[i + 5] as number;
  const x1 = states[i + 6] as number;
  const y1 = states[i + 7] as number;
  const z1 = states[i + 8] as number;
  const vx1 = states[i + 9] as number;
  const vy1 = states[i + 10] as number;
  const vz1 = states[i + 11] as number;
  const x = h00 * x0 + h10 * vx0 + h01 * x1 + h11 * vx1 - (sky[0] as number);
  const y = h00 * y0 + h10 * vy0 + h01 * y1 + h11 * vy1 - (sky[1] as number);
  const z = h00 * z0 + h10 * vz0 + h01 * z1 + h11 * vz1 - (sky[2] as number);
  const vx = d01 * (x1 - x0) + d10 * vx0 + d11 * vx1;
  const vy = d01 * (y1 - y0) + d10 * vy0 + d11 * vy1;
  const vz = d01 * (z1 - z0) + d10 * vz0 + d11 * vz1;
  const ux = sky[3] as number;
  const uy = sky[4] as number;
  const uz = sky[5] as number;
  const range = Math.sqrt(x * x + y * y + z * z);
  const sine = (x * ux + y * uy + z * uz) / range;
  stretch[edge.h] = sine - (sky[6] as number);
  stretch[edge.rate] = (vx * ux + vy * uy + vz * uz - (sine * (x * vx + y * vy + z * vz)) / range) / range;
};

/** One value of a look at `t`, for roots that are bracketed. */
const valueAt =
  (watch: Watch, ephemeris: Ephemeris, node: number, value: typeof edge.h | typeof edge.rate) =>
  (t: number): number => {
    stretch[edge.t] = t;
    lookThere(watch, ephemeris, node);
    return stretch[value] as number;
  };

/**
 * When the height is 0 between `a` and `b`, both from this node to the next, of which one is above the mask, one below, and between which it only rises or
 * only falls: written to `t`. Heights and rates at both make a curve whose root is within a second; two steps of Newton's do the rest.
 * A rate of 0 says that the height turns there.
 */
export const findCrossing = (watch: Watch, ephemeris: Ephemeris, node: number): void => {
  const a = stretch[edge.a] as number;
  const ha = stretch[edge.ha] as number;
  const ra = stretch[edge.ra] as number;
  const b = stretch[edge.b] as number;
  const hb = stretch[edge.hb] as number;
  const rb = stretch[edge.rb] as number;
  const span = b - a;
  const rise = hb - ha;
  const s = -ha / rise;
  let t = a;
  if (rb === 0) t = b - span * Math.sqrt(hb / rise);
  else if (ra === 0) t = a + span * Math.sqrt(s);
  // Time as a cubic of height, with the slopes 1 / rate at both ends.
  else t += span * s * s * (3 - 2 * s) + (rise * s * (1 - s) * (1 - s)) / ra - (rise * s * s * (1 - s)) / rb;
  if (!(t > a && t < b)) t = a + s * span;
  for (let round = 0; round < rounds; round++) {
    stretch[edge.t] = t;
    lookThere(watch, ephemeris, node);
    const move = (stretch[edge.h] as number) / (stretch[edge.rate] as number);
    t -= move;
    if (!(t >= a && t <= b)) break;
    if (Math.abs(move) <= lastCrossingStep) {
      stretch[edge.t] = t;
      return;
    }
  }
  stretch[edge.t] = rootBetween(valueAt(watch, ephemeris, node, edge.h), a, ha, b, hb, crossingTolerance);
};

/**
 * When the height turns between `a` and `b`, both from this node to the next, where its rates differ in sign, and how high it is there, written to `t` and `h`: from the root of
 * the parabola through the rates that makes good the way between the heights, by secants.
 */
export const findTurn = (watch: Watch, ephemeris: Ephemeris, node: number): void => {
  const a = stretch[edge.a] as number;
  const ha = stretch[edge.ha] as number;
  const ra = stretch[edge.ra] as number;
  const b = stretch[edge.b] as number;
  const hb = stretch[edge.hb] as number;
  const rb = stretch[edge.rb] as number;
  const span = b - a;
  const mean = (hb - ha) / span;
  const sign = ra > 0 ? 1 : -1;
  const square = sign * (3 * ra + 3 * rb - 6 * mean);
  const linear = sign * (6 * mean - 4 * ra - 2 * rb);
  const constant = sign * ra;
  const root = Math.sqrt(linear * linear - 4 * square * constant);
  const s = (2 * constant) / (root - linear);
  let slope = (-sign * root) / span;
  let t = a + s * span;
  let move = 0;
  let rate = 0;
  for (let round = 0; round < rounds && t >= a && t <= b; round++) {
    stretch[edge.t] = t;
    lookThere(watch, ephemeris, node);
    const now = stretch[edge.rate] as number;
    if (round > 0) slope = (rate - now) / move;
    rate = now;
    move = rate / slope;
    t -= move;
    if (Math.abs(move) > lastTurnStep) continue;
    // The rate falls evenly to nothing on the way.
    stretch[edge.h] = (stretch[edge.h] as number) - (rate * move) / 2;
    stretch[edge.t] = Math.min(b, Math.max(a, t));
    return;
  }
  const turn = rootBetween(valueAt(watch, ephemeris, node, edge.rate), a, ra, b, rb, turnTolerance);
  stretch[edge.t] = turn;
  lookThere(watch, ephemeris, node);
};
