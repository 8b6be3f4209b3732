import type { BoxPx } from "../../pipeline/detection/box.ts";
import {
  applyAffine,
  footprint,
  type Georeference,
  invertAffine,
  lonLatBox,
} from "../../pipeline/raster/georeference.ts";
import { projectionOf } from "../../pipeline/raster/projection.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { degrees } from "../../pipeline/units.ts";
import type { DrawnLabel, DrawnPoint } from "./drawn-label.ts";

/** Where a label comes to lie on a scene: in it, outside it, or nowhere, with the reason. */
export type Placement =
  | { readonly kind: "inside"; readonly boxPx: BoxPx }
  | { readonly kind: "outside"; readonly boxPx: BoxPx }
  | { readonly kind: "nowhere"; readonly reason: string };

// Degrees carried through a file come back as 411.9999998 pixels; nobody draws finer than a thousandth.
const snap = (value: number): number => Math.round(value * 1000) / 1000;

const extentOf = (points: readonly DrawnPoint[]): BoxPx => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return { x0: snap(x0), y0: snap(y0), x1: snap(x1), y1: snap(y1) };
};

/** How far round the world is in the CRS's own units, where going round comes back to the same place; else `null`. */
const periodOf = (proj4: string): number | null => {
  if (/\+proj=(?:longlat|latlong)\b/.test(proj4)) return 360;
  if (!/\+proj=(?:merc|eqc|mill|cea|webmerc)\b/.test(proj4)) return null;
  const [quarter] = projectionOf(proj4).fromLonLat([degrees(0), degrees(0)]);
  const [ninety] = projectionOf(proj4).fromLonLat([degrees(90), degrees(0)]);
  return Math.abs(ninety - quarter) * 4;
};

/**
 * Longitude and latitude → pixels of one scene. Where the CRS goes round the world, a position is taken on the side that is
 * nearer to the scene's middle: 179° east and 179° west are two degrees apart on a scene at the antimeridian.
 */
const groundToPixel = (
  geo: Georeference,
  width: number,
  height: number,
): ((point: DrawnPoint) => DrawnPoint) => {
  const inverse = invertAffine(geo.transform);
  const projection = projectionOf(geo.proj4);
  const [middle] = applyAffine(geo.transform, width / 2, height / 2);
  const period = periodOf(geo.proj4);
  return ([longitude, latitude]) => {
    const [x, y] = projection.fromLonLat([degrees(longitude), degrees(latitude)]);
    const turns = period === null ? 0 : Math.round((middle - x) / period);
    return applyAffine(inverse, x + turns * (period ?? 0), y);
  };
};

/** Keeps of a polygon what lies on one side of a line along an axis (Sutherland and Hodgman, 1974). */
const clipSide = (
  points: readonly DrawnPoint[],
  axis: 0 | 1,
  limit: number,
  keepsLess: boolean,
): readonly DrawnPoint[] => {
  const isIn = (p: DrawnPoint): boolean => (keepsLess ? p[axis] <= limit : p[axis] >= limit);
  const kept: DrawnPoint[] = [];
  let from = points.at(-1);
  for (const to of points) {
    if (from !== undefined && isIn(from) !== isIn(to)) {
      const t = (limit - from[axis]) / (to[axis] - from[axis]);
      const other = from[1 - axis]! + t * (to[1 - axis]! - from[1 - axis]!);
      kept.push(axis === 0 ? [limit, other] : [other, limit]);
    }
    if (isIn(to)) kept.push(to);
    from = to;
  }
  return kept;
};

const asRing = (points: readonly DrawnPoint[]): readonly DrawnPoint[] => {
  const [a, b, ...rest] = points;
  if (a === undefined || b === undefined || rest.length > 0) return points;
  return [a, [b[0], a[1]], b, [a[0], b[1]]];
};

const hasArea = ({ x0, y0, x1, y1 }: BoxPx): boolean => x1 > x0 && y1 > y0;

const coordinateBound = 1e9;

/** How labels come onto `scene`; prepared once a scene, used for each label. A polygon is clipped first, then boxed. */
export const placerOn = (scene: Scene): ((label: DrawnLabel) => Placement) => {
  const { width, height, georeference } = scene;
  const fromGround = georeference === null ? null : groundToPixel(georeference, width, height);
  const toPixel = (label: DrawnLabel): readonly DrawnPoint[] | null => {
    if (label.frame === "pixel") return label.points;
    if (label.frame === "unit") return label.points.map(([x, y]) => [x * width, y * height] as const);
    return fromGround && asRing(label.points).map(fromGround);
  };
  return (label) => {
    if (!label.points.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y)))
      return { kind: "nowhere", reason: "coordinates that are no numbers" };
    if (label.frame === "lonlat" && !label.points.every(([x, y]) => Math.abs(y) <= 90 && Math.abs(x) <= 540))
      return { kind: "nowhere", reason: "coordinates that cannot be degrees" };
    const points = toPixel(label);
    if (points === null)
      return { kind: "nowhere", reason: "longitude and latitude, but the scene has no georeference" };
    if (points.length < 2) return { kind: "nowhere", reason: "fewer than two corners" };
    const isSane = points.every(([x, y]) => Math.abs(x) < coordinateBound && Math.abs(y) < coordinateBound);
    if (!isSane) return { kind: "nowhere", reason: "coordinates that lie nowhere on the scene's grid" };
    const whole = extentOf(points);
    if (!hasArea(whole)) return { kind: "nowhere", reason: "no area" };
    let inside = asRing(points);
    for (const [axis, limit, keepsLess] of [
      [0, 0, false],
      [0, width, true],
      [1, 0, false],
      [1, height, true],
    ] as const)
      inside = clipSide(inside, axis, limit, keepsLess);
    const boxPx = extentOf(inside);
    return hasArea(boxPx) ? { kind: "inside", boxPx } : { kind: "outside", boxPx: whole };
  };
};

/**
 * A cheap first look: false for a label on the ground that lies surely off `scene`. Most labels of a region lie off most of its scenes,
 * and projecting every corner onto each would take hours.
 */
export const reachOf = ({ georeference, width, height }: Scene): ((label: DrawnLabel) => boolean) => {
  if (georeference === null) return () => true;
  const [west, south, eastOfWest, north] = lonLatBox(footprint(georeference, width, height, 8));
  const east = eastOfWest < west ? eastOfWest + 360 : eastOfWest;
  // Sides bulge between the points of the footprint, and at a pole longitudes say nothing.
  const margin = 0.05 * Math.max(east - west, north - south) + 1e-6;
  const isUsual = [west, south, east, north].every(Number.isFinite) && Math.max(north, -south) < 85;
  if (!isUsual) return () => true;
  return ({ frame, points }) => {
    if (frame !== "lonlat") return true;
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points)
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    if (!(x1 - x0 < 180)) return true;
    if (y0 > north + margin || y1 < south - margin) return false;
    return [-360, 0, 360].some((turn) => x0 + turn <= east + margin && x1 + turn >= west - margin);
  };
};
