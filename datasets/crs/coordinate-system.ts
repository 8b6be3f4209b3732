import { isProjectionKnown, projectionOf } from "../../pipeline/raster/projection.ts";
import { degrees, type Metres, metres } from "../../pipeline/units.ts";

/** How a datum comes to WGS 84 in one area: a row of the register. */
export interface DatumShift {
  /** West, south, east, north in degrees; west > east across the antimeridian. */
  readonly area: readonly [west: number, south: number, east: number, north: number];
  /** Metres, as the register states it; negative where it states none. */
  readonly accuracy: number;
  /**
   * `helmert`: with `parameters`. `none`: longitude and latitude stay as they are. `unpublished`: the register has nothing, and the datum is
   * an old one. `grid`: needs more than seven parameters.
   */
  readonly kind: "helmert" | "none" | "unpublished" | "grid";
  readonly isOffshore: boolean;
  /** Three or seven: metres, arc seconds, parts per million; position vector convention, as `+towgs84` has them. */
  readonly parameters: readonly number[];
}

/** A coordinate reference system that is understood. How its datum comes to WGS 84 may still depend on the place. */
export interface CoordinateSystem {
  /** `EPSG:28992`, `ESRI:102039`; `null` where only parameters say what it is. */
  readonly crs: string | null;
  /** proj4 text without a datum shift. */
  readonly definition: string;
  /** In PROJ's order; never empty. */
  readonly shifts: readonly DatumShift[];
}

/** Why something has no place, to stand after "no place, because". */
export interface NoPlace {
  readonly why: string;
}

/** What is known of an image that its vendor has not put onto a grid. */
export const rpcAlone: NoPlace = {
  why: "it is placed by rational polynomial coefficients (RPC) alone, which need a terrain model: orthorectify it first",
};

/** A system at one place: proj4 text with the shift that holds there. */
export interface SettledSystem {
  readonly proj4: string;
  /** What the register says of the shift; `null` where it says nothing. */
  readonly accuracy: Metres | null;
}

const everywhere = [-180, -90, 180, 90] as const;

/** The shift of a frame that is WGS 84 within a metre or two. */
export const asWgs84: DatumShift = {
  area: everywhere,
  accuracy: -1,
  kind: "none",
  isOffshore: false,
  parameters: [],
};

/** A shift that a file itself gives, in the convention of `+towgs84`. */
export const shiftOf = (parameters: readonly number[]): DatumShift =>
  parameters.some((value) => value !== 0)
    ? { ...asWgs84, kind: "helmert", parameters }
    : { ...asWgs84, accuracy: 0 };

/** Least and largest of x and y. */
type Bounds = readonly [left: number, bottom: number, right: number, top: number];

/**
 * The areas of a shift as boxes in the system's own coordinates: two across the antimeridian. PROJ looks for a point there, not among
 * longitudes and latitudes, so a box may reach over the corners of its area (PROJ 9.1, `reproject_bbox`: 21 points a side).
 */
const boundsOf = (
  definition: string,
  { area: [west, south, east, north] }: DatumShift,
): readonly Bounds[] => {
  if (east - west === 360 && north - south === 180) return [[-Infinity, -Infinity, Infinity, Infinity]];
  const halves = west <= east ? [[west, east] as const] : [[west, 180] as const, [-180, east] as const];
  if (definition.startsWith("+proj=longlat")) return halves.map(([w, e]) => [w, south, e, north]);
  const projection = projectionOf(definition);
  return halves.flatMap(([w, e]): readonly Bounds[] => {
    const sides = Array.from({ length: 21 }, (_, i) => i / 20).flatMap((t) => {
      const [longitude, latitude] = [w + t * (e - w), south + t * (north - south)];
      return [
        [longitude, south] as const,
        [longitude, north] as const,
        [w, latitude] as const,
        [e, latitude] as const,
      ];
    });
    const points = sides
      .map(([longitude, latitude]) => projection.fromLonLat([degrees(longitude), degrees(latitude)]))
      .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    if (points.length === 0) return [];
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return [[Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]];
  });
};

const isInside = (a: Bounds, b: Bounds): boolean => a[0] > b[0] && a[1] > b[1] && a[2] < b[2] && a[3] < b[3];

/**
 * The shift that PROJ takes at a point of a system, in the system's own coordinates: of those whose area holds it the most accurate, the
 * smaller area first (PROJ 9.1, `pj_get_suggested_operation`); the first of all where no area holds it. `null` without any.
 */
export const chooseShift = (
  { definition, shifts }: CoordinateSystem,
  x: number,
  y: number,
): DatumShift | null => {
  if (shifts.length < 2) return shifts[0] ?? null;
  let best: { readonly shift: DatumShift; readonly bounds: Bounds } | null = null;
  for (const shift of shifts) {
    for (const bounds of boundsOf(definition, shift)) {
      if (!(x >= bounds[0] && x <= bounds[2] && y >= bounds[1] && y <= bounds[3])) continue;
      const least: number = best === null ? Infinity : best.shift.accuracy;
      const isBetter =
        best === null ||
        (shift.accuracy >= 0 &&
          !shift.isOffshore &&
          (shift.accuracy < least ||
            least < 0 ||
            (shift.accuracy === least && isInside(bounds, best.bounds))));
      if (isBetter) best = { shift, bounds };
    }
  }
  return best?.shift ?? shifts[0] ?? null;
};

const nameOf = ({ crs, definition }: CoordinateSystem): string => crs ?? definition.replace(" +no_defs", "");

/** The method of a definition that proj4 computes otherwise than PROJ, by metres or more (test/golden/crs); `null` for the others. */
const differs = (definition: string): string | null => {
  const isSphere = /\+a=(\S+) \+b=\1(?: |$)/.test(definition);
  const onEllipsoid = isSphere ? undefined : /\+proj=(ortho)\b/.exec(definition)?.[1];
  return (
    /\+(hyperbolic|guam)\b/.exec(definition)?.[1] ??
    /\+proj=(robin)\b/.exec(definition)?.[1] ??
    onEllipsoid ??
    null
  );
};

/**
 * The system at a place of it, `x` and `y` in its own units: chooses the datum shift as PROJ does for that point. `NoPlace` where the
 * place is none of the Earth's, or nothing certain is known of the datum there.
 */
export const settleAt = (system: CoordinateSystem, x: number, y: number): SettledSystem | NoPlace => {
  const { definition } = system;
  const isGeographic = definition.startsWith("+proj=longlat");
  if (isGeographic && (Math.abs(y) > 90 || Math.abs(x) > 540)) {
    return { why: `longitude ${x} and latitude ${y} are not on the Earth` };
  }
  const differing = differs(definition);
  if (differing !== null || !isProjectionKnown(definition)) {
    const method = differing ?? /\+proj=(\S+)/.exec(definition)?.[1] ?? "none";
    return {
      why: `the projection of ${nameOf(system)} (${method}) is not one that Swath computes as PROJ does`,
    };
  }
  const [longitude, latitude] = projectionOf(definition).toLonLat(x, y);
  if (!Number.isFinite(longitude) || !(Math.abs(latitude) <= 90)) {
    return { why: `${nameOf(system)} has no place at ${x}, ${y}` };
  }
  const shift = chooseShift(system, x, y);
  if (shift === null || shift.kind === "unpublished") {
    return { why: `the EPSG register has no way from ${nameOf(system)} to WGS 84 there` };
  }
  if (shift.kind === "grid")
    return { why: `${nameOf(system)} comes to WGS 84 there by more than seven parameters` };
  const accuracy = shift.accuracy > 0 ? metres(shift.accuracy) : null;
  if (shift.kind === "none") return { proj4: definition, accuracy };
  const numbers = [...shift.parameters, 0, 0, 0, 0].slice(0, 7).join(",");
  return { proj4: definition.replace(" +no_defs", ` +towgs84=${numbers} +no_defs`), accuracy };
};
