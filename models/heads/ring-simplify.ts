import type { PointPx } from "../../pipeline/detection/outline.ts";
import { crossesItself } from "../../pipeline/raster/ring-crossing.ts";

/**
 * A ring with fewer points, none of the points left out further than `tolerance` from it: Douglas and Peucker,
 * Cartographica 10(2), 1973, on the two halves between two far points (found as OpenCV's `approxPolyDP` does). Some of the
 * points given, in their order, never fewer than three. Where a bend so narrow would make the ring cross itself, the tolerance
 * is halved until it does not: what is a ring without crossings stays one.
 */
export const simplifyRing = (ring: readonly PointPx[], tolerance: number): readonly PointPx[] => {
  if (ring.length <= 3) return ring;
  for (let within = tolerance; ; within = within < 1e-3 ? 0 : within / 2) {
    const simple = simplified(ring, within);
    if (simple.length >= 3 && (within === 0 || !crossesItself(simple))) return simple;
    if (within === 0) return ring;
  }
};

const simplified = (ring: readonly PointPx[], tolerance: number): readonly PointPx[] => {
  const [from, to] = farPair(ring);
  const kept = new Uint8Array(ring.length);
  kept[from] = 1;
  kept[to] = 1;
  keepBetween(ring, from, to, tolerance, kept);
  keepBetween(ring, to, from, tolerance, kept);
  return ring.filter((_, i) => kept[i] === 1);
};

/** From the first point to the furthest, from there to the furthest, and once more. */
const farPair = (ring: readonly PointPx[]): readonly [number, number] => {
  let [from, to] = [0, 0];
  for (let turn = 0; turn < 3; turn += 1) {
    from = to;
    const [x, y] = ring[from] as PointPx;
    let most = -1;
    for (let i = 1; i < ring.length; i += 1) {
      const at = (from + i) % ring.length;
      const [otherX, otherY] = ring[at] as PointPx;
      const square = (otherX - x) ** 2 + (otherY - y) ** 2;
      if (square > most) [most, to] = [square, at];
    }
  }
  return [from, to];
};

/** Marks what has to stay between two points that stay. A stack of its own: rings of tiles have ten thousands of points. */
const keepBetween = (
  ring: readonly PointPx[],
  from: number,
  to: number,
  tolerance: number,
  kept: Uint8Array,
): void => {
  const open: [number, number][] = [[from, to]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    let [most, at] = [tolerance, -1];
    for (let i = (first + 1) % ring.length; i !== last; i = (i + 1) % ring.length) {
      const away = distance(ring[i] as PointPx, ring[first] as PointPx, ring[last] as PointPx);
      if (away > most) [most, at] = [away, i];
    }
    if (at < 0) continue;
    kept[at] = 1;
    open.push([first, at], [at, last]);
  }
};

/** From a point to the piece of line between two others; the line itself could be near where the piece is far. */
const distance = ([x, y]: PointPx, [ax, ay]: PointPx, [bx, by]: PointPx): number => {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
};
