import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { Block } from "./block.ts";
import { type ByteCache, defaultCacheBytes } from "../../pipeline/byte-cache.ts";
import { openBlockCache } from "./block-cache.ts";
import { readBlockTable } from "./block-table.ts";
import { compressionName, requireDecodable } from "./codec.ts";
import { readText, readTiff } from "./directory.ts";
import type { Tiff } from "./directory.ts";
import { localFiles, type FileAccess } from "../files/file-access.ts";
import { FileBytes } from "./file-bytes.ts";
import { parseNodata, readGdalMetadata } from "./gdal-metadata.ts";
import { georeferenceBy } from "../crs/image-place.ts";
import { readPlaceClue } from "./geokeys.ts";
import { blockBytes, readLayout } from "./image-layout.ts";
import type { ImageLayout } from "./image-layout.ts";
import type { RasterFile, ReadOptions, WindowPixels } from "./raster-file.ts";
import { applyPalette, readPalette } from "./palette.ts";
import { requireBands } from "./request.ts";
import { tag } from "./tag.ts";
import { maskFrom, maskZeros, nodataOfType } from "./validity.ts";
import { planWindows, readPlanes } from "./window-read.ts";
import type { ReadableImage } from "./window-read.ts";

/** An open GeoTIFF, cloud-optimised or not. */
export type GeoTiffFile = RasterFile;

/** How a GeoTIFF is opened: shared cache and access to files. */
export interface OpenOptions {
  /** Shared by files that are read together, so that one bound holds for all of them. */
  readonly cache?: ByteCache<Block>;
  /** Default: files of this machine. */
  readonly access?: FileAccess;
  /** True where a file beside it says which value is no measurement: then neither its own nodata nor its alpha does. */
  readonly isNodataElsewhere?: boolean;
  /** Bands that somebody calls by the light they measure: such a band is no opacity, whatever the file marks it as. */
  readonly lightBands?: readonly number[];
}

const overviewBit = 1;
const maskBit = 4;
const maxMetadataBytes = 4_000_000;

/** The images of a file by role; `masks` and `overviews` from fine to coarse; `pages` are further pictures. */
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
    pages: layouts.slice(1).filter((layout) => !isMask(layout) && (layout.subfileType & overviewBit) === 0),
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
    return await describe(await readTiff(bytes), options);
  } catch (error) {
    await bytes[Symbol.asyncDispose]();
    throw error;
  }
};

/** A small picture is kept whole. */
const leastCacheBytes = 16_000_000;

/** What windows in row order come back to: two rows of blocks, of all bands. */
const twoRowsBytes = (image: ImageLayout): number => {
  const across = Math.ceil(image.width / image.block.width);
  const rows = 2 * across * image.filePlanes * blockBytes(image, image.storedRows);
  return Math.min(defaultCacheBytes, Math.max(leastCacheBytes, rows));
};

const describe = async (
  tiff: Tiff,
  { cache: given, isNodataElsewhere = false, lightBands = [] }: OpenOptions,
): Promise<GeoTiffFile> => {
  const { path } = tiff.bytes;
  const layouts: ImageLayout[] = [];
  let unreadable = 0;
  for (const directory of tiff.directories) {
    try {
      layouts.push(await readLayout(tiff, directory));
    } catch (error) {
      // What is wrong with a further page, a mask or an overview is no fault of the first.
      if (layouts.length === 0 || !isSwathError(error, "raster")) throw error;
      unreadable++;
    }
  }
  const { main, overviews, masks, pages } = sortImages(layouts);
  requireDecodable(path, main);
  const cache = given ?? openBlockCache(twoRowsBytes(main));
  const alphaBand = lightBands.includes(main.alphaBand ?? -1) ? null : main.alphaBand;
  const stated = parseNodata(await readText(tiff, main.directory, tag.gdalNodata));
  const nodata = isNodataElsewhere ? null : nodataOfType(stated, main.sampleType);
  const palette = await readPalette(tiff, main);
  const bandCount = palette ? 3 : main.samplesPerPixel;
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
    requireBands(path, bandIndexes, bandCount);
    const stored = await readPlanes(await open(layout), window, palette ? [0] : bandIndexes, signal);
    const planes = palette ? applyPalette(palette, stored[0]!, bandIndexes) : stored;
    // As GDAL has it: a mask says all, else nodata does, else alpha.
    const mask = masks.find(({ width, height }) => width === layout.width && height === layout.height);
    if (mask !== undefined) {
      const [opaque] = await readPlanes(await open(mask), window, [0], signal);
      return { planes, valid: maskZeros(maskFrom(planes, null), opaque!) };
    }
    const valid = maskFrom(stored, nodata);
    if (nodata !== null || isNodataElsewhere || alphaBand === null) return { planes, valid };
    const at = bandIndexes.indexOf(alphaBand);
    const alpha =
      at < 0 ? (await readPlanes(await open(layout), window, [alphaBand], signal))[0] : planes[at];
    return { planes, valid: maskZeros(valid, alpha!) };
  };

  const expect = async (windows: readonly PixelWindow[], bandIndexes: readonly number[]): Promise<void> => {
    if (!tiff.bytes.canExpect) return;
    const mask = masks.find(({ width, height }) => width === main.width && height === main.height);
    const isAlphaRead = mask === undefined && nodata === null && !isNodataElsewhere;
    const alpha = isAlphaRead && alphaBand !== null ? [alphaBand] : [];
    const bands = palette ? [0] : [...bandIndexes, ...alpha];
    const images = [{ image: await open(main), bandIndexes: bands }];
    if (mask !== undefined) images.push({ image: await open(mask), bandIndexes: [0] });
    tiff.bytes.expect(planWindows(images, windows));
  };

  return {
    path,
    width: main.width,
    height: main.height,
    sampleType: palette ? "uint8" : main.sampleType,
    bands: readGdalMetadata(metadata, bandCount),
    // That of an index is no sample of its colours.
    nodata: palette ? null : nodata,
    alphaBand,
    hasMask: masks.some(({ width, height }) => width === main.width && height === main.height),
    orientation: main.orientation,
    otherPages: unreadable + pages.length,
    georeference: georeferenceBy(placeClues, main.width, main.height),
    placeClues,
    compression: compressionName(main.compression),
    block: main.block,
    overviews: overviews.map(({ width, height }) => ({ width, height })),
    readWindow,
    expect,
    [Symbol.asyncDispose]: () => tiff.bytes[Symbol.asyncDispose](),
  };
};
