import { angleBetween, nadir } from "../../pipeline/orbit/pointing.ts";
import { slewTime } from "../../pipeline/orbit/slew.ts";
import { instant, type Bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { LookArea } from "../looks/look-area.ts";
import { Choices, type Choice, type LookRequest, type LookSatellite } from "../looks/look-choice.ts";
import type { LookTimeline } from "../looks/look-timeline.ts";
import { opportunitiesOf, type Opportunity } from "../looks/opportunity.ts";

/** What is to be looked at again. */
export interface FollowRequest {
  readonly id: string;
  /** Who saw it, and when. */
  readonly satellite: string;
  readonly takenAt: Instant;
  readonly area: LookArea;
  /** The last moment at which the look is worth anything. */
  readonly until: Instant;
  /** What it puts into the store. */
  readonly bytes: Bytes;
}

/** The pass in which something was seen is over after so long: nothing is confirmed by the same look. */
const ownPass = 1200 as Seconds;

/** When a satellite can look at it, from `from` on; whoever saw it not in the same pass. */
export const passesOver = (
  { satellite, ephemeris, camera }: LookSatellite,
  { satellite: source, takenAt, area, until }: FollowRequest,
  from: Instant,
): readonly Opportunity[] => {
  const since = instant(satellite === source ? Math.max(from, takenAt + ownPass) : from);
  if (since >= until) return [];
  return opportunitiesOf(
    { satellite, ephemeris },
    { area, camera, maxOffNadir: null, from: since, to: until },
  );
};

/**
 * The first look of a satellite at it, once it has been told and its camera has turned, beside what stands in its timeline (`choice: null`: the camera is taken
 * whenever it could); `null`: it does not fly over in time.
 */
export const earliestLook = (
  satellite: LookSatellite,
  timeline: LookTimeline,
  request: FollowRequest,
  toldAt: Instant,
): { readonly choice: Choice | null } | null => {
  const { agility, satellite: id } = satellite;
  const opportunities = passesOver(satellite, request, instant(Math.max(request.takenAt, toldAt)));
  if (opportunities.length === 0) return null;
  const look: LookRequest = {
    id: request.id,
    area: request.area,
    value: 1,
    deadline: request.until,
    landBy: null,
    bytes: request.bytes,
    opportunities,
  };
  let best: Choice | null = null;
  for (const choice of new Choices(0, look, [satellite], new Map([[id, 0]]))) {
    if (best !== null && choice.start >= best.start) continue;
    const before = timeline.directionBefore(choice).direction ?? nadir;
    if (choice.start < toldAt + slewTime(agility, angleBetween(before, choice.direction))) continue;
    if (timeline.obstacle(choice) === null) best = choice;
  }
  return { choice: best };
};
