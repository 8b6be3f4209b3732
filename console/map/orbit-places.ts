import { ecefToGeodetic } from "../../pipeline/orbit/reference-frame.ts";
import { propagateEcefInto } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { sunDirectionEcef } from "../../pipeline/orbit/sun.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { LonLat } from "./view.ts";

/** Where a satellite is: the point under it, its height, where it flies to, and whether the Sun shines on it. */
export interface Place {
  readonly lonLat: LonLat;
  /** Metres above the ellipsoid. */
  readonly height: number;
  /** Of its motion over the ground, degrees from north over east. */
  readonly heading: number;
  readonly sunlit: boolean;
}

/** The same for a whole constellation, as columns: 2,800 of them are read for every picture. `NaN` where elements give no orbit. */
export interface Places {
  readonly count: number;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly height: Float64Array;
  readonly heading: Float64Array;
  readonly sunlit: Uint8Array;
}

/** Columns for `count` satellites, to be filled again for every moment. */
export const newPlaces = (count: number): Places => ({
  count,
  lon: new Float64Array(count).fill(NaN),
  lat: new Float64Array(count).fill(NaN),
  height: new Float64Array(count).fill(NaN),
  heading: new Float64Array(count).fill(NaN),
  sunlit: new Uint8Array(count),
});

const state = new Float64Array(6);
const deg = 180 / Math.PI;
const equator = 6_378_137;

/** Writes where all are at `t`. The same orbits as the plan's, by the same code: what is drawn is what was reckoned with. */
export const placesAt = (satellites: readonly Satellite[], t: Instant, into: Places): Places => {
  const sun = sunDirectionEcef(t);
  for (let i = 0; i < into.count; i++) {
    const satellite = satellites[i];
    if (satellite === undefined || !stateAtInto(satellite, t)) {
      into.lon[i] = NaN;
      into.lat[i] = NaN;
      continue;
    }
    const [x, y, z, vx, vy, vz] = state as unknown as [number, number, number, number, number, number];
    const { longitude, latitude, altitude } = ecefToGeodetic([x, y, z]);
    const [lon, lat] = [longitude / deg, latitude / deg];
    const east = -Math.sin(lon) * vx + Math.cos(lon) * vy;
    const north = -Math.sin(lat) * (Math.cos(lon) * vx + Math.sin(lon) * vy) + Math.cos(lat) * vz;
    into.lon[i] = longitude;
    into.lat[i] = latitude;
    into.height[i] = altitude;
    into.heading[i] = Math.atan2(east, north) * deg;
    // A cylinder behind the Earth: half a minute off at most at the edges, where the plan's eclipses are exact.
    const along = x * sun[0] + y * sun[1] + z * sun[2];
    const aside2 = x * x + y * y + z * z - along * along;
    into.sunlit[i] = along > 0 || aside2 > equator * equator ? 1 : 0;
  }
  return into;
};

const stateAtInto = (satellite: Satellite, t: Instant): boolean => {
  try {
    propagateEcefInto(satellite, t, state, 0);
    return true;
  } catch (error) {
    // A satellite that has decayed by then is left out of the picture; every other error is ours.
    if (isSwathError(error, "orbit")) return false;
    throw error;
  }
};

/** One satellite at `t`; `null` where its elements give no orbit. */
export const placeOf = (satellite: Satellite, t: Instant): Place | null =>
  placeIn(placesAt([satellite], t, single), 0);

/** Tracks ask for hundreds of single places a picture: their columns are made once. */
const single = newPlaces(1);

/** Row `index` of the columns; `null` where there is no orbit. */
export const placeIn = (places: Places, index: number): Place | null => {
  const lon = places.lon[index] ?? NaN;
  if (Number.isNaN(lon)) return null;
  return {
    lonLat: [lon, places.lat[index] ?? NaN],
    height: places.height[index] ?? NaN,
    heading: places.heading[index] ?? NaN,
    sunlit: places.sunlit[index] === 1,
  };
};

/** The track over the ground from `from` to `to`, a place every `step` seconds and one at each end. */
export const trackOf = (satellite: Satellite, from: Instant, to: Instant, step: number): readonly Place[] => {
  const count = Math.max(1, Math.ceil((to - from) / step));
  return Array.from({ length: count + 1 }, (_, i) =>
    placeOf(satellite, instant(from + ((to - from) * i) / count)),
  ).filter((place) => place !== null);
};
