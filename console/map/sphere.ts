import type { LonLat } from "./view.ts";

const rad = Math.PI / 180;

/** The place at this distance, in degrees, along a bearing (from north over east): the direct problem on a sphere. */
export const placeFrom = ([lon, lat]: LonLat, bearing: number, distance: number): LonLat => {
  const [d, b, phi] = [distance * rad, bearing * rad, lat * rad];
  const sinLat = Math.sin(phi) * Math.cos(d) + Math.cos(phi) * Math.sin(d) * Math.cos(b);
  const dLon = Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(phi), Math.cos(d) - Math.sin(phi) * sinLat);
  return [wrapLongitude(lon + dLon / rad), Math.asin(Math.max(-1, Math.min(1, sinLat))) / rad];
};

/** −180 ≤ longitude < 180. */
export const wrapLongitude = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180;

/** The bearing from one place to another, from north over east, −180 … 180. */
export const bearingTo = ([lon0, lat0]: LonLat, [lon1, lat1]: LonLat): number => {
  const dLon = (lon1 - lon0) * rad;
  const y = Math.sin(dLon) * Math.cos(lat1 * rad);
  const x =
    Math.cos(lat0 * rad) * Math.sin(lat1 * rad) -
    Math.sin(lat0 * rad) * Math.cos(lat1 * rad) * Math.cos(dLon);
  return Math.atan2(y, x) / rad;
};

/** A circle on the sphere as a line of `count + 1` places, closed. */
export const circlePoints = (centre: LonLat, radius: number, count: number): readonly LonLat[] =>
  Array.from({ length: count + 1 }, (_, i) => placeFrom(centre, (360 * i) / count, radius));

/**
 * How far from under a satellite at that height a place sees it at that elevation, in degrees of the sphere: the angle at the
 * Earth's centre, acos(R cos ε / (R + h)) − ε.
 */
export const horizonRadius = (heightMetres: number, elevation: number): number => {
  const earth = 6_371_000;
  const e = elevation * rad;
  return Math.max(0, (Math.acos((earth * Math.cos(e)) / (earth + heightMetres)) - e) / rad);
};
