/** A point of a map. */
export type MapPoint = readonly [x: number, y: number, ...more: number[]];

/** Points, lines and polygons (rings closed, holes after the outer ring) of a geometry. */
export interface MapShapes {
  readonly points: readonly MapPoint[];
  readonly lines: readonly (readonly MapPoint[])[];
  readonly polygons: readonly (readonly (readonly MapPoint[])[])[];
}

/** A geometry of GeoJSON, whatever its kind. */
export type Geometry =
  | { readonly type: "Point"; readonly coordinates: MapPoint }
  | { readonly type: "MultiPoint" | "LineString"; readonly coordinates: readonly MapPoint[] }
  | {
      readonly type: "MultiLineString" | "Polygon";
      readonly coordinates: readonly (readonly MapPoint[])[];
    }
  | {
      readonly type: "MultiPolygon";
      readonly coordinates: readonly (readonly (readonly MapPoint[])[])[];
    }
  | { readonly type: "GeometryCollection"; readonly geometries: readonly Geometry[] };

const nothing: MapShapes = { points: [], lines: [], polygons: [] };

/** A geometry taken apart. */
export const shapesOf = (geometry: Geometry): MapShapes => {
  switch (geometry.type) {
    case "Point":
      return { ...nothing, points: [geometry.coordinates] };
    case "MultiPoint":
      return { ...nothing, points: geometry.coordinates };
    case "LineString":
      return { ...nothing, lines: [geometry.coordinates] };
    case "MultiLineString":
      return { ...nothing, lines: geometry.coordinates };
    case "Polygon":
      return { ...nothing, polygons: [geometry.coordinates] };
    case "MultiPolygon":
      return { ...nothing, polygons: geometry.coordinates };
    case "GeometryCollection": {
      const parts = geometry.geometries.map(shapesOf);
      return {
        points: parts.flatMap(({ points }) => points),
        lines: parts.flatMap(({ lines }) => lines),
        polygons: parts.flatMap(({ polygons }) => polygons),
      };
    }
  }
};

/** On which side of a → b a point lies: positive left, 0 on the line. */
const side = ([ax, ay]: MapPoint, [bx, by]: MapPoint, [x, y]: MapPoint): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax);

const isBetween = ([ax, ay]: MapPoint, [bx, by]: MapPoint, [x, y]: MapPoint): boolean =>
  x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);

const isOnEdge = (a: MapPoint, b: MapPoint, p: MapPoint): boolean =>
  side(a, b, p) === 0 && isBetween(a, b, p);

const edgesMeet = (a: MapPoint, b: MapPoint, c: MapPoint, d: MapPoint): boolean => {
  const [ac, ad, ca, cb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (ac > 0 !== ad > 0 && ca > 0 !== cb > 0 && ac !== 0 && ad !== 0 && ca !== 0 && cb !== 0) return true;
  return isOnEdge(a, b, c) || isOnEdge(a, b, d) || isOnEdge(c, d, a) || isOnEdge(c, d, b);
};

const edgesOf = (line: readonly MapPoint[]): readonly (readonly [MapPoint, MapPoint])[] =>
  line.slice(1).map((to, i) => [line[i] as MapPoint, to]);

const linesMeet = (a: readonly MapPoint[], b: readonly MapPoint[]): boolean =>
  edgesOf(a).some(([p, q]) => edgesOf(b).some(([r, s]) => edgesMeet(p, q, r, s)));

/** Even-odd over all rings, so that holes are outside; the edge belongs to the polygon. */
const isInside = (rings: readonly (readonly MapPoint[])[], p: MapPoint): boolean => {
  let inside = false;
  for (const ring of rings) {
    for (const [a, b] of edgesOf(ring)) {
      if (isOnEdge(a, b, p)) return true;
      if (a[1] > p[1] !== b[1] > p[1] && p[0] < ((b[0] - a[0]) * (p[1] - a[1])) / (b[1] - a[1]) + a[0])
        inside = !inside;
    }
  }
  return inside;
};

/** Whether two geometries have a point in common, on a flat map; neither may cross the antimeridian in one part. */
export const shapesMeet = (one: MapShapes, other: MapShapes): boolean => {
  const linesOf = ({ lines, polygons }: MapShapes) => [...lines, ...polygons.flat()];
  const startsOf = (shapes: MapShapes): readonly MapPoint[] => [
    ...shapes.points,
    ...[...shapes.lines, ...shapes.polygons.map(([outer = []]) => outer)].flatMap((line) => line.slice(0, 1)),
  ];
  const isHeld = (inner: MapShapes, outer: MapShapes): boolean =>
    startsOf(inner).some((point) => outer.polygons.some((rings) => isInside(rings, point)));
  const isMet = (points: readonly MapPoint[], shapes: MapShapes): boolean =>
    points.some(
      (p) =>
        shapes.points.some(([x, y]) => x === p[0] && y === p[1]) ||
        linesOf(shapes).some((line) => edgesOf(line).some(([a, b]) => isOnEdge(a, b, p))),
    );
  return (
    linesOf(one).some((a) => linesOf(other).some((b) => linesMeet(a, b))) ||
    isHeld(one, other) ||
    isHeld(other, one) ||
    isMet(one.points, other) ||
    isMet(other.points, one)
  );
};
