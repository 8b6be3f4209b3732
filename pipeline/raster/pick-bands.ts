import type { Band, Raster } from "./raster.ts";
import type { SampleArray } from "./samples.ts";

/** The bands named, in that order; nothing is copied. Throws a `RangeError` when the raster lacks one. */
export const pickBands = (raster: Raster, names: readonly string[]): Raster => {
  const picked = names.map((name) => {
    const at = raster.bands.findIndex((band) => band.name === name);
    if (at < 0) throw new RangeError(`no band "${name}" in the raster`);
    return at;
  });
  return {
    ...raster,
    bands: picked.map((at) => raster.bands[at] as Band),
    planes: picked.map((at) => raster.planes[at] as SampleArray),
  };
};
