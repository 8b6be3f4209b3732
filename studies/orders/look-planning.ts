import { agilityOf } from "../../operators/presets/agility.ts";
import { boxArea } from "../../planning/looks/look-area.ts";
import type { LookRequest, LookSatellite, TakenTime } from "../../planning/looks/look-choice.ts";
import { planLooks, type LookPlan, type UnplannedLook } from "../../planning/looks/look-plan.ts";
import { nearestMiss, type NearMiss } from "../../planning/looks/near-miss.ts";
import {
  directionAt,
  longestDwell,
  opportunitiesOf,
  pointingAt,
  type LookOrbit,
  type Opportunity,
} from "../../planning/looks/opportunity.ts";
import type { CameraReach } from "../../planning/overflight.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import { nadir, offNadirOf, type Direction } from "../../pipeline/orbit/pointing.ts";
import { geodeticToEcef } from "../../pipeline/orbit/reference-frame.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import { slewTime } from "../../pipeline/orbit/slew.ts";
import { orbitalPeriod } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { OrderRefusal } from "../../pipeline/orders/order-answer.ts";
import { lastPriority } from "../../pipeline/orders/order-bounds.ts";
import { orderBytes } from "../../pipeline/orders/order-wire.ts";
import type { OrderNamed } from "../../pipeline/orders/order.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { someOf } from "../../pipeline/format.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import {
  bytes,
  degrees,
  formatInstant,
  instant,
  later,
  metres,
  seconds,
  type Instant,
} from "../../pipeline/units.ts";
import { sceneFor } from "./look-scene.ts";
import type { UplinkPlan } from "./uplink-plan.ts";

/** What looks are planned for. */
export interface LookMission {
  readonly satellites: readonly Satellite[];
  readonly spacecraft: Spacecraft;
  readonly contacts: ContactPlan;
  readonly protection: LinkProtection;
  readonly camera: CameraReach;
  /** The scenes whose pixels stand for looks. */
  readonly scenes: readonly Scene[];
  /** What a look at any area is called where its work is drawn, not done on pixels; absent: a scene must show the area. */
  readonly drawn?: string;
  /** Acquisitions that have the camera already. */
  readonly schedule: readonly Acquisition[];
}

/** Who takes a look and when, or why nobody does. */
export type LookFate =
  | {
      readonly satellite: string;
      readonly look: Pick<Acquisition, "scene" | "at" | "slew">;
    }
  | { readonly refused: OrderRefusal };

type Look = OrderNamed<"look">;

/** A step of priority is worth two looks of the next. */
const worthOf = ({ priority }: Look): number => 2 ** (lastPriority - priority);

/** Of a camera that does not say how much of its orbits it images: some ten minutes an orbit. */
const usualDuty = 0.1;
/** An acquisition of the schedule has the camera so long. */
const scheduledTime = seconds(2);

const refuse = (field: string, wanted: string, got: string): LookFate => ({
  refused: { field, wanted, got },
});

/** Where the camera points at an acquisition of the schedule: at the middle of its scene, or straight down where that has no place or is out of reach. */
const scheduledDirection = (
  { scene, at }: Acquisition,
  { ephemeris }: LookOrbit,
  { scenes, camera }: Pick<LookMission, "scenes" | "camera">,
): Direction => {
  const shown = scenes.find(({ id }) => id === scene);
  if (shown === undefined || shown.georeference === null) return nadir;
  const [longitude, latitude] = pixelToLonLat(shown.georeference, shown.width / 2, shown.height / 2);
  const place = { longitude: degrees(longitude), latitude: degrees(latitude) };
  const centre = geodeticToEcef({ ...place, altitude: metres(0) });
  const direction = directionAt(ephemeris, at - ephemeris.from, centre);
  return offNadirOf(direction) > camera.offNadir
    ? nadir
    : pointingAt(ephemeris, at, { ...place, centre, corners: [] }, camera);
};

/** A satellite with what stands in its camera's timeline already. */
export const lookSatellite = (
  orbit: LookOrbit,
  satellite: Satellite,
  schedule: readonly Acquisition[],
  mission: Pick<LookMission, "spacecraft" | "camera" | "scenes">,
): LookSatellite => {
  const { spacecraft, camera } = mission;
  const period = orbitalPeriod(satellite);
  const taken = schedule
    .toSorted((a, b) => a.at - b.at)
    .map((one): TakenTime => ({
      from: one.at,
      to: later(one.at, scheduledTime),
      direction: scheduledDirection(one, orbit, mission),
      bytes: bytes(0),
    }));
  return {
    ...orbit,
    camera,
    agility: agilityOf(spacecraft).agility,
    duty: { seconds: seconds((spacecraft.camera.duty ?? usualDuty) * period), period },
    store: { capacity: bytes(Infinity), level: bytes(0) },
    drains: [],
    taken,
  };
};

/** What planned looks take of a camera's time. */
const takenBy = ({ looks }: LookPlan, satellite: string): readonly TakenTime[] =>
  looks
    .filter((look) => look.satellite === satellite)
    .map(({ start, end, direction }) => ({ from: start, to: end, direction, bytes: bytes(0) }));

const missText = (miss: NearMiss | null, reach: number, { sunAbove }: CameraReach): string => {
  if (miss === null) return "no satellite over its horizon by then";
  const { satellite, at, offNadir, sun, reason } = miss;
  const best = `${satellite} at ${formatInstant(at)}`;
  switch (reason) {
    case "reach":
      return `${offNadir.toFixed(1)}° off the vertical at the least (${best}), beyond ${reach}°`;
    case "light":
      return `the Sun ${sun.toFixed(1)}° high at best (${best}), below ${sunAbove ?? 0}°`;
    case "width":
      return `no part of it inside one strip (${best})`;
    case "length":
      return `longer than one look of ${longestDwell} s (${best}): order it in parts`;
  }
};

const unplannedFate = ({ why, rivals }: UnplannedLook, by: string): LookFate => {
  const free = `a moment by ${by} at which a camera is free`;
  switch (why) {
    case "looks":
      return refuse("priority", free, rivals.length === 0 ? "other looks" : `looks for ${someOf(rivals)}`);
    case "duty":
      return refuse("priority", free, "cameras that have imaged as long as they may in an orbit");
    default:
      return refuse("deadline", free, "looks that are worth more");
  }
};

/**
 * Plans all looks of a mission together (`planLooks`): each in a pass in which its area is within reach and light, after it can be on board and the
 * camera has turned, and beside the schedule's acquisitions and each other. Fates by the ids of orders; each refusal says what is in the way.
 */
export const planLookOrders = (
  looks: readonly Look[],
  mission: LookMission,
  uplinks: UplinkPlan,
  orbits: readonly LookOrbit[],
): ReadonlyMap<string, LookFate> => {
  const { camera, contacts, protection, scenes, spacecraft } = mission;
  const { agility } = agilityOf(spacecraft);
  const fates = new Map<string, LookFate>();
  const requests: LookRequest[] = [];
  const sceneOf = new Map<string, string>();
  for (const order of looks) {
    const { bbox, maxOffNadir } = order.body;
    const scene = mission.drawn ?? sceneFor(bbox, scenes)?.id ?? null;
    if (scene === null) {
      fates.set(order.id, refuse("bbox", "an area that a scene of the dataset shows", bbox.join(",")));
      continue;
    }
    const reading = boxArea(bbox);
    if (!("area" in reading)) {
      fates.set(order.id, refuse("bbox", reading.wanted, reading.got));
      continue;
    }
    const until = instant(Math.min(order.deadline, contacts.to));
    const by = formatInstant(until);
    const fliers = orbits.filter(({ satellite }) => order.to === null || satellite === order.to);
    const wanted = { area: reading.area, camera, maxOffNadir, from: order.issuedAt, to: until };
    const found = fliers.flatMap((orbit) => opportunitiesOf(orbit, wanted));
    if (found.length === 0) {
      const misses = fliers.flatMap((orbit) => nearestMiss(orbit, wanted) ?? []);
      const closest = misses.toSorted((a, b) => a.offNadir - b.offNadir);
      const miss = closest.find(({ reason }) => reason !== "reach") ?? closest[0] ?? null;
      const reach = Math.min(camera.offNadir, maxOffNadir ?? Infinity);
      fates.set(
        order.id,
        refuse("bbox", `an area that a satellite's camera covers by ${by}`, missText(miss, reach, camera)),
      );
      continue;
    }
    const size = orderBytes([order], protection);
    const turn = slewTime(agility, degrees(camera.offNadir));
    const told = found.flatMap((one): readonly Opportunity[] => {
      const at = uplinks.onBoard(order, one.satellite, size, one.until);
      const from = instant(Math.max(one.from, at === null ? Infinity : later(at, turn)));
      if (from > one.until) return [];
      return [{ ...one, from, best: instant(Math.max(from, one.best)) }];
    });
    if (told.length === 0) {
      const [first] = found.toSorted((a, b) => a.from - b.from);
      const soonest = first === undefined ? by : `${first.satellite} over it at ${formatInstant(first.from)}`;
      fates.set(
        order.id,
        refuse(
          "deadline",
          `a contact before one of ${found.length} overflights by ${by}`,
          `${soonest}, told later`,
        ),
      );
      continue;
    }
    sceneOf.set(order.id, scene);
    requests.push({
      id: order.id,
      area: reading.area,
      value: worthOf(order),
      deadline: until,
      landBy: null,
      bytes: bytes(0),
      opportunities: told,
    });
  }
  const orbitOf = new Map(mission.satellites.map((satellite) => [satellite.id, satellite]));
  const schedules = new Map<string, Acquisition[]>(orbits.map(({ satellite }) => [satellite, []]));
  for (const one of mission.schedule) schedules.get(one.satellite)?.push(one);
  const satellites = orbits.flatMap((orbit) => {
    const satellite = orbitOf.get(orbit.satellite);
    return satellite === undefined
      ? []
      : [lookSatellite(orbit, satellite, schedules.get(orbit.satellite) ?? [], mission)];
  });
  const first = planLooks(requests, satellites);
  // The schedule turns its camera in no time: where it leaves a look no moment at all, the look is taken beside it, and beside the other looks.
  const crowded = new Set(first.unplanned.flatMap(({ order, why }) => (why === "taken" ? [order] : [])));
  const second = planLooks(
    requests.filter(({ id }) => crowded.has(id)),
    satellites.map((satellite) => ({ ...satellite, taken: takenBy(first, satellite.satellite) })),
  );
  const plan = {
    looks: [...first.looks, ...second.looks],
    unplanned: [...first.unplanned.filter(({ order }) => !crowded.has(order)), ...second.unplanned],
  };
  for (const { order, satellite, start, slew } of plan.looks) {
    const turn = slew.time > 0 ? { slew: { seconds: slew.time, energy: slew.energy } } : {};
    fates.set(order, { satellite, look: { scene: sceneOf.get(order) ?? "", at: roundedUp(start), ...turn } });
  }
  const deadlines = new Map(requests.map(({ id, deadline }) => [id, deadline]));
  for (const one of plan.unplanned) {
    fates.set(one.order, unplannedFate(one, formatInstant(deadlines.get(one.order) as Instant)));
  }
  return fates;
};

/** Times of acquisitions go to the millisecond. */
const roundedUp = (t: Instant): Instant => instant(Math.ceil(t * 1000) / 1000);
