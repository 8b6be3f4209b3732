import { degrees, metres, type Degrees, type Metres, toRadians } from "../units.ts";
import type { GroundStation } from "./contact.ts";
import { geodeticToEcef, type Geodetic, type Vector3 } from "./reference-frame.ts";

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

/** A place on the ground in Earth-fixed coordinates, with its local axes. */
export const siteOf = (place: Geodetic): Site => {
  const lon = toRadians(place.longitude);
  const lat = toRadians(place.latitude);
  const [sinLon, cosLon, sinLat, cosLat] = [Math.sin(lon), Math.cos(lon), Math.sin(lat), Math.cos(lat)];
  return {
    position: geodeticToEcef(place),
    up: [cosLat * cosLon, cosLat * sinLon, sinLat],
    east: [-sinLon, cosLon, 0],
    north: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
  };
};

/** Where the Earth-fixed position (metres) stands in the sky of the site. */
export const lookFrom = (site: Site, positionEcef: Vector3): LookAngles => {
  const { position, up, east, north } = site;
  const x = positionEcef[0] - position[0];
  const y = positionEcef[1] - position[1];
  const z = positionEcef[2] - position[2];
  const range = Math.sqrt(x * x + y * y + z * z);
  const sine = (x * up[0] + y * up[1] + z * up[2]) / range;
  const eastward = x * east[0] + y * east[1] + z * east[2];
  const northward = x * north[0] + y * north[1] + z * north[2];
  const azimuth = (Math.atan2(eastward, northward) * 180) / Math.PI;
  return {
    elevation: degrees((Math.asin(Math.max(-1, Math.min(1, sine))) * 180) / Math.PI),
    azimuth: degrees(azimuth < 0 ? azimuth + 360 : azimuth),
    range: metres(range),
  };
};

/** `lookFrom` for a station. */
export const lookAngles = (station: GroundStation, positionEcef: Vector3): LookAngles =>
  lookFrom(siteOf(station), positionEcef);
