import { instant, seconds, type Instant, type Millimetres, type Seconds } from "../../pipeline/units.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { isInAnomaly, upsetRate } from "./upset-rate.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/**
 * What a bit of memory on board has to expect along an orbit: the upset rate in cells of time, each with the rate of its
 * middle. A pass through the South Atlantic Anomaly takes some twenty cells.
 */
export interface RadiationExposure {
  readonly from: Instant;
  readonly cell: Seconds;
  /** Upsets per bit in each cell. */
  readonly perCell: Float64Array;
  /** The same from the start to each edge between cells: one more than there are cells. */
  readonly total: Float64Array;
  /** Of `total`'s last, what falls in the South Atlantic Anomaly. */
  readonly inAnomaly: number;
}

const cellLength = seconds(30);

/**
 * Exposure over [from, to] of a satellite, or along an ephemeris that covers the stretch.
 *
 * @throws SwathError("orbit") when SGP4 fails for a satellite
 */
export const exposureOf = (
  orbit: Satellite | Ephemeris,
  from: Instant,
  to: Instant,
  shielding: Millimetres,
): RadiationExposure => {
  const ephemeris = "states" in orbit ? orbit : ephemerisOf(orbit, from, to);
  const cells = Math.max(1, Math.ceil((to - from) / cellLength));
  const perCell = new Float64Array(cells);
  const total = new Float64Array(cells + 1);
  const state = new Float64Array(6);
  let inAnomaly = 0;
  for (let cell = 0; cell < cells; cell++) {
    const middle = instant(from + (cell + 0.5) * cellLength);
    stateInto(ephemeris, middle - ephemeris.from, state);
    const position = [state[0] as number, state[1] as number, state[2] as number] as const;
    const upsets = upsetRate(position, middle, shielding) * cellLength;
    perCell[cell] = upsets;
    total[cell + 1] = (total[cell] as number) + upsets;
    if (isInAnomaly(position, middle)) inAnomaly += upsets;
  }
  return { from, cell: cellLength, perCell, total, inAnomaly };
};

/** Upsets per bit from the start of the exposure to `at`, held inside of it. */
const untilThen = ({ from, cell, perCell, total }: RadiationExposure, at: Instant): number => {
  const place = Math.min(perCell.length, Math.max(0, (at - from) / cell));
  const whole = Math.min(perCell.length - 1, Math.floor(place));
  return (total[whole] as number) + (place - whole) * (perCell[whole] as number);
};

/** Upsets per bit to expect in [from, to]. */
export const upsetsExpected = (exposure: RadiationExposure, from: Instant, to: Instant): number =>
  Math.max(0, untilThen(exposure, to) - untilThen(exposure, from));
