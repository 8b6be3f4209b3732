import type { BoxPx } from "../../pipeline/detection/box.ts";
import { convexIou, type OutlinePx } from "../../pipeline/detection/outline.ts";

/** A rectangle turned by `angle` (radians, from x towards y: clockwise on a picture) round its centre. */
export interface RotatedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

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
export const boxAround = (box: RotatedBox): BoxPx => {
  const corners = cornersOf(box);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
};

/** Intersection over union of two rotated rectangles, 0…1; 0 when either is empty. */
export const rotatedIou = (a: RotatedBox, b: RotatedBox): number => {
  const [areaA, areaB] = [a.width * a.height, b.width * b.height];
  // Further apart than their half diagonals: nothing to clip.
  const reach = (Math.hypot(a.width, a.height) + Math.hypot(b.width, b.height)) / 2;
  if (!(areaA > 0) || !(areaB > 0) || Math.hypot(a.x - b.x, a.y - b.y) >= reach) return 0;
  return convexIou(cornersOf(a), cornersOf(b));
};
