import { allocateSamples, sampleTypeOf } from "./samples.ts";
import type { PixelWindow, Raster } from "./raster.ts";

/**
 * The part `window` of a raster, as a copy; `window` is in pixels of the raster itself.
 * The window must lie inside: callers cut along plans that guarantee it.
 */
export const cropRaster = (raster: Raster, { x, y, width, height }: PixelWindow): Raster => {
  if (x < 0 || y < 0 || x + width > raster.width || y + height > raster.height) {
    throw new RangeError(
      `window ${x},${y} ${width}×${height} leaves the raster of ${raster.width}×${raster.height}`,
    );
  }
  if (x === 0 && y === 0 && width === raster.width && height === raster.height) return raster;
  const planes = raster.planes.map((plane) => {
    const out = allocateSamples(sampleTypeOf(plane), width * height);
    for (let row = 0; row < height; row++) {
      const from = (y + row) * raster.width + x;
      out.set(plane.subarray(from, from + width) as never, row * width);
    }
    return out;
  });
  return {
    width,
    height,
    bands: raster.bands,
    planes,
    valid: raster.valid && cropMask(raster, x, y, width, height),
  };
};

const cropMask = (raster: Raster, x: number, y: number, width: number, height: number): Uint8Array | null => {
  const valid = raster.valid as Uint8Array;
  const out = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * raster.width + x;
    out.set(valid.subarray(from, from + width), row * width);
  }
  return out.includes(0) ? out : null;
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
