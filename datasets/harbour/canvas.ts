import { bandCount, type Spectrum } from "./spectrum.ts";

/** A picture in the making: one plane of reflectance a band. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float32Array[];
}

/** An empty canvas: zero reflectance in every band. */
export const canvas = (width: number, height: number): Canvas => ({
  width,
  height,
  planes: Array.from({ length: bandCount }, () => new Float32Array(width * height)),
});

/** A rectangle turned by `angle` round its centre; `u` runs along `length`, `v` along `width`, both from the centre. */
export interface TurnedRect {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly width: number;
  /** Radians from the x axis towards the y axis (rows grow downwards). */
  readonly angle: number;
}

/** The frame of a turned rectangle, made once and asked for every pixel: `u` along its length, `v` across. */
export const frameOf = ({ x: cx, y: cy, angle }: Pick<TurnedRect, "x" | "y" | "angle">) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    u: (x: number, y: number): number => (x - cx) * c + (y - cy) * s,
    v: (x: number, y: number): number => (y - cy) * c - (x - cx) * s,
  };
};

/** Whether a place lies in the rectangle or within `margin` of it. */
export const isInRect = (rect: TurnedRect, x: number, y: number, margin = 0): boolean => {
  const frame = frameOf(rect);
  const [u, v] = [frame.u(x, y), frame.v(x, y)];
  return Math.abs(u) <= rect.length / 2 + margin && Math.abs(v) <= rect.width / 2 + margin;
};

/** A rectangle of whole pixels: [x0, x1) × [y0, y1). */
export interface PixelBounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Whole pixels that a turned rectangle and `margin` round it can touch, inside the canvas; `x1`, `y1` excluded. */
export const pixelsAround = (rect: TurnedRect, { width, height }: Canvas, margin = 1): PixelBounds => {
  const [c, s] = [Math.abs(Math.cos(rect.angle)), Math.abs(Math.sin(rect.angle))];
  const halfX = (rect.length * c + rect.width * s) / 2 + margin;
  const halfY = (rect.length * s + rect.width * c) / 2 + margin;
  return {
    x0: Math.max(0, Math.floor(rect.x - halfX)),
    y0: Math.max(0, Math.floor(rect.y - halfY)),
    x1: Math.min(width, Math.ceil(rect.x + halfX)),
    y1: Math.min(height, Math.ceil(rect.y + halfY)),
  };
};

/** Blends `colour` over a pixel; `gain` brightens or darkens it alike in all bands. */
export const blend = ({ planes }: Canvas, at: number, colour: Spectrum, alpha: number, gain = 1): void => {
  for (let b = 0; b < bandCount; b++) {
    const plane = planes[b]!;
    plane[at] = plane[at]! + (colour[b]! * gain - plane[at]!) * alpha;
  }
};

/**
 * Fills a turned rectangle, its edges antialiased by the distance to them. `shade` gives the colour at (u, v) and may
 * return `null` to leave a pixel as it is.
 */
export const fillRect = (
  target: Canvas,
  rect: TurnedRect,
  shade: (u: number, v: number, at: number) => Spectrum | null,
  gain: (at: number) => number = () => 1,
): void => {
  const { x0, y0, x1, y1 } = pixelsAround(rect, target);
  const frame = frameOf(rect);
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const [u, v] = [frame.u(x + 0.5, y + 0.5), frame.v(x + 0.5, y + 0.5)];
      const along = Math.min(1, Math.max(0, rect.length / 2 - Math.abs(u) + 0.5));
      const across =
        Math.min(1, Math.max(0, rect.width / 2 - Math.abs(v) + 0.5, 0)) * Math.min(1, rect.width);
      const alpha = along * across;
      if (alpha <= 0) continue;
      const at = y * target.width + x;
      const colour = shade(u, v, at);
      if (colour) blend(target, at, colour, alpha, gain(at));
    }
  }
};
