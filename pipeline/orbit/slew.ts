import {
  joules,
  seconds,
  type Degrees,
  type DegreesPerSecond,
  type DegreesPerSecondSquared,
  type Joules,
  type Seconds,
  type Watts,
} from "../units.ts";

/** How a spacecraft turns its camera from one direction to another. */
export interface Agility {
  /** The fastest that it turns. */
  readonly rate: DegreesPerSecond;
  /** How fast it gets there, and stops again. */
  readonly acceleration: DegreesPerSecondSquared;
  /** From the end of the turn until it is still enough to image. */
  readonly settling: Seconds;
  /** Drawn by wheels or gyros while it turns and settles, besides what attitude control draws at rest. */
  readonly power: Watts;
}

/**
 * The time from rest in one direction to rest in another, settled: it speeds up and slows down at its acceleration, and in between
 * turns at its rate where the angle is wide enough for that (θ ≥ ω²/α: θ/ω + ω/α, else 2 √(θ/α)). No turn takes no time.
 */
export const slewTime = ({ rate, acceleration, settling }: Agility, angle: Degrees): Seconds => {
  if (angle <= 0) return seconds(0);
  const turning =
    angle * acceleration >= rate * rate
      ? angle / rate + rate / acceleration
      : 2 * Math.sqrt(angle / acceleration);
  return seconds(turning + settling);
};

/** What a turn of that angle takes out of the battery. */
export const slewEnergy = (agility: Agility, angle: Degrees): Joules =>
  joules(slewTime(agility, angle) * agility.power);
