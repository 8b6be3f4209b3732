import { growingColumn } from "../../pipeline/growing-column.ts";
import type { AreaGeometry, BoundingBox, Position } from "../../pipeline/raster/area-geometry.ts";

/** Settled coordinates are whole multiples of this many degrees, so an `Int32Array` holds them exactly. */
const perDegree = 1e7;

/** Areas packed as whole 10⁻⁷ degrees, eight octets a point; what `areaGeometry` made comes out as it went in. */
export interface AreaColumn {
  readonly length: number;
  add(area: AreaGeometry | null): void;
  at(row: number): AreaGeometry | null;
  has(row: number): boolean;
  /** West, south, east, north; −180 to 180 for one that is split at the antimeridian; only where there is an area. */
  envelope(row: number): BoundingBox;
  /** A function that says whether the area of a row and a box, west ≤ east, have a point in common. */
  touching(box: BoundingBox): (row: number) => boolean;
  reserve(more: number): void;
}

const isLeft = (ax: number, ay: number, bx: number, by: number, x: number, y: number): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax);

/** An empty column of areas. */
export const areaColumn = (): AreaColumn => {
  const points = growingColumn(Int32Array);
  /** Where the points of each row end, in numbers, not points. */
  const ends = growingColumn(Uint32Array);
  /** Rows of two parts, and where the second one begins: few are cut at the antimeridian. */
  const seconds = new Map<number, number>();

  const startOf = (row: number): number => (row === 0 ? 0 : (ends.values[row - 1] as number));
  const addRing = (ring: readonly Position[]): void => {
    for (const [x, y] of ring.slice(0, -1)) {
      points.add(Math.round(x * perDegree));
      points.add(Math.round(y * perDegree));
    }
  };
  const ringOf = (start: number, end: number): readonly Position[] => {
    const ring: Position[] = [];
    for (let i = start; i < end; i += 2)
      ring.push([(points.values[i] as number) / perDegree, (points.values[i + 1] as number) / perDegree]);
    return ring.length === 0 ? ring : [...ring, ring[0] as Position];
  };
  const partsOf = (row: number): readonly (readonly [number, number])[] => {
    const [start, end] = [startOf(row), ends.values[row] as number];
    const second = seconds.get(row);
    return second === undefined
      ? [[start, end]]
      : [
          [start, second],
          [second, end],
        ];
  };

  /**
   * A ring and a box: apart exactly where a side of the box or an edge of the ring separates them. Sides of the box in whole units. It is
   * asked for each row of a large archive: hence no arrays in it.
   */
  const ringTouches = (start: number, end: number, w: number, s: number, e: number, n: number): boolean => {
    const values: Int32Array = points.values;
    let least = Infinity;
    let lowest = Infinity;
    let most = -Infinity;
    let highest = -Infinity;
    for (let i = start; i < end; i += 2) {
      const x = values[i] as number;
      const y = values[i + 1] as number;
      if (x >= w && x <= e && y >= s && y <= n) return true;
      if (x < least) least = x;
      if (x > most) most = x;
      if (y < lowest) lowest = y;
      if (y > highest) highest = y;
    }
    if (least > e || most < w || lowest > n || highest < s) return false;
    // No corner lies in the box: an edge crosses it, or the ring holds it.
    let isInside = false;
    for (let i = start, j = end - 2; i < end; j = i, i += 2) {
      const ax = values[j] as number;
      const ay = values[j + 1] as number;
      const bx = values[i] as number;
      const by = values[i + 1] as number;
      if (Math.max(ax, bx) >= w && Math.min(ax, bx) <= e && Math.max(ay, by) >= s && Math.min(ay, by) <= n) {
        const one = isLeft(ax, ay, bx, by, w, s);
        const two = isLeft(ax, ay, bx, by, e, s);
        const three = isLeft(ax, ay, bx, by, e, n);
        const four = isLeft(ax, ay, bx, by, w, n);
        if (Math.min(one, two, three, four) <= 0 && Math.max(one, two, three, four) >= 0) return true;
      }
      // A ray from the box's south-west corner to the east.
      if (ay > s !== by > s && w < ((bx - ax) * (s - ay)) / (by - ay) + ax) isInside = !isInside;
    }
    return isInside;
  };

  return {
    get length() {
      return ends.length;
    },
    add(area) {
      if (area?.type === "Polygon") addRing(area.coordinates[0] ?? []);
      else if (area !== null) {
        const [first = [], second = []] = area.coordinates.map(([ring = []]) => ring);
        addRing(first);
        seconds.set(ends.length, points.length);
        addRing(second);
      }
      ends.add(points.length);
    },
    at(row) {
      const rings = partsOf(row).map(([start, end]) => ringOf(start, end));
      if (rings[0]?.length === 0) return null;
      return rings.length === 1
        ? { type: "Polygon", coordinates: rings }
        : { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) };
    },
    has: (row) => startOf(row) < (ends.values[row] as number),
    envelope(row) {
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = startOf(row); i < (ends.values[row] as number); i += 2) {
        const [x, y] = [points.values[i] as number, points.values[i + 1] as number];
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < south) south = y;
        if (y > north) north = y;
      }
      return [west / perDegree, south / perDegree, east / perDegree, north / perDegree];
    },
    touching(box) {
      const [w, s, e, n] = box.map((value) => value * perDegree) as [number, number, number, number];
      return (row) => {
        const start = startOf(row);
        const end = ends.values[row] as number;
        if (start === end) return false;
        const second = seconds.size === 0 ? undefined : seconds.get(row);
        if (second === undefined) return ringTouches(start, end, w, s, e, n);
        return ringTouches(start, second, w, s, e, n) || ringTouches(second, end, w, s, e, n);
      };
    },
    reserve(more) {
      ends.reserve(more);
      points.reserve(8 * more);
    },
  };
};
