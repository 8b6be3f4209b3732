/** A point in pixels; the pixel (3, 5) reaches from (3, 5) to (4, 6). */
export type PointPx = readonly [x: number, y: number];

/**
 * The edge of an object, three points or more, not closed, clockwise as a picture is looked at (x to the right, y down).
 * Without holes. An oriented box has four: the first edge runs along its width, so that the turn of the box is the
 * direction from the first point to the second. Those corners may lie outside of the scene where the object does.
 */
export type OutlinePx = readonly PointPx[];

/** The outline moved by (dx, dy) pixels. */
export const translateOutline = (outline: OutlinePx, dx: number, dy: number): OutlinePx =>
  outline.map(([x, y]): PointPx => [x + dx, y + dy]);

/** Area that a ring goes round, in square pixels; positive where it is clockwise on a picture. */
export const outlineArea = (outline: OutlinePx): number =>
  outline.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length] as PointPx;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** Whether an outline is that of a turned box: opposite sides equal, to a hundredth of a pixel. */
export const isTurnedBox = (outline: OutlinePx): boolean => {
  const [a, b, c, d, ...more] = outline;
  if (!a || !b || !c || !d || more.length > 0) return false;
  return Math.abs(a[0] + c[0] - b[0] - d[0]) < 0.01 && Math.abs(a[1] + c[1] - b[1] - d[1]) < 0.01;
};

/** On which side of the line a → b a point lies; positive inside of a clockwise ring. */
const sideOf = ([ax, ay]: PointPx, [bx, by]: PointPx, [x, y]: PointPx): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax);

/** The part of a convex ring on the inner side of a → b (Sutherland and Hodgman, Comm. ACM 17(1), 1974). */
const clipped = (ring: OutlinePx, a: PointPx, b: PointPx): OutlinePx =>
  ring.flatMap((point, i) => {
    const next = ring[(i + 1) % ring.length] as PointPx;
    const [here, there] = [sideOf(a, b, point), sideOf(a, b, next)];
    const kept = here >= 0 ? [point] : [];
    if (here >= 0 === there >= 0) return kept;
    const share = here / (here - there);
    const crossing: PointPx = [
      point[0] + share * (next[0] - point[0]),
      point[1] + share * (next[1] - point[1]),
    ];
    return [...kept, crossing];
  });

/** Area that two convex clockwise rings share, in square pixels. */
export const sharedArea = (a: OutlinePx, b: OutlinePx): number =>
  outlineArea(b.reduce((part, corner, i) => clipped(part, corner, b[(i + 1) % b.length] as PointPx), a));

/** Intersection over union of two convex clockwise rings, 0…1; 0 when either is empty. */
export const convexIou = (a: OutlinePx, b: OutlinePx): number => {
  const [areaA, areaB] = [outlineArea(a), outlineArea(b)];
  if (!(areaA > 0) || !(areaB > 0)) return 0;
  const shared = sharedArea(a, b);
  return shared / (areaA + areaB - shared);
};

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
