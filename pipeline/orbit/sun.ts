import { degrees, metres, radians, type Degrees, type Instant, type Metres, type Radians } from "../units.ts";
import { siderealTime, type Vector3 } from "./frame.ts";
import { siteOf } from "./look-angles.ts";

/** Where the Sun stands on the celestial sphere, mean equator and equinox of date. */
export interface SunPlace {
  readonly rightAscension: Radians;
  readonly declination: Radians;
}

/** Low-precision Sun of the Astronomical Almanac (Vallado, alg. 29): 0.01° from 1950 to 2050. */
export const sunAt = (at: Instant): SunPlace => {
  const rad = Math.PI / 180;
  const centuries = (at - 946_728_000) / 86_400 / 36_525;
  const meanLongitude = 280.46 + 36_000.771 * centuries;
  const anomaly = (357.5291092 + 35_999.05034 * centuries) * rad;
  const longitude =
    (meanLongitude + 1.914666471 * Math.sin(anomaly) + 0.019994643 * Math.sin(2 * anomaly)) * rad;
  const obliquity = (23.439291 - 0.0130042 * centuries) * rad;
  return {
    rightAscension: radians(Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude))),
    declination: radians(Math.asin(Math.sin(obliquity) * Math.sin(longitude))),
  };
};

/** Unit vector from the Earth to the Sun, Earth-fixed. */
export const sunDirectionEcef = (at: Instant): Vector3 => {
  const { rightAscension, declination } = sunAt(at);
  const hourAngle = rightAscension - siderealTime(at);
  const cos = Math.cos(declination);
  return [cos * Math.cos(hourAngle), cos * Math.sin(hourAngle), Math.sin(declination)];
};

const astronomicalUnit = 149_597_870_700;

/** From the Earth to the Sun (Vallado, alg. 29): within 0.01 %. */
export const sunDistance = (at: Instant): Metres => {
  const days = (at - 946_728_000) / 86_400;
  const anomaly = ((357.5291092 + (35_999.05034 / 36_525) * days) * Math.PI) / 180;
  return metres(
    astronomicalUnit * (1.000140612 - 0.016708617 * Math.cos(anomaly) - 0.000139589 * Math.cos(2 * anomaly)),
  );
};

/** Height of the Sun's centre over a place of the ellipsoid; no refraction, no parallax. */
export const sunElevation = (longitude: Degrees, latitude: Degrees, at: Instant): Degrees => {
  const { up } = siteOf({ longitude, latitude, altitude: metres(0) });
  const sun = sunDirectionEcef(at);
  return degrees((Math.asin(up[0] * sun[0] + up[1] * sun[1] + up[2] * sun[2]) * 180) / Math.PI);
};
