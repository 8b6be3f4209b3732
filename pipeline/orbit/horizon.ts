import { degrees, type Degrees } from "../units.ts";

/** How high the ground stands in one direction. */
export interface HorizonPoint {
  /** From north over east, 0 … 360. */
  readonly azimuth: Degrees;
  readonly elevation: Degrees;
}

/**
 * The elevation below which nothing is heard, all round: points in order of azimuth, each azimuth once, straight lines in azimuth
 * between them, from the last one on to the first.
 */
export type Horizon = readonly HorizonPoint[];

/** The point at or before that azimuth, −1 where the first one lies behind it. */
const before = (horizon: Horizon, azimuth: number): number => {
  let [low, high] = [0, horizon.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((horizon[middle] as HorizonPoint).azimuth <= azimuth) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** The horizon at an azimuth of 0 … 360. One point holds all round. */
export const horizonAt = (horizon: Horizon, azimuth: number): Degrees => {
  const place = before(horizon, azimuth);
  const count = horizon.length;
  const a = horizon[(place + count) % count] as HorizonPoint;
  const b = horizon[(place + 1) % count] as HorizonPoint;
  const span = (b.azimuth - a.azimuth + 360) % 360;
  if (span === 0) return a.elevation;
  const along = (azimuth - a.azimuth + 360) % 360;
  return degrees(a.elevation + ((b.elevation - a.elevation) * along) / span);
};

/** The lowest place of a horizon. */
export const lowestOf = (horizon: Horizon): Degrees =>
  horizon.reduce((low, { elevation }) => (elevation < low ? elevation : low), degrees(90));
