import type { PixelWindow, Raster } from "./raster.ts";

/** A part of a scene that knows where in it it lies. */
export interface PlacedRaster extends Raster {
  /** The middle of the whole scene in pixels of this raster. Not given: the raster is the scene. */
  readonly sceneMiddlePx?: { readonly x: number; readonly y: number };
}

/** The pixels of `window` with where they lie in a scene of this size. */
export const placedIn = (
  { width, height }: { readonly width: number; readonly height: number },
  window: PixelWindow,
  raster: Raster,
): PlacedRaster => ({
  ...raster,
  sceneMiddlePx: { x: width / 2 - window.x, y: height / 2 - window.y },
});
