import { asWgs84, type DatumShift, type NoPlace } from "./coordinate-system.ts";

/** What a projection stands on: an ellipsoid with a prime meridian, and its ways to WGS 84. */
export interface Ground {
  /** `EPSG:4289`; `null` where only parameters say what it is. */
  readonly crs: string | null;
  /** proj4 text. */
  readonly ellipsoid: string;
  readonly shifts: readonly DatumShift[];
}

/** An ellipsoid as a file describes it. */
export interface DescribedEllipsoid {
  /** Of the datum, to name it by. */
  readonly name: string;
  /** Metres. */
  readonly axis: number;
  /** 0 for a sphere. */
  readonly inverseFlattening: number;
  /** Degrees from Greenwich. */
  readonly meridian: number;
  /** The file's own; `null` where it gives none. */
  readonly shifts: readonly DatumShift[] | null;
}

/**
 * The ground of a datum that no register knows. With the ellipsoid of WGS 84 or GRS 80 it is a frame of our time, and with a sphere there is no
 * datum at all: longitude and latitude are taken as they are, as PROJ does. With any other it may be hundreds of metres away.
 */
export const groundOfEllipsoid = (described: DescribedEllipsoid): Ground | NoPlace => {
  const { name, axis, inverseFlattening, meridian, shifts } = described;
  if (!(axis > 6_300_000 && axis < 6_450_000)) return { why: `its ellipsoid is not the Earth's (${axis} m)` };
  const isModern = Math.abs(axis - 6_378_137) < 0.01 && Math.abs(inverseFlattening - 298.25722) < 1e-3;
  const isSphere = inverseFlattening === 0;
  if (shifts === null && !isModern && !isSphere) {
    return { why: `nothing is known of its datum "${name}"` };
  }
  const shape = isSphere ? `+b=${axis}` : `+rf=${inverseFlattening}`;
  const from = meridian === 0 ? "" : ` +pm=${meridian}`;
  return { crs: null, ellipsoid: `+a=${axis} ${shape}${from}`, shifts: shifts ?? [asWgs84] };
};

/** Axis and inverse flattening of the ellipsoids that the table calls by name. */
const byName: Readonly<Record<string, readonly [axis: number, inverseFlattening: number]>> = {
  WGS84: [6_378_137, 298.257223563],
  GRS80: [6_378_137, 298.257222101],
  bessel: [6_377_397.155, 299.1528128],
  intl: [6_378_388, 297],
  krass: [6_378_245, 298.3],
  clrk66: [6_378_206.4, 294.978698213898],
  airy: [6_377_563.396, 299.3249646],
};

/** A named ground on the ellipsoid that the file gives for it, where that is another one: PROJ takes the numbers. */
export const ownEllipsoid = (
  named: Ground,
  axis: number | null,
  inverseFlattening: number | null,
): Ground => {
  const usual = byName[/\+ellps=(\S+)/.exec(named.ellipsoid)?.[1] ?? ""];
  if (usual === undefined || axis === null || inverseFlattening === null) return named;
  const isUsual = Math.abs(axis - usual[0]) < 0.1 && Math.abs(inverseFlattening - usual[1]) < 1e-4;
  if (isUsual) return named;
  const shape = inverseFlattening === 0 ? `+b=${axis}` : `+rf=${inverseFlattening}`;
  return { ...named, crs: null, ellipsoid: named.ellipsoid.replace(/\+ellps=\S+/, `+a=${axis} ${shape}`) };
};
