import { SwathError } from "../../pipeline/errors.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { crossesItself, type RingPoint } from "../../pipeline/raster/ring-crossing.ts";
import { parseNumber } from "../../pipeline/quantity.ts";

/** Corners of a ring, not closed. Longitudes count on beyond ±180° where it crosses the antimeridian, so that corners lie side by side. */
type Ring = readonly RingPoint[];

/** An area that a subscriber watches. Plain data: it may be kept as JSON. */
export interface WatchArea {
  /** Outer ring first, then its holes. */
  readonly polygons: readonly (readonly Ring[])[];
  /** Boxes round the polygons, west ≤ east, within ±180°: for an index. */
  readonly boxes: readonly BoundingBox[];
}

/** Most corners of an area: a coast in detail. */
const mostCorners = 10_000;

const refuse = (what: string, wanted: string, got: string, hint?: string): never => {
  throw new SwathError("config", {
    what,
    wanted,
    got,
    ...(hint === undefined ? {} : { hint }),
    field: "area",
  });
};

const shown = ([x, y]: RingPoint): string => `${x},${y}`;

const readPosition = (value: unknown, what: string): RingPoint => {
  const [x, y] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x) || !Number.isFinite(y))
    return refuse(what, "positions [longitude, latitude]", JSON.stringify(value)?.slice(0, 60) ?? "none");
  if (Math.abs(x) > 360 || Math.abs(y) > 90)
    return refuse(what, "degrees, longitude first", `${x},${y}`, "GeoJSON is in WGS 84 (RFC 7946)");
  return [x, y];
};

/**
 * From corner to corner the short way round is meant, as everywhere in Swath; a whole turn (-180 to 180) is meant as it stands. Half a
 * turn could be either way.
 */
const unwrap = (corners: Ring, what: string): Ring => {
  let shift = 0;
  const flat = corners.map((corner, i): RingPoint => {
    const before = corners[i - 1];
    if (before !== undefined) {
      const step = corner[0] - before[0];
      if (Math.abs(step) === 180 && corner[1] !== -90 && corner[1] !== 90) {
        return refuse(
          what,
          "edges that do not span half the Earth",
          `${shown(before)} to ${shown(corner)}`,
          "add a corner between",
        );
      }
      if (Math.abs(step) > 180 && Math.abs(step) < 360) shift -= Math.sign(step) * 360;
    }
    return [corner[0] + shift, corner[1]];
  });
  const [first, last] = [flat[0]!, flat.at(-1)!];
  if (first[0] === last[0]) return flat.slice(0, -1);
  return refuse(
    what,
    "a ring that comes back to where it began",
    "one that goes round a pole",
    "draw it along 180 and -180 to the pole, as on a flat map",
  );
};

const readRing = (value: unknown, what: string): Ring => {
  if (!Array.isArray(value))
    return refuse(what, "rings of positions", JSON.stringify(value)?.slice(0, 60) ?? "none");
  const corners = value.map((one) => readPosition(one, what));
  const [first, last] = [corners[0], corners.at(-1)];
  if (
    first === undefined ||
    last === undefined ||
    corners.length < 4 ||
    first[0] !== last[0] ||
    first[1] !== last[1]
  )
    return refuse(
      what,
      "closed rings of four positions or more",
      `${corners.length} positions${corners.length < 4 ? "" : ", not closed"}`,
    );
  if (corners.length > mostCorners)
    return refuse(what, `at most ${mostCorners} corners`, `${corners.length}`);
  const ring = unwrap(corners, what).filter((corner, i, all) => {
    const before = all[(i + all.length - 1) % all.length]!;
    return corner[0] !== before[0] || corner[1] !== before[1];
  });
  if (ring.length < 3) return refuse(what, "rings that enclose an area", "a line or a point");
  if (crossesItself(ring))
    return refuse(
      what,
      "a ring that does not cross or touch itself",
      "one that does",
      "cut it where it crosses",
    );
  return ring;
};

const readPolygon = (value: unknown, what: string): readonly Ring[] => {
  if (!Array.isArray(value) || value.length === 0)
    return refuse(what, "a polygon of rings", JSON.stringify(value)?.slice(0, 60) ?? "none");
  return value.map((ring) => readRing(ring, what));
};

const polygonsOf = (value: unknown, what: string): readonly (readonly Ring[])[] => {
  const { type, coordinates, geometry, geometries, features } = (value ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (type === "Feature") return polygonsOf(geometry, what);
  if (type === "FeatureCollection" && Array.isArray(features))
    return features.flatMap((one) => polygonsOf(one, what));
  if (type === "GeometryCollection" && Array.isArray(geometries))
    return geometries.flatMap((one) => polygonsOf(one, what));
  if (type === "Polygon") return [readPolygon(coordinates, what)];
  if (type === "MultiPolygon" && Array.isArray(coordinates))
    return coordinates.map((one) => readPolygon(one, what));
  return refuse(what, "GeoJSON polygons", typeof type === "string" ? `a ${type.slice(0, 40)}` : "other JSON");
};

const within = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

/** A box from west over at most one turn to the east, as one or two that do not cross the antimeridian. */
const split = (west: number, south: number, east: number, north: number): readonly BoundingBox[] => {
  if (east - west >= 360) return [[-180, south, 180, north]];
  const [from, to] = [within(west), within(west) + (east - west)];
  if (to <= 180) return [[from, south, to, north]];
  return [
    [from, south, 180, north],
    [-180, south, to - 360, north],
  ];
};

const boxesOf = ([outer = []]: readonly Ring[]): readonly BoundingBox[] => {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of outer) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  return split(west, south, east, north);
};

/** Reads polygons of GeoJSON (RFC 7946), `what` names where they are from. Throws `SwathError("config")`. */
export const readWatchArea = (value: unknown, what = "area"): WatchArea => {
  const polygons = polygonsOf(value, what);
  if (polygons.length === 0) return refuse(what, "a polygon", "none");
  const corners = polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (corners > mostCorners) return refuse(what, `at most ${mostCorners} corners`, `${corners}`);
  return { polygons, boxes: polygons.flatMap(boxesOf) };
};

/** A box as an area; west > east crosses the antimeridian. */
export const boxArea = ([west, south, east, north]: BoundingBox): WatchArea => {
  const end = west > east ? east + 360 : east;
  const ring: Ring = [
    [west, south],
    [end, south],
    [end, north],
    [west, north],
  ];
  return { polygons: [[ring]], boxes: split(west, south, end, north) };
};

/** Reads `west,south,east,north` in degrees. Throws `SwathError("config")`. */
export const parseBox = (text: string, what: string): BoundingBox => {
  const parts = text.split(",");
  if (parts.length !== 4)
    throw new SwathError("config", {
      what,
      wanted: "west,south,east,north in degrees",
      got: `"${text}"`,
      field: "bbox",
    });
  const [west = "", south = "", east = "", north = ""] = parts;
  const box: BoundingBox = [
    parseNumber(`${what} west`, west, -180, 180),
    parseNumber(`${what} south`, south, -90, 90),
    parseNumber(`${what} east`, east, -180, 180),
    parseNumber(`${what} north`, north, -90, 90),
  ];
  if (box[1] > box[3])
    throw new SwathError("config", { what, wanted: "south below north", got: `"${text}"`, field: "bbox" });
  return box;
};

/** Even-odd rule over outer ring and holes; a point on the edge of a box lies inside. */
const holds = (rings: readonly Ring[], x: number, y: number): boolean => {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax, ay] = ring[j]!;
      const [bx, by] = ring[i]!;
      const side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      if (
        side === 0 &&
        x >= Math.min(ax, bx) &&
        x <= Math.max(ax, bx) &&
        y >= Math.min(ay, by) &&
        y <= Math.max(ay, by)
      )
        return true;
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
    }
  }
  return inside;
};

/** Whether a place lies in the area, edges included. */
export const isInArea = ({ polygons }: WatchArea, longitude: number, latitude: number): boolean =>
  polygons.some(
    (rings) =>
      holds(rings, longitude, latitude) ||
      holds(rings, longitude + 360, latitude) ||
      holds(rings, longitude - 360, latitude),
  );
