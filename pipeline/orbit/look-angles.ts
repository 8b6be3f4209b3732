import { degrees, metres, type Degrees, type Metres } from "../units.ts";
import type { GroundStation } from "./contact.ts";
import { geodeticToEcef, type Geodetic, type Vector3 } from "./frame.ts";

/** Where a satellite stands in the sky of a place. No refraction. */
export interface LookAngles {
  /** Above the plane normal to the ellipsoid's vertical. */
  readonly elevation: Degrees;
  /** From north over east, 0 … 360. */
  readonly azimuth: Degrees;
  readonly range: Metres;
}

/** A place with the vectors that every look needs, all Earth-fixed. */
export interface Site {
  /** Metres. */
  readonly position: Vector3;
  /** Unit vectors of the local vertical (of the ellipsoid, not of the centre) and of the horizon. */
  readonly up: Vector3;
  readonly east: Vector3;
  readonly north: Vector3;
}

export const siteOf = (place: Geodetic): Site => {
  const lon = (place.longitude * Math.PI) / 180;
  const lat = (place.latitude * Math.PI) / 180;
  const [sinLon, cosLon, sinLat, cosLat] = [Math.sin(lon), Math.cos(lon), Math.sin(lat), Math.cos(lat)];
  return {
    position: geodeticToEcef(place),
    up: [cosLat * cosLon, cosLat * sinLon, sinLat],
    east: [-sinLon, cosLon, 0],
    north: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
  };
};

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Where the Earth-fixed position (metres) stands in the sky of the site. */
export const lookFrom = (site: Site, positionEcef: Vector3): LookAngles => {
  const { position } = site;
  const ray: Vector3 = [
    positionEcef[0] - position[0],
    positionEcef[1] - position[1],
    positionEcef[2] - position[2],
  ];
  const range = Math.hypot(...ray);
  const azimuth = (Math.atan2(dot(ray, site.east), dot(ray, site.north)) * 180) / Math.PI;
  return {
    elevation: degrees((Math.asin(dot(ray, site.up) / range) * 180) / Math.PI),
    azimuth: degrees(azimuth < 0 ? azimuth + 360 : azimuth),
    range: metres(range),
  };
};

/** `lookFrom` for a station. */
export const lookAngles = (station: GroundStation, positionEcef: Vector3): LookAngles =>
  lookFrom(siteOf(station), positionEcef);
