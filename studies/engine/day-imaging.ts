import { planImaging } from "../../planning/imaging-plan.ts";
import type { Camera } from "../../pipeline/mission/spacecraft.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { type Degrees, type Instant, type Metres, seconds, type Seconds } from "../../pipeline/units.ts";
import { cameraReach } from "./camera-reach.ts";

/** Of a camera that does not say how much of its orbits it images: some ten minutes an orbit. */
const usualDuty = 0.1;

/** Mean radius of the Earth, IUGG, m. */
const earthRadius = 6_371_008.8;

/** Pictures of a day at most, so that a day of many satellites is flown in seconds; a picture lasts from 10 s to a minute. */
const mostPictures = 6000;
const shortestPicture = 10;
const longestPicture = 60;

/** How the cameras of a constellation take the pictures of a day. */
export interface DayCamera {
  /** Share of the orbits, day and night. */
  readonly duty: number;
  readonly swath: Metres;
  /** Of the point below the satellite over a sphere that does not turn; m/s. */
  readonly groundSpeed: number;
  readonly sunAbove: Degrees | null;
  /** What nobody states and was taken. */
  readonly assumed: readonly string[];
}

/** The camera of the full day: its reach, and what was assumed of it. */
export const dayCamera = (camera: Camera, satellites: readonly Satellite[]): DayCamera => {
  const { reach, assumed } = cameraReach(camera);
  const turns = satellites.reduce((sum, { elements }) => sum + elements.meanMotion, 0) / satellites.length;
  return {
    duty: camera.duty ?? usualDuty,
    swath: (2 * reach.halfSwath) as Metres,
    groundSpeed: (2 * Math.PI * earthRadius * turns) / 86_400,
    sunAbove: reach.sunAbove,
    // Straight down all day: how far it could be turned plays no part.
    assumed: [
      ...assumed.filter((what) => !what.includes("straight down")),
      ...(camera.duty === undefined ? [`a camera that images ${usualDuty * 100} % of its orbits`] : []),
    ],
  };
};

/** Who takes a picture when. */
export interface DayImaging {
  readonly acquisitions: readonly Acquisition[];
  /** Of flight that one acquisition covers. */
  readonly pictureSeconds: Seconds;
  /** Moments at which a picture could be taken, for each that is. */
  readonly mostImaging: number;
}

/** Every n-th of the items, so that `count` are left, evenly. */
const thinned = <T>(items: readonly T[], count: number): readonly T[] =>
  count >= items.length
    ? items
    : Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T);

/**
 * The pictures of a day: strips straight below, each `pictureSeconds` long, spread evenly over the time in which there is light, as
 * many as the camera's duty has room for. A satellite that has less light than that takes what there is.
 */
export const planDayImaging = (
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
  { duty, swath, groundSpeed, sunAbove }: DayCamera,
  seed: number,
): DayImaging => {
  const span = to - from;
  const wanted = (duty * span * satellites.length) / mostPictures;
  const length = Math.max(shortestPicture, swath / groundSpeed, Math.min(longestPicture, wanted));
  const pictureSeconds = seconds(length);
  const slots = planImaging(satellites, from, to, { every: pictureSeconds, sunAbove, seed });
  const each = Math.round((duty * span) / length);
  const kept = satellites.flatMap(({ id }) =>
    thinned(
      slots.filter(({ satellite }) => satellite === id),
      each,
    ),
  );
  const order = new Map(satellites.map(({ id }, place) => [id, place]));
  const acquisitions = kept
    .toSorted((a, b) => a.at - b.at || (order.get(a.satellite) ?? 0) - (order.get(b.satellite) ?? 0))
    .map(({ satellite, at }, index) => ({ index, satellite, at, scene: "drawn" }));
  return {
    acquisitions,
    pictureSeconds,
    mostImaging: kept.length === 0 ? 1 : slots.length / kept.length,
  };
};
