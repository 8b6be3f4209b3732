import { SwathError } from "../errors.ts";
import { degrees } from "../units.ts";
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

/** Pixel → CRS. Whole numbers are the upper-left corner of a pixel. */
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

/** The last place with a longitude and latitude on the way from the middle of an image to a point of its edge. */
const lastOnEarth = (
  geo: Georeference,
  middle: readonly [number, number],
  edge: readonly [number, number],
): LonLat => {
  let [inside, outside] = [0, 1];
  const at = (share: number): LonLat =>
    pixelToLonLat(geo, middle[0] + share * (edge[0] - middle[0]), middle[1] + share * (edge[1] - middle[1]));
  for (let i = 0; i < 40; i++) {
    const share = (inside + outside) / 2;
    if (Number.isFinite(at(share)[0])) inside = share;
    else outside = share;
  }
  return at(inside);
};

/**
 * The outline of a `width` × `height` image as a closed ring, counter-clockwise on the ground for a north-up image. Where its edge
 * looks past the Earth, as that of a geostationary picture does, the outline follows the limb.
 */
export const footprint = (
  geo: Georeference,
  width: number,
  height: number,
  pointsPerSide = 4,
): readonly LonLat[] => {
  const steps = Array.from({ length: pointsPerSide }, (_, i) => i / pointsPerSide);
  const place = (column: number, row: number): LonLat => {
    const position = pixelToLonLat(geo, column, row);
    if (Number.isFinite(position[0])) return [position[0], degrees(Math.max(-90, Math.min(90, position[1])))];
    return lastOnEarth(geo, [width / 2, height / 2], [column, row]);
  };
  const ring = [
    ...steps.map((t) => place(0, t * height)),
    ...steps.map((t) => place(t * width, height)),
    ...steps.map((t) => place(width, (1 - t) * height)),
    ...steps.map((t) => place((1 - t) * width, 0)),
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
