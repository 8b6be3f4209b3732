import type { LookRequest, LookSatellite } from "../../../planning/looks/look-choice.ts";
import { boxArea, type LookArea } from "../../../planning/looks/look-area.ts";
import { opportunitiesOf } from "../../../planning/looks/opportunity.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../../planning/orbits/walker.ts";
import { ephemerisOf } from "../../../pipeline/orbit/ephemeris.ts";
import { subPoint } from "../../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { sunElevation } from "../../../pipeline/orbit/sun.ts";
import type { Agility } from "../../../pipeline/orbit/slew.ts";
import type { CameraReach } from "../../../planning/overflight.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import {
  bytes,
  degrees,
  degreesPerSecond,
  degreesPerSecondSquared,
  instant,
  later,
  metres,
  seconds,
  watts,
} from "../../../pipeline/units.ts";

/** A problem for the planner of looks. */
export interface LookCase {
  readonly requests: readonly LookRequest[];
  readonly satellites: readonly LookSatellite[];
}

/** How a case is drawn. */
export interface CaseShape {
  readonly seed: number;
  readonly constellation: string;
  readonly orders: number;
  readonly hours: number;
  /** Orders lie in so many regions of some 1,200 km, or all over where the Sun shines (0). */
  readonly regions: number;
  /** Seconds of looks in an orbit; looks that fit the store; whether looks must land in time. */
  readonly duty: number;
  readonly storeLooks: number;
  readonly isLanding: boolean;
}

/** A camera of 20 km that turns 30° off the vertical, by day. */
export const camera: CameraReach = {
  halfSwath: metres(10_000),
  offNadir: degrees(30),
  sunAbove: degrees(10),
};

const agility: Agility = {
  rate: degreesPerSecond(1),
  acceleration: degreesPerSecondSquared(0.1),
  settling: seconds(5),
  power: watts(5),
};

const box = (longitude: number, latitude: number, size: number): LookArea => {
  const west = longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;
  const east = west + size > 180 ? west + size - 360 : west + size;
  const read = boxArea([west, latitude, east, latitude + size]);
  if (!("area" in read)) throw new RangeError(read.got);
  return read.area;
};

/** The case of a shape: the same shape, the same case. */
export const drawCase = async (shape: CaseShape): Promise<LookCase> => {
  const { seed, constellation, orders, hours, regions, duty, storeLooks, isLanding } = shape;
  const from = walkerEpoch;
  const to = later(from, seconds(hours * 3600));
  const random = seeded(seed, "look-case");
  const orbits = await resolveConstellation(constellation, () => Promise.reject(new Error("no file")), {
    epoch: from,
  });
  const flown = orbits.map((orbit) => ({
    satellite: orbit.id,
    ephemeris: ephemerisOf(orbit, from, later(to, seconds(6 * 3600))),
  }));
  // Somewhere below a satellite by day.
  const sunlit = (): readonly [longitude: number, latitude: number] => {
    for (;;) {
      const orbit = orbits[random.integer(orbits.length)] as Satellite;
      const at = later(from, seconds(random.uniform() * hours * 3600));
      const { longitude, latitude } = subPoint(orbit, at);
      if (sunElevation(longitude, latitude, at) > 20) return [longitude, latitude];
    }
  };
  const centres = Array.from({ length: regions }, sunlit);
  const size = bytes(100e6);
  const requests = Array.from({ length: orders }, (_, n): LookRequest => {
    const [longitude, latitude] =
      regions === 0
        ? [random.uniform() * 360 - 180, (Math.asin(2 * random.uniform() - 1) * 144) / Math.PI]
        : [
            (centres[n % regions]?.[0] ?? 0) + random.uniform() * 6 - 3,
            (centres[n % regions]?.[1] ?? 0) + random.uniform() * 8 - 4,
          ];
    const area = box(longitude, latitude, 0.02 + random.uniform() * 0.15);
    const deadline = instant(from + (0.4 + 0.6 * random.uniform()) * (to - from));
    const request = { area, camera, maxOffNadir: null, from, to: deadline };
    return {
      id: `o${n}`,
      area,
      value: 2 ** (1 + random.integer(4)),
      deadline,
      landBy: isLanding ? later(deadline, seconds(3600)) : null,
      bytes: size,
      opportunities: flown.flatMap((orbit) => opportunitiesOf(orbit, request)),
    };
  });
  const satellites = flown.map((orbit, at): LookSatellite => ({
    ...orbit,
    camera,
    agility,
    duty: { seconds: seconds(duty), period: seconds(5700) },
    store: { capacity: bytes(storeLooks * size), level: bytes(0) },
    drains: Array.from({ length: Math.ceil(hours / 1.6) + 3 }, (_, n) => ({
      at: later(from, seconds(1500 + 400 * at + n * 5760)),
      bytes: bytes((2 + random.integer(4)) * size),
    })),
    taken: [],
  }));
  return { requests, satellites };
};

/** Fifty small cases, crowded ones most: looks that rival, little duty, a small store, deadlines of landing, and all together. */
export const smallCases: readonly CaseShape[] = Array.from({ length: 50 }, (_, n): CaseShape => ({
  seed: 100 + n,
  constellation:
    n % 3 === 0
      ? "walker:2@550km,97.6deg"
      : n % 3 === 1
        ? "walker:3@550km,97.6deg"
        : "walker:4/2/1@500km,53deg",
  orders: 10 + (n % 7) * 2,
  hours: 8,
  regions: n % 4 === 3 ? 3 : 1 + (n % 2),
  duty: n % 5 === 1 ? 12 : 600,
  storeLooks: n % 5 === 2 ? 4 : n % 5 === 4 ? 6 : 640,
  isLanding: n % 5 >= 3,
}));
