import { checkForDecay, json2satrec, sgp4, twoline2satrec, type SatRec } from "satellite.js";
import { SwathError } from "../errors.ts";
import {
  formatInstant,
  later,
  seconds,
  type Instant,
  type Quantity,
  type Seconds,
  toRadians,
} from "../units.ts";
import {
  earthEccentricity2,
  earthRadius,
  earthRotation,
  ecefToGeodetic,
  siderealTime,
  temeToEcef,
  type Geodetic,
  type Vector3,
} from "./reference-frame.ts";
import type { Satellite } from "./satellite.ts";
import { tleLines } from "./tle-lines.ts";

/** Speed in m/s. */
export type MetresPerSecond = Quantity<"m/s">;

/** Position in metres and velocity in metres a second, in the frame that the function names. */
export interface State {
  readonly position: Vector3;
  readonly velocity: Vector3;
}

/** Why SGP4 gave up, by `SatRec.error`. */
const failures: Readonly<Record<number, string>> = {
  1: "a mean eccentricity outside 0 … 1",
  2: "a negative mean motion",
  3: "a perturbed eccentricity outside 0 … 1",
  4: "a negative semi-latus rectum",
  6: "a position under ground: the satellite has decayed",
};

/** Below this motion (a period of 213 min; by theory from 225 on) the epoch tells SGP4 where Sun and Moon are. */
const deepSpaceMotion = 6.75;

/**
 * The reader of messages takes every digit of the elements but cuts the epoch to milliseconds; that of lines takes epochs
 * as published but has columns of fixed width. Low orbits need no epoch, since time is counted from it. High ones go
 * through lines where those lose nothing, as with all elements that came as lines; else the epoch is rounded to the
 * millisecond, which moves a satellite near the Moon's distance by 4 cm and others by far less.
 */
const newRecord = (satellite: Satellite): SatRec => {
  const { elements } = satellite;
  const lines = elements.meanMotion < deepSpaceMotion ? tleLines(satellite) : null;
  if (lines !== null) return twoline2satrec(...lines);
  return json2satrec({
    OBJECT_NAME: satellite.name,
    OBJECT_ID: "",
    NORAD_CAT_ID: satellite.catalogNumber,
    EPOCH: formatInstant(satellite.epoch),
    MEAN_MOTION: elements.meanMotion,
    ECCENTRICITY: elements.eccentricity,
    INCLINATION: elements.inclination,
    RA_OF_ASC_NODE: elements.rightAscension,
    ARG_OF_PERICENTER: elements.argumentOfPerigee,
    MEAN_ANOMALY: elements.meanAnomaly,
    BSTAR: elements.drag,
    ELEMENT_SET_NO: 0,
    // SGP4 ignores both; they are fields of the format.
    MEAN_MOTION_DOT: 0,
    MEAN_MOTION_DDOT: 0,
  });
};

/** Elements are plain data; what SGP4 derives from them is kept as long as they are. */
const records = new WeakMap<Satellite, SatRec>();

const recordOf = (satellite: Satellite): SatRec => {
  const known = records.get(satellite);
  if (known !== undefined) return known;
  const record = newRecord(satellite);
  records.set(satellite, record);
  return record;
};

const sgp4Since = (satellite: Satellite, elapsed: number): NonNullable<ReturnType<typeof sgp4>> => {
  const record = recordOf(satellite);
  const result = sgp4(record, elapsed / 60);
  const decayed = checkForDecay(record);
  if (result !== null && !decayed && Number.isFinite(result.position.x)) return result;
  const at = later(satellite.epoch, seconds(elapsed));
  throw new SwathError("orbit", {
    what: `no orbit for satellite "${satellite.name}" at ${formatInstant(at)} from elements of ${formatInstant(satellite.epoch)}`,
    wanted: "a satellite in orbit",
    got:
      failures[record.error] ??
      (decayed ? failures[6] : undefined) ??
      "elements that SGP4 cannot turn into a position",
    hint: "take newer elements, an earlier horizon, or leave this satellite out",
  });
};

/**
 * The state in SGP4's frame TEME (true equator, mean equinox of date), so long after the epoch of the elements. Within
 * 1 mm and 1 µm/s of the published verification states (Vallado et al., AIAA 2006-6753).
 *
 * @throws SwathError("orbit") when SGP4 reports that the satellite has decayed or its elements make no orbit
 */
export const propagateSince = (satellite: Satellite, elapsed: Seconds): State => {
  const { position: p, velocity: v } = sgp4Since(satellite, elapsed);
  return {
    position: [p.x * 1000, p.y * 1000, p.z * 1000],
    velocity: [v.x * 1000, v.y * 1000, v.z * 1000],
  };
};

/**
 * `propagateSince` at a moment. Pure: the same satellite and instant give the same bits whatever was asked before. An
 * instant of our days has a grain of 0.24 µs, which is two millimetres of flight.
 *
 * @throws SwathError("orbit") as `propagateSince` does
 */
export const propagate = (satellite: Satellite, at: Instant): State =>
  propagateSince(satellite, seconds(at - satellite.epoch));

/**
 * The Earth-fixed state, written to `into[offset … offset + 5]` as x, y, z in metres and their rates in metres a second:
 * the loop of the ephemeris allocates nothing of ours.
 *
 * @throws SwathError("orbit") as `propagateSince` does
 */
export const propagateEcefInto = (
  satellite: Satellite,
  at: Instant,
  into: Float64Array,
  offset: number,
): void => {
  const { position: p, velocity: v } = sgp4Since(satellite, at - satellite.epoch);
  const angle = siderealTime(at);
  const cos = Math.cos(angle) * 1000;
  const sin = Math.sin(angle) * 1000;
  const x = cos * p.x + sin * p.y;
  const y = cos * p.y - sin * p.x;
  into[offset] = x;
  into[offset + 1] = y;
  into[offset + 2] = p.z * 1000;
  into[offset + 3] = cos * v.x + sin * v.y + earthRotation * y;
  into[offset + 4] = cos * v.y - sin * v.x - earthRotation * x;
  into[offset + 5] = v.z * 1000;
};

/** The point of the ellipsoid under the satellite, and the height above it. */
export const subPoint = (satellite: Satellite, at: Instant): Geodetic =>
  ecefToGeodetic(temeToEcef(propagate(satellite, at).position, at));

/** How fast the sub-point moves over the rotating ellipsoid. */
export const groundSpeed = (satellite: Satellite, at: Instant): MetresPerSecond => {
  const state = new Float64Array(6);
  propagateEcefInto(satellite, at, state, 0);
  const [x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0] = state;
  const { latitude, longitude, altitude } = ecefToGeodetic([x, y, z]);
  const [lat, lon] = [toRadians(latitude), toRadians(longitude)];
  const east = -Math.sin(lon) * vx + Math.cos(lon) * vy;
  const north = -Math.sin(lat) * (Math.cos(lon) * vx + Math.sin(lon) * vy) + Math.cos(lat) * vz;
  // The radii of curvature of the ellipsoid along the parallel and along the meridian.
  const w2 = 1 - earthEccentricity2 * Math.sin(lat) ** 2;
  const parallel = earthRadius / Math.sqrt(w2);
  const meridian = (parallel * (1 - earthEccentricity2)) / w2;
  return Math.hypot(
    (east * parallel) / (parallel + altitude),
    (north * meridian) / (meridian + altitude),
  ) as MetresPerSecond;
};

/** One revolution by the mean motion of the elements. */
export const orbitalPeriod = (satellite: Satellite): Seconds =>
  seconds(86_400 / satellite.elements.meanMotion);
