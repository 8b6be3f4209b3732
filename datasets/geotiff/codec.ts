import { SwathError } from "../../pipeline/errors.ts";
import { blockOf, plainBlock } from "./block.ts";
import type { Block } from "./block.ts";
import { decodeCompressedImage, isPictureLayout } from "./compressed-image.ts";
import { blockBytes, isHalf, isPacked } from "./image-layout.ts";
import type { ImageLayout } from "./image-layout.ts";
import { inflate } from "./inflate.ts";
import { decodeLzw } from "./lzw.ts";
import { reverseBits, unpackSamples, widenHalves } from "./packed-samples.ts";
import { decodePackBits } from "./packbits.ts";
import { reasonOf } from "./reason.ts";
import { decodeZstd } from "./zstd.ts";

const names: Readonly<Record<number, string>> = {
  1: "none",
  5: "lzw",
  7: "jpeg",
  8: "deflate",
  32773: "packbits",
  32946: "deflate",
  50000: "zstd",
  50001: "webp",
};

/** The name of a TIFF compression, or its number where there is no decoder for it. */
export const compressionName = (compression: number): string => names[compression] ?? `${compression}`;

const [separatedPhotometric, ycbcrPhotometric] = [5, 6];
const labPhotometrics: readonly number[] = [8, 9, 10];

/** Throws `SwathError("raster")` when blocks of this image cannot be decoded, before one is read. */
export const requireDecodable = (path: string, image: ImageLayout): void => {
  const refuse = (what: string, wanted: string, got: string): SwathError =>
    new SwathError("raster", { what: `${path}: ${what}`, wanted, got });
  const { compression, predictor, sampleType, bitsPerSample } = image;
  if (!(compression in names)) {
    const known = [...new Set(Object.values(names))].join(", ");
    throw refuse("unsupported compression", known, `${compression}`);
  }
  if ((compression === 7 || compression === 50001) && !isPictureLayout(image)) {
    const got = `${image.interleaved} × ${sampleType}, photometric ${image.photometric}`;
    throw refuse(`unsupported ${compressionName(compression)} layout`, "8-bit grey, RGB, YCbCr or RGBA", got);
  }
  // Inks, and colour differences that no JPEG decoder turns into colours: their numbers are no light.
  const isInk = image.photometric === separatedPhotometric && bitsPerSample === 8;
  const isLab = labPhotometrics.includes(image.photometric);
  if (isInk || isLab || (image.photometric === ycbcrPhotometric && compression !== 7)) {
    const got = isInk ? "CMYK" : isLab ? "CIE L*a*b*" : "YCbCr without JPEG";
    throw refuse("colour space", "grey, RGB or measurements", got);
  }
  const floats = sampleType === "float32" || sampleType === "float64";
  const odd = isPacked(image) || isHalf(image);
  if ((predictor === 3 && !floats) || (predictor === 2 && bitsPerSample === 64) || (predictor > 1 && odd)) {
    const got = `${predictor} on ${bitsPerSample} bits of ${sampleType}`;
    throw refuse("unsupported predictor", "one for its sample type", got);
  }
};

const decompress = async (data: Uint8Array, image: ImageLayout, rows: number): Promise<Uint8Array> => {
  const wanted = blockBytes(image, rows);
  // Some writers fill the last strip up; what is more than a whole block is a bomb.
  const most = blockBytes(image, image.storedRows);
  switch (image.compression) {
    case 5:
      return decodeLzw(data, wanted);
    case 7:
    case 50001:
      return decodeCompressedImage(data, image, rows);
    case 8:
    case 32946:
      return inflate(data, wanted, most);
    case 32773:
      return decodePackBits(data, wanted);
    case 50000:
      return decodeZstd(data, most);
    default:
      return data;
  }
};

/** Decodes one block of `rows` rows. Throws `SwathError("raster")` where it is corrupt. */
export const decodeBlock = async (
  data: Uint8Array,
  image: ImageLayout,
  rows: number,
  littleEndian: boolean,
  name: string,
): Promise<Block> => {
  let bytes: Uint8Array;
  const picture = image.compression === 7 || image.compression === 50001;
  try {
    bytes = await decompress(image.isBitReversed && !picture ? reverseBits(data) : data, image, rows);
  } catch (cause) {
    const got = reasonOf(cause);
    throw new SwathError("raster", {
      what: `${name} is corrupt (${compressionName(image.compression)})`,
      got,
      cause,
    });
  }
  const wanted = blockBytes(image, rows);
  if (bytes.length < wanted) {
    throw new SwathError("raster", {
      what: `${name} is corrupt`,
      wanted: `${wanted} bytes`,
      got: `${bytes.length}`,
    });
  }
  const { width } = image.block;
  const { interleaved, sampleType } = image;
  const shape = { width, rows, interleaved, sampleType, littleEndian };
  if (isPacked(image)) {
    return plainBlock(
      unpackSamples(bytes, image.bitsPerSample, width * interleaved, rows),
      width,
      interleaved,
    );
  }
  if (isHalf(image)) {
    const { buffer } = widenHalves(bytes, width * rows * interleaved, littleEndian);
    return plainBlock(new Uint32Array(buffer), width, interleaved);
  }
  // The bytes read are only lent.
  const own = bytes === data ? Uint8Array.from(bytes) : bytes;
  return blockOf(own, { ...shape, predictor: picture ? 1 : image.predictor });
};
