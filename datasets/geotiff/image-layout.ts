import { SwathError } from "../../pipeline/errors.ts";
import type { SampleType } from "../../pipeline/raster/samples.ts";
import { readFieldBytes, readNumbers } from "./directory.ts";
import type { Directory, Tiff } from "./directory.ts";
import type { PixelSize } from "./raster-file.ts";
import { tag } from "./tag.ts";

/** How the samples of one image lie in the file. */
export interface ImageLayout extends PixelSize {
  readonly directory: Directory;
  readonly samplesPerPixel: number;
  readonly bitsPerSample: number;
  /** What samples are handed out as: the narrowest that holds them where they have 1, 4, 12, … bits, or 16 bits of a float. */
  readonly sampleType: SampleType;
  /** Planes in the file: 1 when pixels are interleaved, else one a band. */
  readonly filePlanes: number;
  /** Samples of a pixel that lie next to each other: `samplesPerPixel`, or 1 when planar. */
  readonly interleaved: number;
  readonly tiled: boolean;
  /** What is decoded at once. Large uncompressed strips are cut into blocks of fewer rows. */
  readonly block: PixelSize;
  /** Rows of a tile or strip as stored: `block.height`, or a multiple of it where strips are cut. */
  readonly storedRows: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  /** Whether each byte of a block lies with its bits turned round (tag 266 is 2). */
  readonly isBitReversed: boolean;
  /** Tag 274, as in EXIF: 1 to 8; what lies outside says nothing and is 1. Samples are as stored. */
  readonly orientation: number;
  readonly jpegTables: Uint8Array | null;
  /** Index of the band that says how opaque a pixel is; `null` without one. */
  readonly alphaBand: number | null;
  /** Bits of tag 254: 1 an overview, 4 a mask. */
  readonly subfileType: number;
}

/** Holds the largest strips of real files (one strip a 10,980² band) and keeps a bomb from being allocated. */
const maxBlockBytes = 256_000_000;
const cutStripBytes = 1_000_000;
const maxSide = 2 ** 31 - 1;
const maxBlocks = 2 ** 22;

const wholeTypes: Readonly<Record<string, SampleType>> = {
  "2:8": "int8",
  "2:16": "int16",
  "2:32": "int32",
  "3:16": "float32",
  "3:32": "float32",
  "3:64": "float64",
};

/** Unsigned samples may have any number of bits. Format 4 is "undefined"; GDAL reads it as unsigned. */
const sampleTypeOf = (format: number, bits: number): SampleType | undefined => {
  if (format !== 1 && format !== 4) return wholeTypes[`${format}:${bits}`];
  if (bits < 1 || bits > 32) return undefined;
  return bits <= 8 ? "uint8" : bits <= 16 ? "uint16" : "uint32";
};

/** Whether samples do not fill whole bytes: they lie bit by bit, the most significant first, rows filled up to a byte. */
export const isPacked = ({ bitsPerSample }: Pick<ImageLayout, "bitsPerSample">): boolean =>
  ![8, 16, 32, 64].includes(bitsPerSample);

/** Floats of 16 bits. */
export const isHalf = ({ bitsPerSample, sampleType }: ImageLayout): boolean =>
  bitsPerSample === 16 && sampleType === "float32";

/** Rows that one read of an uncompressed strip takes: its rows can be read one by one, however large it is. */
const cutStrip = (rows: number, rowBytes: number, only: boolean): number => {
  const wanted = Math.max(1, Math.min(rows, Math.floor(cutStripBytes / rowBytes)));
  if (only) return wanted;
  // Blocks must not straddle strips.
  let cut = wanted;
  while (rows % cut !== 0) cut--;
  return cut;
};

/** The bytes of one decoded block of `rows` rows. */
export const blockBytes = (image: ImageLayout, rows: number): number =>
  Math.ceil((image.block.width * image.interleaved * image.bitsPerSample) / 8) * rows;

/** Rows that block row `blockRow` really holds: tiles are always whole, the last strip is not. */
export const blockRows = (image: ImageLayout, blockRow: number): number =>
  image.tiled
    ? image.block.height
    : Math.min(image.block.height, image.height - blockRow * image.block.height);

/** Reads what a directory says of its image, and refuses what cannot be read or cannot be true. */
export const readLayout = async (tiff: Tiff, directory: Directory): Promise<ImageLayout> => {
  const { path } = tiff.bytes;
  const refuse = (what: string, wanted: string, got: string): SwathError =>
    new SwathError("raster", { what: `${path}: ${what}`, wanted, got });
  const one = async (
    tagNumber: number,
    fallback: number | null,
    least: number,
    most: number,
    name: string,
  ) => {
    const value = (await readNumbers(tiff, directory, tagNumber))?.[0] ?? fallback;
    if (value === null || !Number.isInteger(value) || value < least || value > most) {
      throw refuse(name, `a whole number from ${least} to ${most}`, value === null ? "none" : `${value}`);
    }
    return value;
  };
  const same = async (tagNumber: number, fallback: number, name: string): Promise<number> => {
    const values = (await readNumbers(tiff, directory, tagNumber)) ?? Float64Array.of(fallback);
    const first = values[0] ?? fallback;
    if (values.some((value) => value !== first)) {
      throw refuse(name, "the same for all bands", values.slice(0, 8).join(" "));
    }
    return first;
  };

  const width = await one(tag.imageWidth, null, 1, maxSide, "image width");
  const height = await one(tag.imageLength, null, 1, maxSide, "image height");
  const samplesPerPixel = await one(tag.samplesPerPixel, 1, 1, 4096, "samples per pixel");
  const bitsPerSample = await same(tag.bitsPerSample, 1, "bits per sample");
  const format = await same(tag.sampleFormat, 1, "sample format");
  const sampleType = sampleTypeOf(format, bitsPerSample);
  if (sampleType === undefined) {
    const kind = ["", "unsigned", "signed", "float", "undefined", "complex integer", "complex"][format];
    const got = `${bitsPerSample} bits ${kind ?? `format ${format}`}`;
    throw refuse("unsupported sample type", "integers of up to 32 bits or floats of 16, 32, 64", got);
  }
  const planar =
    (await one(tag.planarConfiguration, 1, 1, 2, "planar configuration")) === 2 && samplesPerPixel > 1;
  const tiled = directory.has(tag.tileWidth) || directory.has(tag.tileOffsets);
  const blockWidth = tiled ? await one(tag.tileWidth, null, 1, maxSide, "tile width") : width;
  const rowsPerStrip = tiled ? 0 : await one(tag.rowsPerStrip, maxSide, 1, 2 ** 32 - 1, "rows per strip");
  const storedRows = tiled
    ? await one(tag.tileLength, null, 1, maxSide, "tile height")
    : Math.min(rowsPerStrip, height);
  const compression = await one(tag.compression, 1, 0, 65_535, "compression");
  const interleaved = planar ? 1 : samplesPerPixel;
  const rowBytes = Math.ceil((blockWidth * interleaved * bitsPerSample) / 8);
  const blockHeight =
    compression === 1 && !tiled ? cutStrip(storedRows, rowBytes, storedRows >= height) : storedRows;
  if (rowBytes * blockHeight > maxBlockBytes) {
    const got = `${rowBytes * blockHeight}`;
    throw refuse("block too large", `at most ${maxBlockBytes} bytes decoded`, got);
  }
  const extra = await readNumbers(tiff, directory, tag.extraSamples);
  // 1 and 2: associated and unassociated alpha. Extra samples stand last.
  const alphaAt = extra?.findLastIndex((kind) => kind === 1 || kind === 2) ?? -1;
  const alphaBand = extra === null || alphaAt < 0 ? null : samplesPerPixel - extra.length + alphaAt;
  const turn = (await readNumbers(tiff, directory, tag.orientation))?.[0] ?? 1;
  const layout: ImageLayout = {
    directory,
    width,
    height,
    samplesPerPixel,
    bitsPerSample,
    sampleType,
    filePlanes: planar ? samplesPerPixel : 1,
    interleaved,
    tiled,
    block: { width: blockWidth, height: blockHeight },
    storedRows,
    blocksAcross: Math.ceil(width / blockWidth),
    blocksDown: Math.ceil(height / blockHeight),
    compression,
    predictor: await one(tag.predictor, 1, 1, 3, "predictor"),
    photometric: await one(tag.photometric, 1, 0, 65_535, "photometric interpretation"),
    isBitReversed: (await one(tag.fillOrder, 1, 1, 2, "fill order")) === 2,
    orientation: Number.isInteger(turn) && turn >= 1 && turn <= 8 ? turn : 1,
    jpegTables: await readFieldBytes(tiff, directory, tag.jpegTables),
    // As GDAL has it: alpha with further bands behind it says nothing of the pixel.
    alphaBand: alphaBand === samplesPerPixel - 1 ? alphaBand : null,
    subfileType: await one(tag.newSubfileType, 0, 0, 2 ** 32 - 1, "subfile type"),
  };
  if (layout.blocksAcross * layout.blocksDown * layout.filePlanes > maxBlocks) {
    const got = `${layout.blocksAcross} × ${layout.blocksDown} × ${layout.filePlanes}`;
    throw refuse("too many blocks", `at most ${maxBlocks}`, got);
  }
  return layout;
};
