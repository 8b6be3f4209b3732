import { SwathError } from "../../pipeline/errors.ts";
import { intersectWindows, type PixelWindow, windowArea } from "../../pipeline/raster/raster.ts";
import { allocateSamples, bytesPerSample } from "../../pipeline/raster/samples.ts";
import type { ByteRange } from "../files/byte-source.ts";
import { localFiles } from "../files/file-access.ts";
import { type Block, copyPart } from "../geotiff/block.ts";
import { ByteCache } from "../../pipeline/byte-cache.ts";
import { readTiff } from "../geotiff/directory.ts";
import { FileBytes } from "../geotiff/file-bytes.ts";
import { asWgs84 } from "../crs/coordinate-system.ts";
import { georeferenceBy, type PlaceClue } from "../crs/image-place.ts";
import { readPlaceClue } from "../geotiff/geokeys.ts";
import type { OpenOptions } from "../geotiff/geotiff.ts";
import type { RasterFile, ReadOptions, WindowPixels } from "../geotiff/raster-file.ts";
import { reasonOf } from "../geotiff/reason.ts";
import { requireBands, requireWindow, unlessAborted } from "../geotiff/request.ts";
import { maskZeros } from "../geotiff/validity.ts";
import { type MainHeader, readMainHeader } from "./codestream.ts";
import { parseGmlGrid } from "./gml-place.ts";
import { type Jp2File, readJp2File } from "./jp2-file.ts";
import { canMoveTiles, tileArea, tileCodestream } from "./tile-codestream.ts";
import { componentGroups, decodeGroup, decoderBytes, groupBytes } from "./tile-decode.ts";
import { readTileParts, type TileParts } from "./tile-parts.ts";

/** What the decoder may take for one block. An untiled image is one block: 10,000² pixels of one band fit. */
const maxDecoderBytes = 400_000_000;
const maxWindowBytes = 2 ** 31 - 1;
/** Blocks under way at once for one window. */
const blocksInFlight = 5;

/** A codestream with all that reading it takes. */
interface OpenCodestream {
  readonly bytes: FileBytes;
  readonly file: Jp2File;
  readonly header: MainHeader;
  readonly parts: TileParts;
  /** Whether blocks are tiles; else the whole image is one block. */
  readonly tiled: boolean;
  readonly cache: ByteCache<Block>;
}

interface WantedBlock {
  readonly column: number;
  readonly row: number;
  /** In pixels of the image. */
  readonly area: PixelWindow;
  readonly group: readonly number[];
}

/**
 * Opens a JP2 file or a bare JPEG 2000 codestream: reads its headers and where its tiles lie, no pixels. Samples are those that
 * the codestream holds, in the smallest type for their depth. Tiles are decoded one by one.
 * Throws `SwathError("raster")` when it is none, is corrupt, or holds what is not read (palettes, components of different size,
 * more than 16 bits, untiled images of more than 100 million samples).
 */
export const openJpeg2000 = async (path: string, options: OpenOptions = {}): Promise<RasterFile> => {
  const { access = localFiles } = options;
  const bytes = new FileBytes(await access.open(path));
  try {
    return await describe(bytes, options.cache ?? new ByteCache());
  } catch (error) {
    await bytes[Symbol.asyncDispose]();
    throw error;
  }
};

/** What the file says of its place, as GDAL trusts it: GeoJP2 first, then GMLJP2. */
const readClues = async (bytes: FileBytes, { geoTiff, gml }: Jp2File): Promise<readonly PlaceClue[]> => {
  const clues: PlaceClue[] = [];
  if (geoTiff !== null) {
    const tiff = await readTiff(await bytes.part(geoTiff.offsetBytes, geoTiff.lengthBytes));
    const [directory] = tiff.directories;
    if (directory !== undefined) clues.push(await readPlaceClue(tiff, directory));
  }
  for (const xml of gml) {
    const place = parseGmlGrid(xml);
    if (place === null) continue;
    const system = { crs: place.crs, definition: place.proj4, shifts: [asWgs84] };
    clues.push({ transform: place.transform, system });
  }
  return clues;
};

const blockAreaOf = ({ header, tiled }: OpenCodestream, column: number, row: number): PixelWindow => {
  const { x0, y0, x1, y1 } = header.image;
  if (!tiled) return { x: 0, y: 0, width: x1 - x0, height: y1 - y0 };
  const area = tileArea(header, column, row);
  return { ...area, x: area.x - x0, y: area.y - y0 };
};

/** Throws `SwathError("raster")` where blocks cannot be decoded, before one is read. */
const requireDecodable = (path: string, header: MainHeader, parts: TileParts, tiled: boolean): void => {
  const { image, tile } = header;
  const refuse = (what: string, wanted: string, got: string): SwathError =>
    new SwathError("raster", {
      what: `${path}: ${what}`,
      wanted,
      got,
      hint: "convert it with gdal_translate -of COG",
    });
  if (!tiled && (image.x0 > 0 || image.y0 > 0)) {
    const got = `tiles of ${tile.width} × ${tile.height} from ${image.x0}, ${image.y0}`;
    throw refuse("unsupported tiles", "tiles of a power of two, or an image that starts at 0, 0", got);
  }
  // Decoded as a whole, tiles that are not there would come out as zeros.
  const absent = parts.filter((part) => part.length === 0).length;
  if (!tiled && absent > 0) {
    const what = `${path} is truncated or corrupt`;
    throw new SwathError("raster", {
      what,
      wanted: `${parts.length} tiles`,
      got: `${parts.length - absent}`,
    });
  }
  const width = Math.min(tiled ? tile.width : Infinity, image.x1 - image.x0);
  const height = Math.min(tiled ? tile.height : Infinity, image.y1 - image.y0);
  const needed = decoderBytes(header, { x: 0, y: 0, width, height });
  if (needed <= maxDecoderBytes) return;
  const got = `${width} × ${height} × ${header.components}`;
  throw refuse("block too large", `at most ${maxDecoderBytes / 4} samples decoded at once`, got);
};

/** The bytes that one block is decoded from: a codestream that starts at the origin. */
const readBlockSource = async (
  { bytes, file, header, parts, tiled }: OpenCodestream,
  { column, row, area }: WantedBlock,
): Promise<Uint8Array> => {
  const most = 2 * decoderBytes(header, area) + 1_000_000;
  const ranges = tiled ? parts[row * header.tilesAcross + column]! : [file.codestream];
  const length = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  if (length > most || ranges.length === 0) {
    const wanted = `1 to ${most} bytes`;
    throw new SwathError("raster", {
      what: `${bytes.path}: block ${column}, ${row} is corrupt`,
      wanted,
      got: `${length}`,
    });
  }
  const read = await Promise.all(ranges.map((range) => bytes.read(range.offsetBytes, range.lengthBytes)));
  return tiled ? tileCodestream(header, area, read) : read[0]!;
};

/** One decoded block; shared with whoever else asks for it meanwhile. */
const loadBlock = (codestream: OpenCodestream, wanted: WantedBlock): Promise<Block> => {
  const { bytes, header, cache } = codestream;
  const { column, row, area, group } = wanted;
  const key = `${bytes.path}#${group[0]}/${row}/${column}`;
  const decode = async (): Promise<Block> => {
    const source = await readBlockSource(codestream, wanted);
    try {
      return await decodeGroup(source, header, area, group);
    } catch (cause) {
      const what = `${bytes.path}: block ${column}, ${row} is corrupt (jpeg2000)`;
      throw new SwathError("raster", { what, got: reasonOf(cause), cause });
    }
  };
  return cache.get(key, groupBytes(header, area, group), decode);
};

const blocksOf = (
  codestream: OpenCodestream,
  window: PixelWindow,
  bands: readonly number[],
): readonly WantedBlock[] => {
  const { header, tiled } = codestream;
  const groups = componentGroups(header).filter((group) =>
    group.some((component) => bands.includes(component)),
  );
  const { image, tile } = header;
  const cell = (at: number, origin: number, side: number): number =>
    tiled ? Math.floor((at - origin) / side) : 0;
  const [left, top] = [window.x + image.x0, window.y + image.y0];
  const lastColumn = cell(left + window.width - 1, tile.x0, tile.width);
  const lastRow = cell(top + window.height - 1, tile.y0, tile.height);
  const blocks: WantedBlock[] = [];
  for (let row = cell(top, tile.y0, tile.height); row <= lastRow; row++) {
    for (let column = cell(left, tile.x0, tile.width); column <= lastColumn; column++) {
      const area = blockAreaOf(codestream, column, row);
      for (const group of groups) blocks.push({ column, row, area, group });
    }
  }
  return blocks;
};

const readPlanes = async (
  codestream: OpenCodestream,
  window: PixelWindow,
  bandIndexes: readonly number[],
  signal: AbortSignal | undefined,
) => {
  const { bytes, header } = codestream;
  const { image, sampleType, components } = header;
  requireWindow(bytes.path, window, image.x1 - image.x0, image.y1 - image.y0);
  requireBands(bytes.path, bandIndexes, components);
  const area = windowArea(window);
  if (area * bytesPerSample(sampleType) * bandIndexes.length > maxWindowBytes) {
    const got = `${window.width} × ${window.height} × ${bandIndexes.length} bands`;
    throw new SwathError("raster", {
      what: `${bytes.path}: window`,
      wanted: `at most ${maxWindowBytes} bytes`,
      got,
    });
  }
  const planes = bandIndexes.map(() => allocateSamples(sampleType, area));
  const blocks = blocksOf(codestream, window, bandIndexes).values();
  const work = async (): Promise<void> => {
    for (const wanted of blocks) {
      signal?.throwIfAborted();
      const block = await unlessAborted(loadBlock(codestream, wanted), signal);
      const part = intersectWindows(window, wanted.area);
      if (part === null) continue;
      const at = bandIndexes.flatMap((band, i) => (wanted.group.includes(band) ? [i] : []));
      const inBlock = at.map((i) => wanted.group.indexOf(bandIndexes[i]!));
      copyPart(
        block,
        wanted.area,
        inBlock,
        at.map((i) => planes[i]!),
        window,
        part,
      );
    }
  };
  await Promise.all(Array.from({ length: blocksInFlight }, work));
  return planes;
};

const describe = async (bytes: FileBytes, cache: ByteCache<Block>): Promise<RasterFile> => {
  const file = await readJp2File(bytes);
  const header = await readMainHeader(bytes, file.codestream);
  const parts = await readTileParts(bytes, file.codestream, header);
  const tiled = header.tilesAcross * header.tilesDown > 1 && canMoveTiles(header);
  requireDecodable(bytes.path, header, parts, tiled);
  const codestream: OpenCodestream = { bytes, file, header, parts, tiled, cache };
  const { image, tile, components, sampleType } = header;
  const [width, height] = [image.x1 - image.x0, image.y1 - image.y0];
  const opacity = file.opacity !== null && file.opacity < components ? file.opacity : null;

  const readWindow = async (
    window: PixelWindow,
    bandIndexes: readonly number[],
    { overview, signal }: ReadOptions = {},
  ): Promise<WindowPixels> => {
    if (overview !== undefined) {
      throw new SwathError("raster", {
        what: `${bytes.path}: overview ${overview}`,
        got: "an image without overviews",
      });
    }
    const planes = await readPlanes(codestream, window, bandIndexes, signal);
    if (opacity === null) return { planes, valid: null };
    const at = bandIndexes.indexOf(opacity);
    const opaque = at < 0 ? (await readPlanes(codestream, window, [opacity], signal))[0] : planes[at];
    return { planes, valid: maskZeros(null, opaque!) };
  };

  const expect = async (windows: readonly PixelWindow[], bandIndexes: readonly number[]): Promise<void> => {
    if (!bytes.canExpect || !tiled) return;
    const reads = new Map<number, ByteRange>();
    for (const window of windows) {
      for (const { row, column } of blocksOf(codestream, window, bandIndexes)) {
        for (const part of parts[row * header.tilesAcross + column] ?? []) reads.set(part.offsetBytes, part);
      }
    }
    bytes.expect([...reads.values()]);
  };

  const placeClues = await readClues(bytes, file);
  return {
    path: bytes.path,
    width,
    height,
    sampleType,
    bands: Array.from({ length: components }, () => ({ description: null, scale: 1, offset: 0, unit: null })),
    nodata: null,
    georeference: georeferenceBy(placeClues, width, height),
    placeClues,
    compression: "jpeg2000",
    block: tiled
      ? { width: Math.min(tile.width, width), height: Math.min(tile.height, height) }
      : { width, height },
    overviews: [],
    readWindow,
    expect,
    [Symbol.asyncDispose]: () => bytes[Symbol.asyncDispose](),
  };
};
