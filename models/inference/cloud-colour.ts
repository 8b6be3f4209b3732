import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import type { SampleArray } from "../../pipeline/raster/samples.ts";

/**
 * How far the reflectance of cloud exceeds in blue half of that in red. Haze-optimised transformation of Fmask (Zhu and Woodcock 2012,
 * eq. 3), which has 0.08 for haze and cloud alike. Of 0.08, 0.10 and 0.12, 0.10 is the most that kept no cloudy window of the training patches
 * of `clouds` beyond those that the network keeps; clear ground under haze, or of a product with an offset, reaches 0.08 and hardly 0.10.
 */
const leastExcess = 0.1;

const isBlue = /^(B0?2|blue)$/i;
const isRed = /^(B0?4|red)$/i;

const planeOf = ({ bands, planes }: Raster, name: RegExp) => {
  const at = bands.findIndex((band) => name.test(band.commonName ?? band.name));
  const band: Band | undefined = bands[at];
  return band?.unit === "reflectance" ? { ...band, plane: planes[at] as SampleArray } : null;
};

/**
 * A test by colour that asks no network: says of each pixel of the raster whether it can be cloud at all. Bright soil, stubble and sand
 * cannot, as they reflect far more red than blue. Everything can where the raster has no blue or no red in reflectance.
 */
export const canBeCloud = (raster: Raster): ((pixel: number) => boolean) => {
  const [blue, red] = [planeOf(raster, isBlue), planeOf(raster, isRed)];
  if (blue === null || red === null) return () => true;
  const valueOf = ({ plane, scale, offset }: typeof blue, pixel: number): number =>
    (plane[pixel] as number) * scale + offset;
  return (pixel) => valueOf(blue, pixel) - valueOf(red, pixel) / 2 > leastExcess;
};
