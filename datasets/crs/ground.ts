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
