import { SwathError } from "../../pipeline/errors.ts";
import type { FileAccess } from "../files/file-access.ts";
import { openGeoTiff } from "../geotiff/geotiff.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { maskFrom, maskZeros } from "../geotiff/validity.ts";

/** Where GDAL puts the mask of a file that cannot hold one: `scene.tif` → `scene.tif.msk`, a TIFF of zeros where there is nothing. */
export const maskPath = (path: string): string => `${path}.msk`;

/**
 * The file with the mask beside it, where there is one: it then says alone what is a measurement, before nodata and alpha, as GDAL has it; a mask
 * inside the file comes first. Takes `file` over. Throws `SwathError("raster")` for a mask of another size.
 */
export const withMaskSidecar = async (file: RasterFile, access: FileAccess): Promise<RasterFile> => {
  const path = maskPath(file.path);
  if (file.hasMask || !access.isKnown(path)) return file;
  let mask: RasterFile;
  try {
    mask = await openGeoTiff(path, { access });
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
  if (mask.width !== file.width || mask.height !== file.height) {
    await mask[Symbol.asyncDispose]();
    await file[Symbol.asyncDispose]();
    const [wanted, got] = [file, mask].map(({ width, height }) => `${width} × ${height}`) as [string, string];
    throw new SwathError("raster", { what: `${path} is no mask of its image`, wanted, got });
  }
  return {
    ...file,
    hasMask: true,
    readWindow: async (window, bandIndexes, options = {}) => {
      const pixels = await file.readWindow(window, bandIndexes, options);
      const { overview } = options;
      // A mask need not have the overviews of its image.
      if (overview !== undefined && !isSameSize(file, mask, overview)) return pixels;
      // One band for all, or one for each.
      const bands = mask.bands.length === file.bands.length ? bandIndexes : [0];
      const { planes } = await mask.readWindow(window, bands, options);
      return { ...pixels, valid: planes.reduce(maskZeros, maskFrom(pixels.planes, null)) };
    },
    expect: async (windows, bandIndexes) => {
      await file.expect?.(windows, bandIndexes);
      await mask.expect?.(windows, mask.bands.length === file.bands.length ? bandIndexes : [0]);
    },
    [Symbol.asyncDispose]: async () => {
      await mask[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
};

const isSameSize = (a: RasterFile, b: RasterFile, overview: number): boolean =>
  a.overviews[overview]?.width === b.overviews[overview]?.width &&
  a.overviews[overview]?.height === b.overviews[overview]?.height;
