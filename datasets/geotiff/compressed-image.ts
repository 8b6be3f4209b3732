import sharp from "sharp";
import type { ImageLayout } from "./image-layout.ts";
import { requireFewScans } from "./jpeg-scans.ts";

const rgbPhotometric = 2;
const ycbcrPhotometric = 6;

/** An Adobe marker (APP14) that names the colour transform: 0 none, 1 YCbCr. Without it decoders guess. */
const adobeMarker = (transform: 0 | 1): Uint8Array =>
  Uint8Array.of(0xff, 0xee, 0, 14, 65, 100, 111, 98, 101, 0, 100, 0, 0, 0, 0, transform);

/** A JPEG block with the tables that its image shares and its colour space spelt out: a stream that stands alone. */
export const standaloneJpeg = (block: Uint8Array, image: ImageLayout): Uint8Array => {
  const { jpegTables, photometric, interleaved } = image;
  if (block[0] !== 0xff || block[1] !== 0xd8) throw new RangeError("a JPEG block without a start marker");
  const parts: Uint8Array[] = [block.subarray(0, 2)];
  if (interleaved === 3) parts.push(adobeMarker(photometric === ycbcrPhotometric ? 1 : 0));
  if (jpegTables !== null && jpegTables.length > 4) parts.push(jpegTables.subarray(2, -2));
  parts.push(block.subarray(2));
  return Buffer.concat(parts);
};

/** Interleaved samples of a JPEG or WEBP block. Throws when its size or its bands are not those of the block. */
export const decodeCompressedImage = async (
  block: Uint8Array,
  image: ImageLayout,
  rows: number,
): Promise<Uint8Array> => {
  const jpeg = image.compression === 7;
  const { width } = image.block;
  const bands = image.interleaved;
  if (jpeg) requireFewScans(block, width * image.storedRows);
  const source = jpeg ? standaloneJpeg(block, image) : block;
  const stored = sharp(source, {
    failOn: "error",
    limitInputPixels: Math.max(width * image.storedRows, 1),
    // Shrinking while loading and colour profiles are for pictures, not for measurements.
    autoOrient: false,
  });
  const pipeline = jpeg && bands === 4 ? stored.pipelineColourspace("cmyk").toColourspace("cmyk") : stored;
  const bandwise = jpeg && bands === 1 ? pipeline.toColourspace("b-w") : pipeline;
  const { data, info } = await (bands === 4 && !jpeg ? bandwise.ensureAlpha() : bandwise)
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height < rows || info.channels !== bands) {
    const got = `${info.width} × ${info.height} × ${info.channels}`;
    throw new RangeError(`a compressed block of ${got} where ${width} × ${rows} × ${bands} were announced`);
  }
  // Decoders take four bands for CMYK and turn it over, as Photoshop writes it; here they are plain samples.
  if (jpeg && bands === 4) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  return data;
};

/** True where a decoder for whole pictures can serve: the colour models that it does not convert. */
export const isPictureLayout = (image: ImageLayout): boolean =>
  image.sampleType === "uint8" &&
  (image.compression === 7
    ? image.interleaved === 1 ||
      image.interleaved === 4 ||
      (image.interleaved === 3 && [rgbPhotometric, ycbcrPhotometric].includes(image.photometric))
    : image.interleaved === 3 || image.interleaved === 4);
