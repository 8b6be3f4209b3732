/** A position in degrees, WGS 84, longitude first. */
export type Position = readonly [longitude: number, latitude: number];

/** GeoJSON geometry of a box or a footprint: a polygon, or two where it crosses the antimeridian (RFC 7946, 3.1.9). */
export type AreaGeometry =
  | { readonly type: "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

/** West, south, east, north; west > east where the area crosses the antimeridian. */
export type BoundingBox = readonly [west: number, south: number, east: number, north: number];

/** Whether a place lies in a box, its edges included. */
export const isInBox = ([west, south, east, north]: BoundingBox, [longitude, latitude]: Position): boolean =>
  latitude >= south &&
  latitude <= north &&
  (west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east);

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

/** Degrees from one longitude to another the short way round, −180…180. */
const step = (from: number, to: number): number => ((((to - from + 180) % 360) + 360) % 360) - 180;

/** Longitudes counted on past 180° where the ring steps over it, so that its points lie side by side. */
const unwrap = (ring: readonly Position[]): readonly Position[] => {
  let longitude = ring[0]![0];
  let last = longitude;
  return ring.map(([x, y]) => {
    longitude += step(last, x);
    last = x;
    return [longitude, y];
  });
};

/**
 * A ring round a pole as one on a flat map: along it once round the Earth, then by the pole back. Other rings stay. `flat` is unwrapped.
 */
const openAtPole = (flat: readonly Position[]): readonly Position[] => {
  const [first, last] = [flat[0]!, flat.at(-1)!];
  const round = last[0] + step(last[0], first[0]) - first[0];
  if (Math.abs(round) < 180) return flat;
  const pole = flat.reduce((sum, [, y]) => sum + y, 0) < 0 ? -90 : 90;
  const end = first[0] + Math.sign(round) * 360;
  return [...flat, [end, first[1]], [end, pole], [first[0], pole]];
};

/**
 * The geometry of a ring that is not closed: closed, counter-clockwise, split at the antimeridian (RFC 7946, 3.1.6 and 3.1.9). From point to
 * point the short way round is meant, so a ring as wide as the globe needs points between its corners. A ring round a pole holds the pole.
 */
export const areaGeometry = (ring: readonly Position[]): AreaGeometry => {
  const flat = openAtPole(unwrap(ring));
  const longitudes = flat.map(([x]) => x);
  const [least, most] = [Math.min(...longitudes), Math.max(...longitudes)];
  const border = most > 180 + 1e-9 ? 180 : least < -180 - 1e-9 ? -180 : null;
  if (border === null) return { type: "Polygon", coordinates: [closed(flat)] };
  const back = (part: readonly Position[], by: number) => part.map(([x, y]): Position => [x + by, y]);
  const west = back(cut(flat, border, "west"), border === 180 ? 0 : 360);
  const east = back(cut(flat, border, "east"), border === 180 ? -360 : 0);
  // A ring that only touches the line from beyond it has no part on this side.
  if (west.length < 3) return { type: "Polygon", coordinates: [closed(east)] };
  if (east.length < 3) return { type: "Polygon", coordinates: [closed(west)] };
  return { type: "MultiPolygon", coordinates: [[closed(west)], [closed(east)]] };
};

/** The bounding box of an area. All the way round where its halves meet on both sides. */
export const boundingBox = (area: AreaGeometry): BoundingBox => {
  const extent = (rings: readonly (readonly Position[])[]) => {
    const [xs, ys] = [rings.flat().map(([x]) => x), rings.flat().map(([, y]) => y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  };
  if (area.type === "Polygon") return extent(area.coordinates);
  const [west, east] = area.coordinates.map(extent);
  const [south, north] = [Math.min(west![1], east![1]), Math.max(west![3], east![3])];
  return west![0] <= east![2] ? [-180, south, 180, north] : [west![0], south, east![2], north];
};

/** The narrowest box round several, across the antimeridian where that is narrower; `null` for none. */
export const uniteBoxes = (boxes: readonly BoundingBox[]): BoundingBox | null => {
  if (boxes.length === 0) return null;
  // An arc's end counts on beyond 180°, and 360° more the second time round: the widest stretch without a box, which stays outside, may lie
  // over the antimeridian.
  const arcs = boxes
    .map(([west, , east]) => ({ west, east, from: west, to: east < west ? east + 360 : east }))
    .toSorted((a, b) => a.from - b.from);
  const again = arcs.map((arc) => ({ ...arc, from: arc.from + 360, to: arc.to + 360 }));
  const south = Math.min(...boxes.map((box) => box[1]));
  const north = Math.max(...boxes.map((box) => box[3]));
  const further = (a: (typeof arcs)[number], b: (typeof arcs)[number]) => (b.to > a.to ? b : a);
  let reached = arcs.reduce(further);
  let [gap, west, east] = [0, -180, 180];
  for (const arc of again) {
    if (arc.from - reached.to > gap) [gap, west, east] = [arc.from - reached.to, arc.west, reached.east];
    reached = further(reached, arc);
  }
  return [west, south, east, north];
};
