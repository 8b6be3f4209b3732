import {
  metres,
  radians,
  toDegrees,
  type Degrees,
  type Instant,
  type Metres,
  type Radians,
  toRadians,
} from "../units.ts";

/** x, y, z; metres or metres a second; the name of the variable says the frame. */
export type Vector3 = readonly [x: number, y: number, z: number];

/** WGS 84: semi-major axis in metres and flattening. */
export const earthRadius = metres(6_378_137);
const flattening = 1 / 298.257223563;
/** First eccentricity squared. */
export const earthEccentricity2 = flattening * (2 - flattening);

/** Sidereal rotation in rad/s (Vallado, Fundamentals of Astrodynamics, 4th ed., §3.5). */
export const earthRotation = 7.29211514670698e-5;

/** 2000-01-01T12:00:00 as an `Instant`. */
const j2000 = 946_728_000;
const twoPi = 2 * Math.PI;

/**
 * Greenwich mean sidereal time, IAU 1982 (Vallado, eq. 3-47): the angle that goes with SGP4's TEME.
 * UT1 is taken for UTC, at most 0.9 s apart, which moves the ground by at most 420 m and a contact by less than 0.1 s.
 */
export const siderealTime = (at: Instant): Radians => {
  const days = (at - j2000) / 86_400;
  const centuries = days / 36_525;
  const secondsOfTime =
    67_310.54841 +
    // The whole turns of 876 600 h a century are one turn a day: dropped here, or they would cost three digits.
    (days - Math.floor(days)) * 86_400 +
    8_640_184.812866 * centuries +
    0.093104 * centuries * centuries -
    6.2e-6 * centuries * centuries * centuries;
  const angle = (secondsOfTime * twoPi) / 86_400;
  return radians(angle - Math.floor(angle / twoPi) * twoPi);
};

/**
 * TEME to the Earth-fixed frame by a turn of `siderealTime`. Polar motion (at most 0.5″, 15 m on the ground) is
 * neglected: SGP4 itself is off by a kilometre.
 */
export const temeToEcef = (positionTeme: Vector3, at: Instant): Vector3 => {
  const angle = siderealTime(at);
  const [x, y, z] = positionTeme;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [cos * x + sin * y, cos * y - sin * x, z];
};

/** A point above the WGS 84 ellipsoid. */
export interface Geodetic {
  /** −180 ≤ longitude < 180. */
  readonly longitude: Degrees;
  readonly latitude: Degrees;
  readonly altitude: Metres;
}

/** Earth-fixed coordinates in metres of a point over the ellipsoid. */
export const geodeticToEcef = ({ longitude, latitude, altitude }: Geodetic): Vector3 => {
  const lon = toRadians(longitude);
  const lat = toRadians(latitude);
  const normal = earthRadius / Math.sqrt(1 - earthEccentricity2 * Math.sin(lat) ** 2);
  const axial = (normal + altitude) * Math.cos(lat);
  return [
    axial * Math.cos(lon),
    axial * Math.sin(lon),
    (normal * (1 - earthEccentricity2) + altitude) * Math.sin(lat),
  ];
};

/**
 * The inverse of `geodeticToEcef`, by fixed-point iteration on the latitude (Vallado, alg. 12); the error falls by e² a
 * round, so six rounds reach the last digits. The height formula is the one that stays stable at the poles.
 */
export const ecefToGeodetic = ([x, y, z]: Vector3): Geodetic => {
  const axial = Math.hypot(x, y);
  let lat = Math.atan2(z, axial * (1 - earthEccentricity2));
  let normal: number = earthRadius;
  for (let round = 0; round < 6; round++) {
    normal = earthRadius / Math.sqrt(1 - earthEccentricity2 * Math.sin(lat) ** 2);
    lat = Math.atan2(z + earthEccentricity2 * normal * Math.sin(lat), axial);
  }
  const sin = Math.sin(lat);
  const longitude = Math.atan2(y, x);
  return {
    longitude: toDegrees(radians(longitude >= Math.PI ? longitude - twoPi : longitude)),
    latitude: toDegrees(radians(lat)),
    altitude: metres(axial * Math.cos(lat) + z * sin - (earthRadius * earthRadius) / normal),
  };
};
