import { applyAffine } from "../pipeline/raster/georeference.ts";
import type { Scene } from "../pipeline/raster/scene.ts";

/** Size and place of an image: two with the same grid have their pixels in the same places. */
export type Grid = Pick<Scene, "width" | "height" | "georeference">;

/** What rounding does to a corner. Half a pixel is another grid: pixels are areas in one file and points in the other. */
const mostApart = 0.1;

/** How two grids differ, in words; `null` when their pixels lie on each other, within a tenth of a pixel at every corner. */
export const gridDifference = (a: Grid, b: Grid): string | null => {
  if (a.width !== b.width || a.height !== b.height) {
    return `${a.width} × ${a.height} pixels, others ${b.width} × ${b.height}`;
  }
  if (a.georeference === null || b.georeference === null) return null;
  const { proj4, crs, transform } = a.georeference;
  if (proj4 !== b.georeference.proj4) {
    return `${crs ?? proj4}, others ${b.georeference.crs ?? b.georeference.proj4}`;
  }
  const pixel = Math.sqrt(Math.abs(transform[0] * transform[4] - transform[1] * transform[3]));
  const corners = [
    [0, 0],
    [a.width, 0],
    [0, a.height],
    [a.width, a.height],
  ] as const;
  const off = corners.map(([column, row]) => {
    const [x, y] = applyAffine(transform, column, row);
    const [bx, by] = applyAffine(b.georeference!.transform, column, row);
    return Math.hypot(x - bx, y - by) / pixel;
  });
  const worst = Math.max(...off);
  if (worst <= mostApart) return null;
  const other = b.georeference.transform;
  const otherPixel = Math.sqrt(Math.abs(other[0] * other[4] - other[1] * other[3]));
  return Math.abs(otherPixel / pixel - 1) > 1e-6
    ? `pixels of ${pixel}, others of ${otherPixel}`
    : `up to ${worst.toFixed(1)} pixels apart`;
};
