import type { BoxPx } from "../detection/box.ts";
import type { PixelWindow } from "../raster/raster.ts";

/** Which window around a detection is sent as its chip. */
export interface ChipShape {
  /** How much of the surroundings is shown on each side, in pixels. */
  readonly marginPx: number;
  /** Shorter sides are widened evenly, as far as the scene goes. Default 16. */
  readonly minSizePx?: number;
  /** Longer sides are cut evenly: one wrong box must not send half a scene. Default 512. */
  readonly maxSizePx?: number;
}

const planSide = (from: number, to: number, length: number, shape: Required<ChipShape>) => {
  const wanted = Math.ceil(to) - Math.floor(from) + 2 * shape.marginPx;
  const extent = Math.min(length, Math.max(shape.minSizePx, Math.min(wanted, shape.maxSizePx)));
  const start = Math.round((from + to - extent) / 2);
  return { start: Math.max(0, Math.min(start, length - extent)), extent };
};

/**
 * The window of the scene that a chip shows: the box in the middle with a margin, pushed back inside where it would
 * leave the scene. Whole pixels; never empty, for any finite box.
 */
export const chipWindow = (
  boxPx: BoxPx,
  scene: { readonly width: number; readonly height: number },
  shape: ChipShape,
): PixelWindow => {
  const whole = { minSizePx: 16, maxSizePx: 512, ...shape };
  const columns = planSide(boxPx.x0, boxPx.x1, scene.width, whole);
  const rows = planSide(boxPx.y0, boxPx.y1, scene.height, whole);
  return { x: columns.start, y: rows.start, width: columns.extent, height: rows.extent };
};
