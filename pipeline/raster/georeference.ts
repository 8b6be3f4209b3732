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

export const applyAffine = (
  [a, b, c, d, e, f]: Affine,
  column: number,
  row: number,
): readonly [x: number, y: number] => [a * column + b * row + c, d * column + e * row + f];
