import type { Affine } from "../../pipeline/raster/georeference.ts";
import { affineThrough, type TiePoint } from "../crs/affine-fit.ts";
import { type CoordinateSystem, type NoPlace, rpcAlone } from "../crs/coordinate-system.ts";
import type { PlaceClue } from "../crs/image-place.ts";
import { readNumbers, readText } from "./directory.ts";
import type { Directory, Tiff } from "./directory.ts";
import { type GeoKeys, systemOfKeys } from "./geokey-system.ts";
import { tag } from "./tag.ts";

const rasterTypeKey = 1025;
const pixelIsPoint = 2;

/** The GeoTIFF keys (OGC 19-008, section 7.1.2): a directory of shorts that points into doubles and text. */
const readGeoKeys = async (tiff: Tiff, directory: Directory): Promise<GeoKeys> => {
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
      // The only key of several numbers: a shift to WGS 84.
      if (key === 2062 && doubles) keys.set(key, doubles.subarray(value, value + count).join(","));
    } else if (location === tag.geoAsciiParams) {
      keys.set(key, (text ?? "").slice(value, value + count).replace(/\|$/, ""));
    }
  }
  return keys;
};

/** Tie points as they lie in the file: column, row, 0, x, y, 0. */
const tiePointsOf = (numbers: Float64Array): readonly TiePoint[] =>
  Array.from({ length: Math.floor(numbers.length / 6) }, (_, i) => {
    const [column = 0, row = 0, , x = 0, y = 0] = numbers.subarray(6 * i, 6 * i + 6);
    return { column, row, x, y };
  });

/**
 * Pixel → CRS, for the upper-left corner of a pixel, from scale and tie point, from the matrix, or from tie points that lie on one grid.
 * `null` when the file has none of them.
 */
const readTransform = async (
  tiff: Tiff,
  directory: Directory,
  isPoint: boolean,
): Promise<Affine | NoPlace | null> => {
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
  } else if (tie !== null && tie.length >= 18) {
    const fitted = affineThrough(tiePointsOf(tie));
    if (fitted === null) return { why: "its ground control points do not lie on one straight grid" };
    corner = fitted;
  } else return directory.has(tag.rpcCoefficients) ? rpcAlone : null;
  const [a, b, c, d, e, f] = corner;
  if (!corner.every(Number.isFinite)) return { why: "its transform holds numbers that are none" };
  if (a * e - b * d === 0) return { why: "its pixels have no area" };
  // What writers put who know no place but have to put something.
  if (corner.join() === "1,0,0,0,1,0") return { why: "its matrix is the identity" };
  // Where a pixel is a point, the tie point is its centre.
  return isPoint ? [a, b, c - (a + b) / 2, d, e, f - (d + e) / 2] : corner;
};

/** What a TIFF says of where it lies, as far as it says anything. */
export const readPlaceClue = async (tiff: Tiff, directory: Directory): Promise<PlaceClue> => {
  const keys = await readGeoKeys(tiff, directory);
  const system: CoordinateSystem | NoPlace | null = keys.size === 0 ? null : systemOfKeys(keys);
  return {
    transform: await readTransform(tiff, directory, keys.get(rasterTypeKey) === pixelIsPoint),
    system,
  };
};
