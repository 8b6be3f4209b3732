/** A point in pixels; the pixel (3, 5) reaches from (3, 5) to (4, 6). */
export type PointPx = readonly [x: number, y: number];

/**
 * The edge of an object, three points or more, not closed, clockwise as a picture is looked at (x to the right, y down).
 * Without holes. An oriented box has four: the first edge runs along its width, so that the turn of the box is the
 * direction from the first point to the second. Those corners may lie outside of the scene where the object does.
 */
export type OutlinePx = readonly PointPx[];

export const translateOutline = (outline: OutlinePx, dx: number, dy: number): OutlinePx =>
  outline.map(([x, y]): PointPx => [x + dx, y + dy]);

/** Area that a ring goes round, in square pixels; positive where it is clockwise on a picture. */
export const outlineArea = (outline: OutlinePx): number =>
  outline.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length] as PointPx;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/**
 * Moves the points onto a grid of `1 / steps` pixel and leaves out those that fall together with the one before. `null` when
 * fewer than three are left. Idempotent.
 */
export const snapOutline = (outline: OutlinePx, steps: number): OutlinePx | null => {
  const snapped = outline.map(([x, y]): PointPx => [settle(x, steps), settle(y, steps)]);
  const kept = snapped.filter(([x, y], i) => {
    const [beforeX, beforeY] = snapped[(i + snapped.length - 1) % snapped.length] as PointPx;
    return x !== beforeX || y !== beforeY;
  });
  return kept.length < 3 ? null : kept;
};

/** `+ 0` makes no minus zero of a small negative number. */
const settle = (value: number, steps: number): number => Math.round(value * steps) / steps + 0;
