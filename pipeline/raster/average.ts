import type { Raster } from "./raster.ts";
import type { SampleArray } from "./samples.ts";

/**
 * The raster at a coarser resolution: each pixel the mean of the measured samples of `step` × `step`, fewer at the right and lower
 * edge, and valid where any of them is. Samples become floats; scale, offset and unit stay. A step of 1 changes nothing.
 */
export const averageRaster = (raster: Raster, step: number): Raster => {
  if (step === 1) return raster;
  const width = Math.ceil(raster.width / step);
  const height = Math.ceil(raster.height / step);
  const counts = new Float32Array(width * height);
  each(raster, step, width, (cell, at) => {
    if (raster.valid === null || raster.valid[at] !== 0) counts[cell] = (counts[cell] as number) + 1;
  });
  const averaged = (plane: SampleArray): Float32Array => {
    const sums = new Float64Array(width * height);
    each(raster, step, width, (cell, at) => {
      if (raster.valid === null || raster.valid[at] !== 0) {
        sums[cell] = (sums[cell] as number) + (plane[at] as number);
      }
    });
    return Float32Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell] as number));
  };
  return {
    width,
    height,
    bands: raster.bands.map((band) => ({ ...band, sampleType: "float32" })),
    planes: raster.planes.map(averaged),
    valid: counts.includes(0) ? Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0)) : null,
  };
};

const each = (
  { width, height }: Pick<Raster, "width" | "height">,
  step: number,
  columns: number,
  visit: (cell: number, at: number) => void,
): void => {
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / step) * columns;
    for (let x = 0; x < width; x += 1) visit(row + Math.floor(x / step), y * width + x);
  }
};
