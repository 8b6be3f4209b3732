import { SwathError } from "../../pipeline/errors.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { Block } from "./block.ts";
import { BlockCache } from "./block-cache.ts";
import { readBlockTable } from "./block-table.ts";
import { compressionName, requireDecodable } from "./codec.ts";
import { readText, readTiff } from "./directory.ts";
import type { Tiff } from "./directory.ts";
import { localFiles, type FileAccess } from "../files/file-access.ts";
import { FileBytes } from "./file-bytes.ts";
import { parseNodata, readGdalMetadata } from "./gdal-metadata.ts";
import { georeferenceBy } from "../crs/image-place.ts";
import { readPlaceClue } from "./geokeys.ts";
import { readLayout } from "./image-layout.ts";
import type { ImageLayout } from "./image-layout.ts";
import type { RasterFile, ReadOptions, WindowPixels } from "./raster-file.ts";
import { tag } from "./tag.ts";
import { maskFrom, maskZeros } from "./validity.ts";
import { readPlanes } from "./window-read.ts";
import type { ReadableImage } from "./window-read.ts";

/** An open GeoTIFF, cloud-optimised or not. */
export type GeoTiffFile = RasterFile;

export interface OpenOptions {
  /** Shared by files that are read together, so that one bound holds for all of them. */
  readonly cache?: BlockCache<Block>;
  /** Default: files of this machine. */
  readonly access?: FileAccess;
}

const overviewBit = 1;
const maskBit = 4;
const maxMetadataBytes = 4_000_000;

/** The images of a file by role; `masks` and `overviews` from fine to coarse. */
const sortImages = (layouts: readonly ImageLayout[]) => {
  const [main] = layouts as [ImageLayout];
  const isMask = (layout: ImageLayout): boolean => (layout.subfileType & maskBit) !== 0;
  const matches = (layout: ImageLayout): boolean =>
    layout.samplesPerPixel === main.samplesPerPixel && layout.sampleType === main.sampleType;
  return {
    main,
    overviews: layouts
      .slice(1)
      .filter((layout) => !isMask(layout) && (layout.subfileType & overviewBit) !== 0 && matches(layout))
      .toSorted((a, b) => b.width - a.width),
    masks: layouts.slice(1).filter((layout) => isMask(layout) && layout.samplesPerPixel === 1),
  };
};

/**
 * Opens a GeoTIFF or COG: reads its directories, no pixels.
 * Throws `SwathError("raster")` when it is none, is corrupt, or holds samples or a compression that cannot be read.
 */
export const openGeoTiff = async (path: string, options: OpenOptions = {}): Promise<GeoTiffFile> => {
  const { access = localFiles } = options;
  const bytes = new FileBytes(await access.open(path));
  try {
    return await describe(await readTiff(bytes), options.cache ?? new BlockCache());
  } catch (error) {
    await bytes[Symbol.asyncDispose]();
    throw error;
  }
};

const describe = async (tiff: Tiff, cache: BlockCache<Block>): Promise<GeoTiffFile> => {
  const { path } = tiff.bytes;
  const layouts: ImageLayout[] = [];
  for (const directory of tiff.directories) layouts.push(await readLayout(tiff, directory));
  const { main, overviews, masks } = sortImages(layouts);
  requireDecodable(path, main);
  const nodata = parseNodata(await readText(tiff, main.directory, tag.gdalNodata));
  const metadata = await readText(tiff, main.directory, tag.gdalMetadata, maxMetadataBytes);

  const placeClues = [await readPlaceClue(tiff, main.directory)];

  const images = new Map<ImageLayout, Promise<ReadableImage>>();
  const open = (layout: ImageLayout): Promise<ReadableImage> => {
    const opened = images.get(layout) ?? prepare(layout);
    images.set(layout, opened);
    return opened;
  };
  const prepare = async (layout: ImageLayout): Promise<ReadableImage> => {
    requireDecodable(path, layout);
    const fill = layout === main || overviews.includes(layout) ? (nodata ?? 0) : 0;
    const cacheKey = `${path}#${layouts.indexOf(layout)}`;
    return { tiff, layout, table: await readBlockTable(tiff, layout), cache, cacheKey, fill };
  };

  const readWindow = async (
    window: PixelWindow,
    bandIndexes: readonly number[],
    { overview, signal }: ReadOptions = {},
  ): Promise<WindowPixels> => {
    const layout = overview === undefined ? main : overviews[overview];
    if (layout === undefined) {
      const what = `${path}: overview ${overview}`;
      throw new SwathError("raster", { what, wanted: `fewer than ${overviews.length}` });
    }
    const planes = await readPlanes(await open(layout), window, bandIndexes, signal);
    const valid = maskFrom(planes, nodata);
    const mask = masks.find(({ width, height }) => width === layout.width && height === layout.height);
    if (mask !== undefined) {
      const [opaque] = await readPlanes(await open(mask), window, [0], signal);
      return { planes, valid: maskZeros(valid, opaque!) };
    }
    if (nodata === null && main.alphaBand !== null) {
      const at = bandIndexes.indexOf(main.alphaBand);
      const alpha =
        at < 0 ? (await readPlanes(await open(layout), window, [main.alphaBand], signal))[0] : planes[at];
      return { planes, valid: maskZeros(valid, alpha!) };
    }
    return { planes, valid };
  };

  return {
    path,
    width: main.width,
    height: main.height,
    sampleType: main.sampleType,
    bands: readGdalMetadata(metadata, main.samplesPerPixel),
    nodata,
    georeference: georeferenceBy(placeClues, main.width, main.height),
    placeClues,
    compression: compressionName(main.compression),
    block: main.block,
    overviews: overviews.map(({ width, height }) => ({ width, height })),
    readWindow,
    [Symbol.asyncDispose]: () => tiff.bytes[Symbol.asyncDispose](),
  };
};
