import type { Affine } from "../../pipeline/raster/georeference.ts";

/** A place in the image, from the upper-left corner of the first pixel, and in the system. */
export interface TiePoint {
  readonly column: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** A hundredth of a pixel: what rounding in a file may cost, and no more. */
const mostOffPx = 0.01;

/** The affine through three points; `null` where they lie on a line. */
const through = (p: TiePoint, q: TiePoint, r: TiePoint): Affine | null => {
  const [u1, v1, u2, v2] = [q.column - p.column, q.row - p.row, r.column - p.column, r.row - p.row];
  const area = u1 * v2 - u2 * v1;
  if (Math.abs(area) < 1e-6) return null;
  const slope = (d1: number, d2: number): readonly [number, number] => [
    (d1 * v2 - d2 * v1) / area + 0,
    (d2 * u1 - d1 * u2) / area + 0,
  ];
  const [a, b] = slope(q.x - p.x, r.x - p.x);
  const [d, e] = slope(q.y - p.y, r.y - p.y);
  return [a, b, p.x - a * p.column - b * p.row, d, e, p.y - d * p.column - e * p.row];
};

/**
 * The affine on which all tie points lie within a hundredth of a pixel; `null` where there is none: fewer than three points, points on a line, or a
 * picture that is bent. No best fit is taken: how far off it is would be anybody's guess.
 */
export const affineThrough = (points: readonly TiePoint[]): Affine | null => {
  const [p] = points;
  if (p === undefined) return null;
  const apart = (q: TiePoint): number => Math.hypot(q.column - p.column, q.row - p.row);
  const q = points.reduce((far, point) => (apart(point) > apart(far) ? point : far));
  const off = (r: TiePoint): number =>
    Math.abs((q.column - p.column) * (r.row - p.row) - (q.row - p.row) * (r.column - p.column));
  const r = points.reduce((far, point) => (off(point) > off(far) ? point : far));
  const affine = through(p, q, r);
  if (affine === null) return null;
  const [a, b, c, d, e, f] = affine;
  const pixel = Math.sqrt(Math.abs(a * e - b * d));
  const fits = points.every(
    ({ column, row, x, y }) =>
      Math.hypot(a * column + b * row + c - x, d * column + e * row + f - y) <= mostOffPx * pixel,
  );
  return fits ? affine : null;
};
