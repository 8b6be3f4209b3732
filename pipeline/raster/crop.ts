import { allocateSamples, sampleTypeOf, type SampleArray } from "./samples.ts";
import type { PixelWindow, Raster } from "./raster.ts";

/** Copies `window` out of a plane whose rows are `stride` samples long. */
const cropPlane = <T extends SampleArray>(plane: T, stride: number, window: PixelWindow): T => {
  const { x, y, width, height } = window;
  const out = allocateSamples(sampleTypeOf(plane), width * height) as T;
  for (let row = 0; row < height; row++) {
    const from = (y + row) * stride + x;
    out.set(plane.subarray(from, from + width), row * width);
  }
  return out;
};

const orAll = (valid: Uint8Array): Uint8Array | null => (valid.includes(0) ? valid : null);

/**
 * The part `window` of a raster; `window` is in pixels of the raster itself. A copy, unless the window is all of it.
 * Throws a `RangeError` when the window leaves the raster: callers cut along plans that guarantee that it does not.
 */
export const cropRaster = (raster: Raster, window: PixelWindow): Raster => {
  const { x, y, width, height } = window;
  if (x < 0 || y < 0 || x + width > raster.width || y + height > raster.height) {
    throw new RangeError(
      `window ${x},${y} ${width}×${height} leaves the raster of ${raster.width}×${raster.height}`,
    );
  }
  if (width === raster.width && height === raster.height) return raster;
  return {
    width,
    height,
    bands: raster.bands,
    planes: raster.planes.map((plane) => cropPlane(plane, raster.width, window)),
    valid: raster.valid && orAll(cropPlane(raster.valid, raster.width, window)),
  };
};

/** The core of a tile, cut from the raster of its window. */
export const coreOf = (
  tile: { readonly window: PixelWindow; readonly core: PixelWindow },
  raster: Raster,
): Raster =>
  cropRaster(raster, {
    x: tile.core.x - tile.window.x,
    y: tile.core.y - tile.window.y,
    width: tile.core.width,
    height: tile.core.height,
  });
