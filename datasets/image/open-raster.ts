import { SwathError } from "../../pipeline/errors.ts";
import { readSidecar } from "../files/sidecar-text.ts";
import { localFiles, type FileAccess } from "../files/file-access.ts";
import { onLocalCopy } from "../files/local-copy.ts";
import { openGeoTiff } from "../geotiff/geotiff.ts";
import type { OpenOptions } from "../geotiff/geotiff.ts";
import type { RasterFile } from "../geotiff/raster-file.ts";
import { openJpeg2000 } from "../jpeg2000/jpeg2000.ts";
import { auxBands, saysNodata, withAuxBands } from "./aux-bands.ts";
import { openImage } from "./image.ts";
import { withMaskSidecar } from "./mask-sidecar.ts";

const readMagic = async (location: string, access: FileAccess): Promise<Buffer> => {
  await using source = await access.open(location);
  return Buffer.from(source.head.subarray(0, 12));
};

/** A decoder that opens files itself gets a copy of one from elsewhere. */
const openCopied = async (
  location: string,
  access: FileAccess,
  openPath: (path: string) => Promise<RasterFile>,
): Promise<RasterFile> => {
  const onCopy = await onLocalCopy(access, location);
  const file = await onCopy(openPath);
  if (file.path === location) return file;
  return { ...file, path: location, readWindow: (...wanted) => onCopy(() => file.readWindow(...wanted)) };
};

/**
 * Opens whatever image lies at `location`, by its first bytes: file names lie; with the mask beside it (`.msk`) and what GDAL keeps beside it of its
 * bands (`.aux.xml`), where they are. Throws `SwathError("raster")`.
 */
export const openRaster = async (location: string, options: OpenOptions = {}): Promise<RasterFile> => {
  const { access = localFiles } = options;
  const aux = auxBands((await readSidecar(access, `${location}.aux.xml`)) ?? "");
  const isNodataElsewhere = saysNodata(aux);
  const file = await openStored(location, isNodataElsewhere ? { ...options, isNodataElsewhere } : options);
  return withMaskSidecar(withAuxBands(file, aux), access);
};

const openStored = async (location: string, options: OpenOptions = {}): Promise<RasterFile> => {
  const { access = localFiles } = options;
  const magic = await readMagic(location, access);
  const start = magic.toString("latin1");
  if (start.startsWith("II") || start.startsWith("MM")) return openGeoTiff(location, options);
  if (start.startsWith("\xff\x4f\xff\x51") || start.startsWith("\0\0\0\x0cjP  ")) {
    return openJpeg2000(location, options);
  }
  const isPicture = start.startsWith("\x89PNG") || start.startsWith("\xff\xd8\xff");
  const isWebp = start.startsWith("RIFF") && start.slice(8) === "WEBP";
  if (isPicture || isWebp) return openCopied(location, access, openImage);
  const got =
    magic.length === 0 ? "an empty file" : `a file that starts with ${magic.subarray(0, 4).toString("hex")}`;
  throw new SwathError("raster", {
    what: `${location} is no image`,
    wanted: "GeoTIFF, JPEG 2000, PNG, JPEG or WebP",
    got,
  });
};
