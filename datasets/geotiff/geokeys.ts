import { globals } from "geotiff";
import { toProj4 } from "geotiff-geokeys-to-proj4";
import type { GeoKeys } from "geotiff-geokeys-to-proj4";
import { SwathError } from "../../pipeline/errors.ts";
import type { Affine, Georeference } from "../../pipeline/raster/georeference.ts";
import { readNumbers, readText } from "./directory.ts";
import type { Directory, Tiff } from "./directory.ts";
import { tag } from "./tag.ts";

type Keys = ReadonlyMap<number, number | string>;

const modelTypeKey = 1024;
const projectedModel = 1;
const rasterTypeKey = 1025;
const geographicKey = 2048;
const projectedKey = 3072;
const userDefined = 32_767;
const pixelIsPoint = 2;

/** The GeoTIFF keys (OGC 19-008, section 7.1.2): a directory of shorts that points into doubles and text. */
const readGeoKeys = async (tiff: Tiff, directory: Directory): Promise<Keys> => {
  const table = await readNumbers(tiff, directory, tag.geoKeyDirectory);
  const doubles = await readNumbers(tiff, directory, tag.geoDoubleParams);
  const text = await readText(tiff, directory, tag.geoAsciiParams);
  const keys = new Map<number, number | string>();
  for (let at = 4; table !== null && at + 4 <= table.length; at += 4) {
    const [key, location, count, value] = table.subarray(at, at + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (location === 0) keys.set(key, value);
    else if (location === tag.geoDoubleParams) {
      const found = doubles?.[value];
      if (found !== undefined) keys.set(key, found);
    } else if (location === tag.geoAsciiParams) {
      keys.set(key, (text ?? "").slice(value, value + count).replace(/\|$/, ""));
    }
  }
  return keys;
};

/** The EPSG code of the file's projected or geographic system; `null` when user-defined or unnamed. */
const epsgCode = (keys: Keys): number | null => {
  const code =
    keys.get(projectedKey) ?? (keys.get(modelTypeKey) === projectedModel ? null : keys.get(geographicKey));
  return typeof code === "number" && code > 0 && code < userDefined ? code : null;
};

/** proj4's definition of the systems that most scenes are delivered in; `null` for others. */
export const proj4OfEpsg = (code: number): string | null => {
  const zone = code % 100;
  const north = code >= 32_601 && code <= 32_660;
  if (north || (code >= 32_701 && code <= 32_760)) {
    return `+proj=utm +zone=${zone}${north ? "" : " +south"} +datum=WGS84 +units=m +no_defs`;
  }
  if (code === 4326) return "+proj=longlat +datum=WGS84 +no_defs";
  if (code === 3857) {
    return "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs";
  }
  return null;
};

const proj4OfKeys = (keys: Keys): string | null => {
  const named: Record<string, number | string> = {};
  const names: Readonly<Record<number, string>> = globals.geoKeyNames;
  for (const [key, value] of keys) {
    const name = names[key];
    if (name !== undefined) named[name] = value;
  }
  try {
    const { proj4, errors } = toProj4(named as unknown as GeoKeys);
    return proj4 === "" || Object.keys(errors ?? {}).length > 0 ? null : proj4;
  } catch (error) {
    // The library trips over keys that contradict each other: the file then has no usable system.
    if (error instanceof Error) return null;
    throw error;
  }
};

/**
 * Pixel → CRS, for the upper-left corner of a pixel, from scale and tie point or from the matrix, as GDAL reads them.
 * `null` when the file has neither, or only ground control points.
 * Throws `SwathError("raster")` for numbers that cannot place a pixel.
 */
const readTransform = async (tiff: Tiff, directory: Directory, isPoint: boolean): Promise<Affine | null> => {
  const scale = await readNumbers(tiff, directory, tag.modelPixelScale);
  const tie = await readNumbers(tiff, directory, tag.modelTiepoint);
  const matrix = await readNumbers(tiff, directory, tag.modelTransformation);
  let corner: Affine;
  if (scale !== null && scale.length >= 2 && tie !== null && tie.length === 6) {
    const [column = 0, row = 0, , x = 0, y = 0] = tie;
    const a = scale[0]!;
    // GDAL takes images to be north up whatever the sign of the scale.
    const e = -Math.abs(scale[1]!);
    corner = [a, 0, x - column * a, 0, e, y - row * e];
  } else if (matrix !== null && matrix.length === 16) {
    corner = [matrix[0]!, matrix[1]!, matrix[3]!, matrix[4]!, matrix[5]!, matrix[7]!];
  } else return null;
  const [a, b, c, d, e, f] = corner;
  if (!corner.every(Number.isFinite) || a * e - b * d === 0) {
    throw new SwathError("raster", {
      what: `${tiff.bytes.path}: georeference`,
      wanted: "finite numbers and pixels with an area",
      got: corner.join(" "),
    });
  }
  // Where a pixel is a point, the tie point is its centre.
  return isPoint ? [a, b, c - (a + b) / 2, d, e, f - (d + e) / 2] : corner;
};

/** Where the image lies; `null` when the file does not say so completely: no transform, or no known system. */
export const readGeoreference = async (tiff: Tiff, directory: Directory): Promise<Georeference | null> => {
  const keys = await readGeoKeys(tiff, directory);
  const transform = await readTransform(tiff, directory, keys.get(rasterTypeKey) === pixelIsPoint);
  if (transform === null || keys.size === 0) return null;
  const code = epsgCode(keys);
  const proj4 = (code === null ? null : proj4OfEpsg(code)) ?? proj4OfKeys(keys);
  return proj4 === null ? null : { crs: code === null ? null : `EPSG:${code}`, proj4, transform };
};
