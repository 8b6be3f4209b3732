import type { LonLat } from "./view.ts";

/** Longitude between -180 and 180. */
const wrapped = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

/**
 * A box between two corners, the short way round the Earth: one that crosses the antimeridian ends at longitudes beyond 180°, so that it is
 * drawn in one piece. South-west first, clockwise.
 */
export const boxBetween = ([a, b]: LonLat, [c, d]: LonLat): readonly LonLat[] => {
  const across = wrapped(c - a);
  const west = wrapped(across < 0 ? a + across : a);
  const east = west + Math.abs(across);
  const [south, north] = [Math.min(b, d), Math.max(b, d)];
  return [
    [west, south],
    [west, north],
    [east, north],
    [east, south],
  ];
};
