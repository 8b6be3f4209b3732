import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { OutlinePx, PointPx } from "../../pipeline/detection/outline.ts";

/** A rectangle turned by `angle` (radians, from x towards y: clockwise on a picture) round its centre. */
export interface RotatedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

type Point = PointPx;

/** Clockwise on a picture; the first edge runs along the width. */
export const cornersOf = ({ x, y, width, height, angle }: RotatedBox): OutlinePx => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [ux, uy] = [(width / 2) * cos, (width / 2) * sin];
  const [vx, vy] = [(-height / 2) * sin, (height / 2) * cos];
  return [
    [x - ux - vx, y - uy - vy],
    [x + ux - vx, y + uy - vy],
    [x + ux + vx, y + uy + vy],
    [x - ux + vx, y - uy + vy],
  ];
};

/** The smallest axis-parallel box round it. */
export const boundsOf = (box: RotatedBox): BoxPx => {
  const corners = cornersOf(box);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
};

/** On which side of the line a → b a point lies; positive inside for the corner order of `cornersOf`. */
const sideOf = ([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax);

/** The part of a convex polygon on the inner side of a → b (Sutherland and Hodgman, Comm. ACM 17(1), 1974). */
const clipped = (polygon: readonly Point[], a: Point, b: Point): readonly Point[] =>
  polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length] as Point;
    const [here, there] = [sideOf(a, b, point), sideOf(a, b, next)];
    const kept = here >= 0 ? [point] : [];
    if (here >= 0 === there >= 0) return kept;
    const share = here / (here - there);
    const crossing: Point = [
      point[0] + share * (next[0] - point[0]),
      point[1] + share * (next[1] - point[1]),
    ];
    return [...kept, crossing];
  });

const areaOf = (polygon: readonly Point[]): number =>
  polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length] as Point;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** Intersection over union of two rotated rectangles, 0…1; 0 when either is empty. */
export const rotatedIou = (a: RotatedBox, b: RotatedBox): number => {
  const [areaA, areaB] = [a.width * a.height, b.width * b.height];
  // Further apart than their half diagonals: nothing to clip.
  const reach = (Math.hypot(a.width, a.height) + Math.hypot(b.width, b.height)) / 2;
  if (!(areaA > 0) || !(areaB > 0) || Math.hypot(a.x - b.x, a.y - b.y) >= reach) return 0;
  const edges = cornersOf(b);
  const shared = areaOf(
    edges.reduce((part, corner, i) => clipped(part, corner, edges[(i + 1) % 4] as Point), cornersOf(a)),
  );
  return shared / (areaA + areaB - shared);
};
