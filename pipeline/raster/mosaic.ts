import { allocateSamples } from "./samples.ts";
import { intersectWindows, type Band, type PixelWindow, type Raster } from "./raster.ts";

/** A raster and where its upper left pixel lies in the scene. */
export interface PlacedRaster {
  readonly window: PixelWindow;
  readonly raster: Raster;
}

/**
 * The pixels of `window` put together from parts that do not overlap each other; scene coordinates throughout.
 * Where no part lies, samples are 0 and the mask says that nothing was measured.
 */
export const mosaicRaster = (
  window: PixelWindow,
  bands: readonly Band[],
  parts: readonly PlacedRaster[],
): Raster => {
  const { width, height } = window;
  const planes = bands.map((band) => allocateSamples(band.sampleType, width * height));
  const valid = new Uint8Array(width * height);
  for (const { window: from, raster } of parts) {
    const shared = intersectWindows(window, from);
    if (shared === null) continue;
    for (let y = shared.y; y < shared.y + shared.height; y++) {
      const source = (y - from.y) * from.width + (shared.x - from.x);
      const target = (y - window.y) * width + (shared.x - window.x);
      planes.forEach((plane, b) => {
        plane.set(raster.planes[b]?.subarray(source, source + shared.width) as never, target);
      });
      if (raster.valid === null) valid.fill(1, target, target + shared.width);
      else valid.set(raster.valid.subarray(source, source + shared.width), target);
    }
  }
  return { width, height, bands, planes, valid: valid.includes(0) ? valid : null };
};
