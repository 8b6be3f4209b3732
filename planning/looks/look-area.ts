import { ecefToGeodetic, geodeticToEcef, type Vector3 } from "../../pipeline/orbit/reference-frame.ts";
import type { AreaGeometry, BoundingBox, Position } from "../../pipeline/raster/area-geometry.ts";
import { crossesItself } from "../../pipeline/raster/ring-crossing.ts";
import { degrees, metres, type Degrees } from "../../pipeline/units.ts";

/** An area that a camera can be pointed at: its middle, and the corners that it should see. All Earth-fixed, metres, on the ellipsoid. */
export interface LookArea {
  readonly longitude: Degrees;
  readonly latitude: Degrees;
  readonly centre: Vector3;
  /** Of all outer rings. */
  readonly corners: readonly Vector3[];
}

/** An area, or what is wrong with it, in the words of a refusal: wanted and got. */
export type AreaReading = { readonly area: LookArea } | { readonly wanted: string; readonly got: string };

/** Corners of a box are set this close along its parallels, which are no straight lines. */
const boxStep = 2;

const onGround = ([longitude, latitude]: Position): Vector3 =>
  geodeticToEcef({ longitude: degrees(longitude), latitude: degrees(latitude), altitude: metres(0) });

const cross = ([ax, ay, az]: Vector3, [bx, by, bz]: Vector3): Vector3 => [
  ay * bz - az * by,
  az * bx - ax * bz,
  ax * by - ay * bx,
];
const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const isSame = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** Less is a line or a point: a square of 30 m. */
const leastArea = 900;

/**
 * A ring on a flat map: longitudes counted on past 180° from corner to corner, the short way round; one that goes round a pole as seen from
 * above it.
 */
const flattened = (ring: readonly Position[]): readonly Position[] => {
  const step = (from: number, to: number): number => ((((to - from + 180) % 360) + 360) % 360) - 180;
  const [first] = ring[0] ?? [0];
  let [longitude, last] = [first, first];
  const flat = ring.map(([x, y]): Position => {
    longitude += step(last, x);
    last = x;
    return [longitude, y];
  });
  if (Math.abs(longitude + step(last, first) - first) < 180) return flat;
  return ring.map(([x, y]): Position => {
    const angle = (x * Math.PI) / 180;
    return [(90 - Math.abs(y)) * Math.cos(angle), (90 - Math.abs(y)) * Math.sin(angle)];
  });
};

const isLine = (ring: readonly Position[]): boolean => {
  const [[ax, ay], [bx, by]] = [ring[0] as Position, ring[1] as Position];
  return ring.every(([x, y]) => Math.abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) < 1e-12);
};

/** A ring without its repeated corners, or what is wrong with it. */
const ringOf = (positions: readonly Position[]): readonly Position[] | string => {
  const bad = positions.find(
    ([x, y]) => !Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) > 90 || Math.abs(x) > 360,
  );
  if (bad !== undefined) return `a corner at ${bad[0]}, ${bad[1]}`;
  const ring = positions.filter((one, i) => !isSame(one, positions[(i + 1) % positions.length] as Position));
  if (ring.length < 3) return `${ring.length} different corner${ring.length === 1 ? "" : "s"}`;
  const flat = flattened(ring);
  if (isLine(flat)) return "corners in one line";
  if (crossesItself(flat)) return "sides that cross";
  return ring;
};

const ringsOf = (geometry: AreaGeometry): readonly (readonly Position[])[] =>
  geometry.type === "Polygon"
    ? geometry.coordinates.slice(0, 1)
    : geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));

const wanted =
  "a polygon of at least three corners whose sides do not cross, in degrees of longitude and latitude";

/**
 * The area of a GeoJSON polygon, or of several; holes are left out. Its middle is that of its surface, in space, so that an area across
 * the antimeridian or round a pole is like any other.
 */
export const lookAreaOf = (geometry: AreaGeometry): AreaReading => {
  const corners: Vector3[] = [];
  let [sum, surface]: [Vector3, number] = [[0, 0, 0], 0];
  for (const positions of ringsOf(geometry)) {
    const ring = ringOf(positions);
    if (typeof ring === "string") return { wanted, got: ring };
    const points = ring.map(onGround);
    const anchor = points[0] as Vector3;
    const parts = points.slice(2).map((c, i) => {
      const b = points[i + 1] as Vector3;
      return { twice: cross(minus(b, anchor), minus(c, anchor)), b, c };
    });
    const whole = parts.reduce<Vector3>(
      ([x, y, z], { twice }) => [x + twice[0], y + twice[1], z + twice[2]],
      [0, 0, 0],
    );
    const size = Math.hypot(...whole);
    for (const { twice, b, c } of parts) {
      // Signed along the ring's own normal: a notch takes away what its triangle has too much.
      const share = size === 0 ? 0 : dot(twice, whole) / size / 6;
      sum = [0, 1, 2].map(
        (k) => (sum[k] as number) + share * ((anchor[k] as number) + (b[k] as number) + (c[k] as number)),
      ) as unknown as Vector3;
    }
    surface += size / 2;
    corners.push(...points);
  }
  if (!(surface >= leastArea)) return { wanted, got: `an area of ${Math.round(surface)} m²` };
  const { longitude, latitude } = ecefToGeodetic([sum[0] / surface, sum[1] / surface, sum[2] / surface]);
  return { area: { longitude, latitude, centre: onGround([longitude, latitude]), corners } };
};

/** The outline of a box as an area; west > east crosses the antimeridian. */
export const boxArea = ([west, south, east, north]: BoundingBox): AreaReading => {
  const width = east >= west ? east - west : east - west + 360;
  const steps = Math.max(1, Math.ceil(width / boxStep));
  const along = Array.from({ length: steps + 1 }, (_, n) => west + (width * n) / steps);
  const south1 = along.map((x): Position => [x, south]);
  const north1 = along.toReversed().map((x): Position => [x, north]);
  if (south > north)
    return { wanted: "a box west, south, east, north with south below north", got: `${south} … ${north}` };
  return lookAreaOf({ type: "Polygon", coordinates: [[...south1, ...north1]] });
};
