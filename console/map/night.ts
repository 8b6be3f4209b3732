import { geoCircle } from "d3-geo";
import type { Polygon } from "geojson";
import { sunAt } from "../../pipeline/orbit/sun.ts";
import { siderealTime } from "../../pipeline/orbit/reference-frame.ts";
import type { Instant } from "../../pipeline/units.ts";
import { wrapLongitude } from "./sphere.ts";
import type { LonLat } from "./view.ts";

const deg = 180 / Math.PI;

/** Where the Sun stands overhead. */
export const subsolarPoint = (t: Instant): LonLat => {
  const { rightAscension, declination } = sunAt(t);
  return [wrapLongitude((rightAscension - siderealTime(t)) * deg), declination * deg];
};

/** The ground where the Sun is down, and where it stands under 10° (night included): too low for pictures. */
export interface Night {
  readonly sun: LonLat;
  readonly dark: Polygon;
  readonly low: Polygon;
}

/** Night is a cap of the sphere round the point opposite the Sun. */
export const nightAt = (t: Instant): Night => {
  const sun = subsolarPoint(t);
  const away: [number, number] = [wrapLongitude(sun[0] + 180), -sun[1]];
  const cap = (radius: number): Polygon => geoCircle().center(away).radius(radius).precision(2)();
  return { sun, dark: cap(90), low: cap(100) };
};
