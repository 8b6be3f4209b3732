/** A position in degrees, WGS 84, longitude first. */
export type Position = readonly [longitude: number, latitude: number];

/** GeoJSON geometry of a box or a footprint: a polygon, or two where it crosses the antimeridian (RFC 7946, 3.1.9). */
export type AreaGeometry =
  | { readonly type: "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

/** West, south, east, north; west > east where the area crosses the antimeridian. */
export type BoundingBox = readonly [west: number, south: number, east: number, north: number];

/** 10⁻⁷ degrees, about a centimetre: finer than any pixel, coarse enough to hide the last bits of a projection. */
const settle = (value: number): number => Math.round(value * 1e7) / 1e7 + 0;

/** Twice the signed area; positive when counter-clockwise. */
const winding = (ring: readonly Position[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);

/** The part of a ring on one side of the meridian `at` (Sutherland–Hodgman against one edge). */
const cut = (ring: readonly Position[], at: number, keep: "west" | "east"): readonly Position[] => {
  const inside = ([x]: Position) => (keep === "west" ? x <= at : x >= at);
  return ring.flatMap((point, i) => {
    const next = ring[(i + 1) % ring.length]!;
    const kept = inside(point) ? [point] : [];
    if (inside(point) === inside(next)) return kept;
    const share = (at - point[0]) / (next[0] - point[0]);
    return [...kept, [at, point[1] + share * (next[1] - point[1])] as const];
  });
};

const closed = (ring: readonly Position[]): readonly Position[] => {
  const points = ring.map(([x, y]): Position => [settle(x), settle(y)]);
  const turned = winding(points) < 0 ? points.toReversed() : points;
  return [...turned, turned[0]!];
};

/** Longitudes counted on past 180° where the ring steps over it, so that its points lie side by side. */
const unwrap = (ring: readonly Position[]): readonly Position[] => {
  const [first] = ring[0]!;
  return ring.map(([x, y]) => [x - first > 180 ? x - 360 : x - first < -180 ? x + 360 : x, y]);
};

/**
 * The geometry of a ring that is not closed: closed, counter-clockwise, split at the antimeridian. A step of more than 180° in
 * longitude is taken for a crossing: no box or scene is that wide.
 */
export const areaGeometry = (ring: readonly Position[]): AreaGeometry => {
  const flat = unwrap(ring);
  const longitudes = flat.map(([x]) => x);
  const border = Math.max(...longitudes) > 180 ? 180 : Math.min(...longitudes) < -180 ? -180 : null;
  if (border === null) return { type: "Polygon", coordinates: [closed(flat)] };
  const back = (part: readonly Position[], by: number) => part.map(([x, y]): Position => [x + by, y]);
  const west = back(cut(flat, border, "west"), border === 180 ? 0 : 360);
  const east = back(cut(flat, border, "east"), border === 180 ? -360 : 0);
  return { type: "MultiPolygon", coordinates: [[closed(west)], [closed(east)]] };
};

/** The bounding box of an area. */
export const boundsOf = (area: AreaGeometry): BoundingBox => {
  const extent = (rings: readonly (readonly Position[])[]) => {
    const [xs, ys] = [rings.flat().map(([x]) => x), rings.flat().map(([, y]) => y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  };
  if (area.type === "Polygon") return extent(area.coordinates);
  const [west, east] = area.coordinates.map(extent);
  return [west![0], Math.min(west![1], east![1]), east![2], Math.max(west![3], east![3])];
};
