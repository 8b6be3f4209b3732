import type { PointPx } from "../../pipeline/detection/outline.ts";

/** Right, down, left, up: each a quarter turn to the right of the one before. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
/** From the corner that the walk stands at, by direction: the cell ahead on the left … */
const aheadLeft = [
  [0, -1],
  [0, 0],
  [-1, 0],
  [-1, -1],
] as const;
/** … and on the right, where the patch was a step ago. */
const aheadRight = [
  [0, 0],
  [-1, 0],
  [-1, -1],
  [0, -1],
] as const;

/**
 * The outer edge of an 8-connected patch of cells of one value, by marching squares (Lorensen and Cline, Computer Graphics
 * 21(4), 1987, in two dimensions): through the middles of the cell edges between patch and surroundings. In cells, clockwise,
 * not closed. Patches that hang together by a corner stay one ring, and a ring never touches itself; holes are not cut out.
 * Its bounds are those of the patch; its area is half a cell less than that of the patch and its holes (an eighth for each
 * corner to the right, which there are four more of than to the left).
 *
 * `first` is the patch's first cell in reading order. Following the cell edges themselves would give stairs, and rings that
 * touch themselves where cells meet at corners; through the cells' centres a patch one cell wide would be a line.
 */
export const traceRing = (mask: Uint8Array | Uint16Array, width: number, first: number): PointPx[] => {
  const value = mask[first] as number;
  const height = mask.length / width;
  const holds = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === value;
  const [startX, startY] = [first % width, Math.floor(first / width)];
  const ring: PointPx[] = [];
  let [x, y, direction] = [startX, startY, 0];
  do {
    const [dx, dy] = steps[direction] as readonly [number, number];
    ring.push([x + dx / 2, y + dy / 2]);
    x += dx;
    y += dy;
    const left = aheadLeft[direction] as readonly [number, number];
    const right = aheadRight[direction] as readonly [number, number];
    if (holds(x + left[0], y + left[1])) direction = (direction + 3) % 4;
    else if (!holds(x + right[0], y + right[1])) direction = (direction + 1) % 4;
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
};
