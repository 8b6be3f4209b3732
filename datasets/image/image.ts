import { open, readFile } from "node:fs/promises";
import sharp from "sharp";
import type { Metadata } from "sharp";
import { SwathError } from "../../pipeline/errors.ts";
import { intersectWindows, windowArea } from "../../pipeline/raster/raster.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { allocateSamples, bytesPerSample } from "../../pipeline/raster/samples.ts";
import type { SampleType } from "../../pipeline/raster/samples.ts";
import { blockOf, copyPart } from "../geotiff/block.ts";
import type { Block } from "../geotiff/block.ts";
import { ByteCache } from "../../pipeline/byte-cache.ts";
import { requireFewScans } from "../geotiff/jpeg-scans.ts";
import type { RasterFile, ReadOptions, WindowPixels } from "../geotiff/raster-file.ts";
import { reasonOf } from "../geotiff/reason.ts";
import { requireBands, requireWindow } from "../geotiff/request.ts";
import { maskZeros } from "../geotiff/validity.ts";

/** PNG, JPEG and WebP cannot be read in parts without decoding all above; beyond this they are no scene format. */
export const maxImagePixels = 400_000_000;

/** Pictures up to this size are decoded once and kept; larger ones in bands of rows of this size. */
const stripBytes = 48_000_000;

/**
 * The most pixels of a picture that its decoder holds whole, whatever part is wanted: WebP, progressive JPEG, interlaced PNG. A few
 * hundred kilobytes of them can claim a gigabyte.
 */
const maxWholePixels = 64_000_000;

interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly sampleType: SampleType;
  readonly format: string;
  readonly hasAlpha: boolean;
  /** Bands of the file: `channels`, less the alpha that a decoder makes of a transparent colour (PNG's tRNS). */
  readonly bands: number;
  /** The largest grey of a PNG with fewer than 8 bits; decoders spread it to 255. */
  readonly greyTop: number;
  readonly orientation: number;
  readonly pages: number;
}

// The cache goes by file names alone: a file that has been replaced would be read as it was before.
sharp.cache(false);
const [pngGrey, pngPalette] = [0, 3];

/** Bit depth and colour type of a PNG, from its first chunk (PNG, third edition, 11.2.1); `null` for any other file. */
const readPngKind = async (
  path: string,
): Promise<{ readonly depth: number; readonly type: number } | null> => {
  await using handle = await open(path, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(26), 0, 26, 0);
  if (bytesRead < 26 || buffer.readUInt32BE(0) !== 0x89504e47) return null;
  return { depth: buffer.readUInt8(24), type: buffer.readUInt8(25) };
};

/** Throws `SwathError("raster")` for a progressive JPEG that would keep its decoder busy for long. */
const checkScans = async (path: string, pixels: number): Promise<void> => {
  try {
    requireFewScans(await readFile(path), pixels);
  } catch (cause) {
    throw new SwathError("raster", { what: `${path} is too costly to decode`, got: reasonOf(cause), cause });
  }
};

const readHeader = async (path: string): Promise<ImageHeader> => {
  let metadata: Metadata;
  try {
    metadata = await sharp(path, { limitInputPixels: maxImagePixels }).metadata();
  } catch (cause) {
    throw new SwathError("raster", {
      what: `${path} cannot be opened as an image`,
      got: reasonOf(cause),
      cause,
    });
  }
  const { width, height, channels, depth, format, space } = metadata;
  const refuse = (what: string, wanted: string, got: string): SwathError =>
    new SwathError("raster", { what: `${path}: ${what}`, wanted, got });
  if (width * height > maxImagePixels)
    throw refuse("image too large", `${maxImagePixels} pixels`, `${width * height}`);
  const isWhole = format === "webp" || metadata.isProgressive === true;
  if (isWhole && width * height > maxWholePixels) {
    const kind = format === "webp" ? "WebP" : `interlaced or progressive ${format.toUpperCase()}`;
    throw refuse("image too large", `at most ${maxWholePixels} pixels of ${kind}`, `${width * height}`);
  }
  if (!["png", "jpeg", "webp"].includes(format)) throw refuse("image format", "PNG, JPEG or WebP", format);
  if (depth !== "uchar" && depth !== "ushort")
    throw refuse("sample depth", "8 or 16 bits", depth ?? "unknown");
  if (!["srgb", "rgb", "b-w", "rgb16", "grey16"].includes(space ?? "")) {
    throw refuse("colour space", "grey or RGB", space ?? "unknown");
  }
  if (format === "jpeg" && metadata.isProgressive === true) await checkScans(path, width * height);
  const png = format === "png" ? await readPngKind(path) : null;
  const hasAlpha = metadata.hasAlpha ?? false;
  // Colour types 4 and 6 have an alpha channel of their own.
  const isMadeAlpha = hasAlpha && png !== null && png.type <= pngPalette;
  return {
    width,
    height,
    channels: channels ?? 0,
    sampleType: depth === "uchar" ? "uint8" : "uint16",
    format,
    hasAlpha,
    bands: (channels ?? 0) - (isMadeAlpha ? 1 : 0),
    greyTop: png?.type === pngGrey && png.depth < 8 ? 2 ** png.depth - 1 : 255,
    orientation: metadata.orientation ?? 1,
    pages: metadata.pages ?? 1,
  };
};

/** Grey and alpha of a decoder that spreads grey over red, green and blue. */
const greyAndAlpha = (rgba: Uint8Array): Uint8Array => {
  const samples = new Uint8Array(rgba.length / 2);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    samples[to++] = rgba[from]!;
    samples[to++] = rgba[from + 3]!;
  }
  return samples;
};

/** Grey as it is stored: 0…15 of four bits, not 0…255. `channels` is 1, or 2 with alpha, which stays. */
const unspreadGrey = (samples: Uint8Array, channels: number, top: number): void => {
  for (let i = 0; i < samples.length; i += channels) samples[i] = Math.round((samples[i]! * top) / 255);
};

const decodeStrip = async (
  path: string,
  header: ImageHeader,
  top: number,
  rows: number,
): Promise<Uint8Array> => {
  const { width, height, channels, sampleType } = header;
  const wide = sampleType === "uint16";
  const space = channels <= 2 ? (wide ? "grey16" : "b-w") : wide ? "rgb16" : "srgb";
  // Asked for grey, the decoder drops the alpha of 8 bits; left alone, it makes RGBA of both.
  const isSpread = channels === 2 && !wide;
  const stored = sharp(path, { limitInputPixels: maxImagePixels, failOn: "error", ignoreIcc: true });
  const part = rows === height ? stored : stored.extract({ left: 0, top, width, height: rows });
  try {
    const { data, info } = await (isSpread ? part : part.toColourspace(space))
      .raw({ depth: wide ? "ushort" : "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== (isSpread ? 4 : channels))
      throw new RangeError(`${info.channels} channels where ${channels} were announced`);
    const samples = isSpread ? greyAndAlpha(data) : data;
    if (header.greyTop < 255) unspreadGrey(samples, channels, header.greyTop);
    return samples;
  } catch (cause) {
    throw new SwathError("raster", { what: `${path} is corrupt`, got: reasonOf(cause), cause });
  }
};

/**
 * Opens a PNG, JPEG or WebP: reads its header, no pixels. Samples are those stored: neither the EXIF orientation nor a
 * colour profile is applied. An alpha channel is the last band and the mask; a transparent colour is a mask only. A palette becomes red, green
 * and blue; grey of 1, 2 and 4 bits stays 0…1, 0…3 and 0…15.
 * Throws `SwathError("raster")` when it is none of these, is corrupt, or has more than `maxImagePixels`.
 */
export const openImage = async (path: string): Promise<RasterFile> => {
  const header = await readHeader(path);
  const { width, height, channels, sampleType } = header;
  const rowBytes = width * channels * bytesPerSample(sampleType);
  const rows = Math.max(1, Math.min(height, Math.floor(stripBytes / rowBytes)));
  const cache = new ByteCache<Block>(2 * rows * rowBytes);

  const strip = (index: number): Promise<Block> => {
    const stripRows = Math.min(rows, height - index * rows);
    return cache.get(`${index}`, stripRows * rowBytes, async () =>
      blockOf(await decodeStrip(path, header, index * rows, stripRows), {
        width,
        rows: stripRows,
        interleaved: channels,
        sampleType,
        predictor: 1,
        littleEndian: true,
      }),
    );
  };

  const readWindow = async (
    window: PixelWindow,
    bandIndexes: readonly number[],
    { overview, signal }: ReadOptions = {},
  ): Promise<WindowPixels> => {
    if (overview !== undefined) {
      throw new SwathError("raster", {
        what: `${path}: overview ${overview}`,
        got: "an image without overviews",
      });
    }
    requireWindow(path, window, width, height);
    requireBands(path, bandIndexes, header.bands);
    const planes = bandIndexes.map(() => allocateSamples(sampleType, windowArea(window)));
    const alpha = header.hasAlpha ? allocateSamples(sampleType, windowArea(window)) : null;
    const lastStrip = Math.floor((window.y + window.height - 1) / rows);
    for (let index = Math.floor(window.y / rows); index <= lastStrip; index++) {
      signal?.throwIfAborted();
      const block = await strip(index);
      const from = { x: 0, y: index * rows, width, height: Math.min(rows, height - index * rows) };
      const part = intersectWindows(window, from);
      if (part === null) continue;
      copyPart(block, from, bandIndexes, planes, window, part);
      if (alpha !== null) copyPart(block, from, [channels - 1], [alpha], window, part);
    }
    return { planes, valid: alpha === null ? null : maskZeros(null, alpha) };
  };

  return {
    path,
    width,
    height,
    sampleType,
    bands: Array.from({ length: header.bands }, () => ({
      description: null,
      scale: 1,
      offset: 0,
      unit: null,
    })),
    nodata: null,
    alphaBand: header.hasAlpha && header.bands === channels ? channels - 1 : null,
    orientation: header.orientation,
    otherPages: header.pages - 1,
    georeference: null,
    compression: header.format,
    block: { width, height: rows },
    overviews: [],
    readWindow,
    [Symbol.asyncDispose]: async () => cache.clear(),
  };
};
