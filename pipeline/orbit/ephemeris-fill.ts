import { earthRotation } from "./reference-frame.ts";

/** WGS 72, as SGP4 has it: gravity in m³/s², Earth's radius in metres, oblateness. */
const gravity = 3.986008e14;
const equator = 6_378_135;
const oblateness = 1.082616e-3;

/**
 * Earth-fixed acceleration at the state `states[i … i + 5]`, into `into[0 … 2]`: gravity with the first zonal term (Vallado,
 * eq. 8-30), Coriolis and centrifugal. What it leaves out, SGP4's own neglects among it, is below 1e-4 m/s² in low orbits.
 */
const accelerationInto = (states: Float64Array, i: number, into: Float64Array): void => {
  const x = states[i] as number;
  const y = states[i + 1] as number;
  const z = states[i + 2] as number;
  const r2 = x * x + y * y + z * z;
  const pull = -gravity / (r2 * Math.sqrt(r2));
  const bulge = (1.5 * oblateness * equator * equator) / r2;
  const rise = (5 * z * z) / r2;
  const level = pull * (1 + bulge * (1 - rise)) + earthRotation * earthRotation;
  into[0] = level * x + 2 * earthRotation * (states[i + 4] as number);
  into[1] = level * y - 2 * earthRotation * (states[i + 3] as number);
  into[2] = pull * (1 + bulge * (3 - rise)) * z;
};

/** Steps between the states that `fillBetween` starts from. */
export const fillStride = 3;

/** Weights of the quintic Hermite curve and its slope at s: p₀ v₀ a₀ p₁ v₁ a₁, for an interval of length 1. */
const weightsAt = (s: number): { readonly place: readonly number[]; readonly rate: readonly number[] } => {
  const [s2, s3, s4, s5] = [s ** 2, s ** 3, s ** 4, s ** 5];
  const rise = 10 * s3 - 15 * s4 + 6 * s5;
  const riseRate = 30 * s2 - 60 * s3 + 30 * s4;
  return {
    place: [
      1 - rise,
      s - 6 * s3 + 8 * s4 - 3 * s5,
      (s2 - 3 * s3 + 3 * s4 - s5) / 2,
      rise,
      -4 * s3 + 7 * s4 - 3 * s5,
      (s3 - 2 * s4 + s5) / 2,
    ],
    rate: [
      -riseRate,
      1 - 18 * s2 + 32 * s3 - 15 * s4,
      (2 * s - 9 * s2 + 12 * s3 - 5 * s4) / 2,
      riseRate,
      -12 * s2 + 28 * s3 - 15 * s4,
      (3 * s2 - 8 * s3 + 5 * s4) / 2,
    ],
  };
};

const thirds = [weightsAt(1 / 3), weightsAt(2 / 3)] as const;
const [startAcceleration, endAcceleration] = [new Float64Array(3), new Float64Array(3)];

/**
 * Writes the two states at the thirds of the `length` seconds between those at `states[i]` and `states[i + 18]`, by a curve
 * of the fifth degree through place, velocity and acceleration at both. Off by θ⁶/46 080 of the radius, half a metre for
 * θ = 0.4 rad in low orbit; SGP4 costs ten times as much.
 */
export const fillBetween = (states: Float64Array, i: number, length: number): void => {
  accelerationInto(states, i, startAcceleration);
  accelerationInto(states, i + 18, endAcceleration);
  for (let third = 0; third < 2; third++) {
    const { place, rate } = thirds[third] as (typeof thirds)[number];
    const into = i + 6 * (third + 1);
    for (let axis = 0; axis < 3; axis++) {
      const p0 = states[i + axis] as number;
      const v0 = (states[i + axis + 3] as number) * length;
      const a0 = (startAcceleration[axis] as number) * length * length;
      const p1 = states[i + axis + 18] as number;
      const v1 = (states[i + axis + 21] as number) * length;
      const a1 = (endAcceleration[axis] as number) * length * length;
      states[into + axis] =
        (place[0] as number) * p0 +
        (place[1] as number) * v0 +
        (place[2] as number) * a0 +
        (place[3] as number) * p1 +
        (place[4] as number) * v1 +
        (place[5] as number) * a1;
      states[into + axis + 3] =
        ((rate[0] as number) * p0 +
          (rate[1] as number) * v0 +
          (rate[2] as number) * a0 +
          (rate[3] as number) * p1 +
          (rate[4] as number) * v1 +
          (rate[5] as number) * a1) /
        length;
    }
  }
};
