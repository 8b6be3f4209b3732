/** An axis-parallel box in pixels, edges as real numbers: a box round the one pixel (3, 5) is {3, 5, 4, 6}. */
export interface BoxPx {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Area in square pixels; 0 for a box whose edges are in the wrong order. */
export const boxArea = (b: BoxPx): number => Math.max(0, b.x1 - b.x0) * Math.max(0, b.y1 - b.y0);

/** Intersection over union, 0…1; 0 when either box is empty. */
export const boxIou = (a: BoxPx, b: BoxPx): number => {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (boxArea(a) + boxArea(b) - shared);
};

/** The box moved by (dx, dy) pixels. */
export const translateBox = (b: BoxPx, dx: number, dy: number): BoxPx => ({
  x0: b.x0 + dx,
  y0: b.y0 + dy,
  x1: b.x1 + dx,
  y1: b.y1 + dy,
});
