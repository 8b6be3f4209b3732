import { SwathError } from "../errors.ts";
import { type LonLat, projectionOf } from "./projection.ts";

/** Pixel → CRS as GDAL orders it: `x = a·col + b·row + c`, `y = d·col + e·row + f`, for the pixel's upper-left corner. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Where a scene lies. */
export interface Georeference {
  /** `EPSG:32631` where the file says so, else `null`. */
  readonly crs: string | null;
  /** A definition that proj4 understands; makes lon/lat possible also where there is no EPSG code. */
  readonly proj4: string;
  readonly transform: Affine;
}

/** West, south, east, north in degrees; west > east when the box crosses the antimeridian (RFC 7946, 5.2). */
export type LonLatBox = readonly [west: number, south: number, east: number, north: number];

export const applyAffine = (
  [a, b, c, d, e, f]: Affine,
  column: number,
  row: number,
): readonly [x: number, y: number] => [a * column + b * row + c, d * column + e * row + f];

/** CRS → pixel. Throws `SwathError("raster")` when the transform folds the image onto a line. */
export const invertAffine = ([a, b, c, d, e, f]: Affine): Affine => {
  const determinant = a * e - b * d;
  if (!Number.isFinite(1 / determinant)) {
    const what = "geotransform cannot be inverted";
    throw new SwathError("raster", { what, wanted: "a·e ≠ b·d", got: [a, b, c, d, e, f].join(", ") });
  }
  const [ia, ib, id, ie] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)];
};

/** Longitude and latitude of a place in the image; (0, 0) is the upper-left corner of the first pixel, not its centre. */
export const pixelToLonLat = (geo: Georeference, column: number, row: number): LonLat =>
  projectionOf(geo.proj4).toLonLat(...applyAffine(geo.transform, column, row));

/** The inverse of `pixelToLonLat`; the result may lie outside the image. */
export const lonLatToPixel = (
  geo: Georeference,
  position: LonLat,
): readonly [column: number, row: number] => {
  const [x, y] = projectionOf(geo.proj4).fromLonLat(position);
  // A geographic image across the antimeridian counts on beyond 180°: 178° west is 182° there.
  const [originX] = applyAffine(geo.transform, 0, 0);
  const beyond = geo.proj4.includes("+proj=longlat") && x < originX - 180;
  return applyAffine(invertAffine(geo.transform), beyond ? x + 360 : x, y);
};

/** The outline of a `width` × `height` image as a closed ring, counter-clockwise on the ground for a north-up image. */
export const footprint = (
  geo: Georeference,
  width: number,
  height: number,
  pointsPerSide = 4,
): readonly LonLat[] => {
  const steps = Array.from({ length: pointsPerSide }, (_, i) => i / pointsPerSide);
  const ring = [
    ...steps.map((t) => pixelToLonLat(geo, 0, t * height)),
    ...steps.map((t) => pixelToLonLat(geo, t * width, height)),
    ...steps.map((t) => pixelToLonLat(geo, width, (1 - t) * height)),
    ...steps.map((t) => pixelToLonLat(geo, (1 - t) * width, 0)),
  ];
  return [...ring, ...ring.slice(0, 1)];
};

/** The box round a ring of positions, on whichever side of the antimeridian it is narrower. */
export const lonLatBox = (ring: readonly LonLat[]): LonLatBox => {
  const latitudes = ring.map(([, latitude]) => latitude);
  const extent = (longitudes: readonly number[]) =>
    [Math.min(...longitudes), Math.max(...longitudes)] as const;
  const plain = extent(ring.map(([longitude]) => longitude));
  const eastward = extent(ring.map(([longitude]) => (longitude < 0 ? longitude + 360 : longitude)));
  const crosses = eastward[1] - eastward[0] < plain[1] - plain[0];
  const [west, east] = crosses ? eastward : plain;
  const wrap = (longitude: number) => (longitude > 180 ? longitude - 360 : longitude);
  return [wrap(west), Math.min(...latitudes), wrap(east), Math.max(...latitudes)];
};
