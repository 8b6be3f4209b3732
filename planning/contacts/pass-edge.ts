import { stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { rootBetween } from "../../pipeline/orbit/root.ts";
import { heightInto, type Watch } from "./visibility.ts";

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

const state = new Float64Array(6);
/** Height over the mask and its rate (see `heightInto`) where `lookAt` looked last. */
const look = new Float64Array(2);

const lookAt = (watch: Watch, ephemeris: Ephemeris, t: number): void => {
  stateInto(ephemeris, t, state);
  heightInto(watch, state, 0, look);
};

/**
 * When the height is 0 between `a` and `b`, of which one is above the mask, one below, and between which it only rises or
 * only falls. Heights and rates at both make a curve whose root is within a second; two steps of Newton's do the rest.
 * A rate of 0 says that the height turns there.
 */
export const crossing = (
  watch: Watch,
  ephemeris: Ephemeris,
  a: number,
  ha: number,
  ra: number,
  b: number,
  hb: number,
  rb: number,
): number => {
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
    lookAt(watch, ephemeris, t);
    const move = (look[0] as number) / (look[1] as number);
    t -= move;
    if (!(t >= a && t <= b)) break;
    if (Math.abs(move) <= lastCrossingStep) return t;
  }
  const heightAt = (at: number): number => {
    lookAt(watch, ephemeris, at);
    return look[0] as number;
  };
  return rootBetween(heightAt, a, ha, b, hb, crossingTolerance);
};

let turnHeight = 0;

/** Height over the mask where `turning` came to rest last. */
export const heightAtTurn = (): number => turnHeight;

/**
 * When the height turns between `a` and `b`, where its rates differ in sign: from the root of the parabola through the rates
 * that makes good the way between the heights, by secants.
 */
export const turning = (
  watch: Watch,
  ephemeris: Ephemeris,
  a: number,
  ha: number,
  ra: number,
  b: number,
  hb: number,
  rb: number,
): number => {
  const span = b - a;
  const mean = (hb - ha) / span;
  const sign = Math.sign(ra);
  const square = sign * (3 * ra + 3 * rb - 6 * mean);
  const linear = sign * (6 * mean - 4 * ra - 2 * rb);
  const constant = sign * ra;
  const root = Math.sqrt(linear * linear - 4 * square * constant);
  const s = (2 * constant) / (root - linear);
  let slope = (-sign * root) / span;
  let t = a + s * span;
  let [move, rate] = [0, 0];
  for (let round = 0; round < rounds && t >= a && t <= b; round++) {
    lookAt(watch, ephemeris, t);
    if (round > 0) slope = (rate - (look[1] as number)) / move;
    rate = look[1] as number;
    move = rate / slope;
    // The rate falls evenly to nothing on the way.
    turnHeight = (look[0] as number) - (rate * move) / 2;
    t -= move;
    if (Math.abs(move) <= lastTurnStep) return Math.min(b, Math.max(a, t));
  }
  const rateAt = (at: number): number => {
    lookAt(watch, ephemeris, at);
    return look[1] as number;
  };
  const turn = rootBetween(rateAt, a, ra, b, rb, turnTolerance);
  lookAt(watch, ephemeris, turn);
  turnHeight = look[0] as number;
  return turn;
};
