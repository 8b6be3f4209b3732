import sharp from "sharp";
import { messageOf, SwathError } from "../errors.ts";
import { corruptPayload } from "./byte-cursor.ts";

/** The image formats that a lossy product may use. */
export type ImageFormat = "webp" | "avif" | "jpeg";

/** All formats of lossy images. */
export const imageFormats: readonly ImageFormat[] = ["webp", "avif", "jpeg"];

/** Eight-bit pixels, interleaved: `width · height · channels` values, channels 1 (grey) or 3 (RGB). */
export interface Image8 {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** WebP's limit; the other formats allow more. */
const maxSidePx = 16_383;

/**
 * Encodes on libvips' threads. Same pixels and settings, same bytes (for one build of libvips).
 * Throws `SwathError("config")` for a quality outside 1…100 or a side above 16,383 pixels.
 */
export const encodeImage = async (
  image: Image8,
  format: ImageFormat,
  quality: number,
): Promise<Uint8Array> => {
  const { width, height, channels } = image;
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new SwathError("config", {
      what: "image quality",
      wanted: "a whole number, 1 to 100",
      got: `${quality}`,
    });
  }
  if (width > maxSidePx || height > maxSidePx) {
    const wanted = `sides of at most ${maxSidePx} pixels`;
    throw new SwathError("config", { what: "image to encode", wanted, got: `${width} × ${height}` });
  }
  const pixels = sharp(image.data, { raw: { width, height, channels } });
  // Ships are a few pixels: chroma at half the resolution would grey them, so it is kept or sharpened where formats can.
  const encoded =
    format === "webp"
      ? pixels.webp({ quality, effort: 4, smartSubsample: true })
      : format === "avif"
        ? pixels.avif({ quality, effort: 4, chromaSubsampling: "4:4:4" })
        : pixels.jpeg({ quality, mozjpeg: true, chromaSubsampling: "4:4:4" });
  return new Uint8Array(await encoded.toBuffer());
};

/** Decodes an image that must have this shape. Throws `SwathError("link")` when it has not, or cannot be read. */
export const decodeImage = async (
  bytes: Uint8Array,
  format: ImageFormat,
  shape: { readonly width: number; readonly height: number; readonly channels: 1 | 3 },
): Promise<Uint8Array> => {
  const { width, height, channels } = shape;
  const limitInputPixels = width * height;
  try {
    const input = sharp(bytes, { limitInputPixels, failOn: "warning" });
    const found = await input.metadata();
    const sameFormat = found.format === (format === "avif" ? "heif" : format);
    if (!sameFormat || found.width !== width || found.height !== height) {
      const got = `${found.format} of ${found.width} × ${found.height}`;
      throw corruptPayload("image", `${format} of ${width} × ${height}`, got);
    }
    const coloured = channels === 1 ? input.toColourspace("b-w") : input.toColourspace("srgb").removeAlpha();
    const { data, info } = await coloured.raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw corruptPayload("image", `${channels} channels`, `${info.channels}`);
    return data;
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw corruptPayload("image", `${format} of ${width} × ${height}`, messageOf(cause), cause);
  }
};
