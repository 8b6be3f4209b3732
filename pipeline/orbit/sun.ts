import { degrees, metres, radians, type Degrees, type Instant, type Metres, type Radians } from "../units.ts";
import { siderealTime, type Vector3 } from "./reference-frame.ts";
import { siteOf } from "./look-angles.ts";

/** Where the Sun stands on the celestial sphere, mean equator and equinox of date. */
export interface SunPlace {
  readonly rightAscension: Radians;
  readonly declination: Radians;
}

/**
 * The apparent Sun, within 0.004° from 2000 to 2050 and 0.001° on average (checked against ERFA's `epv00`): Meeus, Astronomical
 * Algorithms, ch. 25, aberration included, nutation not; with the pulls of Venus (twice), Jupiter and Moon and the long
 * term of his Astronomical Formulae for Calculators, ch. 18. UTC is taken for dynamical time.
 */
export const sunAt = (at: Instant): SunPlace => {
  const rad = Math.PI / 180;
  const t = (at - 946_728_000) / 86_400 / 36_525;
  const since1900 = t + 1;
  const anomaly = (357.52911 + 35_999.05029 * t - 0.0001537 * t * t) * rad;
  const centre =
    (1.914602 - 0.004817 * t) * Math.sin(anomaly) +
    (0.019993 - 0.000101 * t) * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly);
  const pulls =
    0.00134 * Math.cos((153.23 + 22_518.7541 * since1900) * rad) +
    0.00154 * Math.cos((216.57 + 45_037.5082 * since1900) * rad) +
    0.002 * Math.cos((312.69 + 32_964.3577 * since1900) * rad) +
    0.00179 * Math.sin((350.74 + 445_267.1142 * since1900) * rad) +
    0.00178 * Math.sin((231.19 + 20.2 * since1900) * rad);
  const aberration = -0.00569;
  const longitude = (280.46646 + 36_000.76983 * t + 0.0003032 * t * t + centre + pulls + aberration) * rad;
  const obliquity = (23.439291 - 0.0130042 * t) * rad;
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
  // Two unit vectors that are the same may have a product of 1 and a rounding.
  const sine = Math.max(-1, Math.min(1, up[0] * sun[0] + up[1] * sun[1] + up[2] * sun[2]));
  return degrees((Math.asin(sine) * 180) / Math.PI);
};
