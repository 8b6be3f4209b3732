import type { SampleArray, SampleType } from "./samples.ts";

/** What one band's numbers mean. `physical = scale · sample + offset`, in `unit`. */
export interface Band {
  /** As the sensor's documentation names it: `B08`, `red`. Unique in a scene. */
  readonly name: string;
  /** STAC `eo:bands[].common_name` where known: blue, green, red, nir, swir16, … */
  readonly commonName?: string;
  readonly sampleType: SampleType;
  readonly scale: number;
  readonly offset: number;
  readonly unit: "reflectance" | "radiance" | "kelvin" | "dn";
  /** The sample value that means "no measurement here"; NaN allowed for floats. */
  readonly nodata: number | null;
}

/** A rectangle of whole pixels: `x`, `y` the upper left one (column, row). */
export interface PixelWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels in memory, planar: one plane a band, each `width × height` samples, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  /** `planes[b].length === width · height`, in the order of `bands`. */
  readonly planes: readonly SampleArray[];
  /** 1 where every band holds a measurement, 0 elsewhere; `null` when all pixels do. */
  readonly valid: Uint8Array | null;
}

/** Number of pixels in a window. */
export const windowArea = (w: PixelWindow): number => w.width * w.height;

/** The bytes that the sensor would hand over for this raster: samples only, uncompressed. */
export const sensorBytes = (raster: Raster): number =>
  raster.planes.reduce((sum, plane) => sum + plane.byteLength, 0);

/** The pixels that two windows share; `null` when there are none. */
export const intersectWindows = (a: PixelWindow, b: PixelWindow): PixelWindow | null => {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
};
