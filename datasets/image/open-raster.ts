import { open } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { openGeoTiff } from "../geotiff/geotiff.ts";
import type { OpenOptions } from "../geotiff/geotiff.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { openImage } from "./image.ts";

const readMagic = async (path: string): Promise<Buffer> => {
  try {
    await using handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new SwathError("raster", { what: `${path} cannot be opened`, got: messageOf(cause), cause });
  }
};

/** Opens whatever image `path` is, by its first bytes: file names lie. Throws `SwathError("raster")`. */
export const openRaster = async (path: string, options: OpenOptions = {}): Promise<RasterFile> => {
  const magic = await readMagic(path);
  const start = magic.toString("latin1");
  if (start.startsWith("II") || start.startsWith("MM")) return openGeoTiff(path, options);
  if (start.startsWith("\x89PNG") || start.startsWith("\xff\xd8\xff")) return openImage(path);
  if (start.startsWith("RIFF") && start.slice(8) === "WEBP") return openImage(path);
  const got =
    magic.length === 0 ? "an empty file" : `a file that starts with ${magic.subarray(0, 4).toString("hex")}`;
  throw new SwathError("raster", { what: `${path} is no image`, wanted: "GeoTIFF, PNG, JPEG or WebP", got });
};
