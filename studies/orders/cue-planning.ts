import { agilityOf } from "../../operators/presets/agility.ts";
import { followTips, type Tip } from "../../planning/cues/cue-plan.ts";
import { earliestLook, type FollowRequest } from "../../planning/cues/earliest-look.ts";
import { indexLinks } from "../../planning/cues/knowledge.ts";
import { boxArea, type LookArea } from "../../planning/looks/look-area.ts";
import type { Choice, LookSatellite } from "../../planning/looks/look-choice.ts";
import { LookTimeline } from "../../planning/looks/look-timeline.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import { telecommandBytes } from "../../pipeline/link/transfer/turn-report.ts";
import type { CuePlanner, GroundFollow, PlacedLook } from "../../pipeline/mission/cue-planner.ts";
import type { CueTip } from "../../pipeline/mission/cue-tips.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { angleBetween } from "../../pipeline/orbit/pointing.ts";
import { slewTime } from "../../pipeline/orbit/slew.ts";
import { encodeOrder, orderBytes } from "../../pipeline/orders/order-wire.ts";
import type { Order, OrderNamed } from "../../pipeline/orders/order.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import {
  bytes,
  formatInstant,
  instant,
  joules,
  seconds,
  type Bytes,
  type Instant,
} from "../../pipeline/units.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import { lookSatellite } from "./look-planning.ts";
import { sceneFor } from "./look-scene.ts";
import { planUplinks } from "./uplink-plan.ts";

/** A batch of one image's detections, as a plan takes it; how long it is in truth is known only later. */
const usualBatch = bytes(2000);
/** From the end of a look until the model has been through it, as a plan takes it. */
const usualWork = seconds(2);

const upTo = (t: number): Instant => instant(Math.ceil(t * 1000) / 1000);
const downTo = (t: number): Instant => instant(Math.floor(t * 1000) / 1000);

/** The look at a tip, as it goes up; its times to the millisecond. */
const lookFor = (
  tip: CueTip,
  { tenant, priority, to }: OrderNamed<"cue">,
  now: Instant,
): OrderNamed<"look"> => ({
  id: tip.id,
  tenant,
  to,
  issuedAt: upTo(now),
  deadline: downTo(tip.until),
  priority,
  signature: null,
  kind: "look",
  body: { bbox: tip.bbox, maxOffNadir: null },
});

const areaOf = ({ bbox }: CueTip): LookArea | null => {
  const read = boxArea(bbox);
  return "area" in read ? read.area : null;
};

/** How the tips of a run are followed. `sign`: how mission control signs what it orders. */
export const cuePlannerOf = (
  plan: RunPlan,
  scenes: readonly Scene[],
  sign: <Signed extends Order>(order: Signed) => Signed = (order) => order,
): CuePlanner => {
  const { orbits, spacecraft, contacts, mesh, rate, protection } = plan;
  const { from, to } = contacts;
  const camera = cameraReach(spacecraft.camera).reach;
  const { agility } = agilityOf(spacecraft);
  const flown = scenes.filter(({ id }) => plan.bands[id] !== undefined);
  const fliers = orbits.map((satellite) => ({
    satellite,
    orbit: { satellite: satellite.id, ephemeris: ephemerisOf(satellite, from, to) },
  }));
  const busy = (known: readonly Acquisition[], ids: readonly string[]): readonly LookSatellite[] =>
    fliers
      .filter(({ satellite: { id } }) => ids.includes(id))
      .map(({ satellite, orbit }) => {
        const own = known.filter((one) => one.satellite === satellite.id);
        return lookSatellite(orbit, satellite, own, { spacecraft, camera, scenes: flown });
      });
  const all = orbits.map(({ id }) => id);
  const free = busy([], all).map((one) => ({ ...one, duty: { ...one.duty, seconds: seconds(Infinity) } }));
  const links = indexLinks({
    contacts,
    rate,
    crosslinks:
      mesh === null || spacecraft.crosslink === null
        ? null
        : { plan: mesh.crosslinks, rate: spacecraft.crosslink.rate },
  });
  const uplinks = planUplinks(contacts.contacts, protection);
  const tipBytes = tipLength();
  const result = framedSize(usualBatch, 1, protection);
  const requestOf = (tip: CueTip, area: LookArea): FollowRequest => ({ ...tip, area, bytes: bytes(0) });
  /** Another image of the place before the one in which it was seen. */
  const sceneOf = (tip: CueTip): string | null => {
    const others = flown.filter(({ id }) => id !== tip.scene);
    const own = flown.filter(({ id }) => id === tip.scene);
    return sceneFor(tip.bbox, [...others, ...own])?.id ?? null;
  };
  const placed = (tip: CueTip, choice: Choice, timeline: LookTimeline): PlacedLook | null => {
    const scene = sceneOf(tip);
    if (scene === null) return null;
    const turn = slewTime(
      agility,
      angleBetween(timeline.directionBefore(choice).direction, choice.direction),
    );
    const slew = { seconds: turn, energy: joules(turn * agility.power) };
    return { scene, at: upTo(choice.start), ...(turn > 0 ? { slew } : {}) };
  };
  return {
    tipBytes,
    wayOf(tip, cue) {
      const area = areaOf(tip);
      if (area === null) return null;
      const ideal: Tip = { ...tip, area };
      const [outcome] = followTips([ideal], {
        by: cue.body.by,
        within: seconds(tip.until - tip.takenAt),
        satellites: free.filter(({ satellite }) => cue.to === null || satellite === cue.to),
        links,
        cue: { down: result, up: orderBytes([lookFor(tip, cue, tip.readyAt)], protection), across: tipBytes },
        result: { down: result, up: tipBytes, across: usualBatch },
        processing: usualWork,
        bytes: bytes(0),
      });
      const look = outcome?.look ?? null;
      if (look === null) return null;
      const hops = look.way.map(({ link, from: source, to: next, sentAt, at }) => ({
        link,
        from: source,
        to: next,
        sentAt,
        at,
      }));
      const { satellite, route, toldAt } = look;
      return { satellite, route, toldAt, hops: route === "crosslinks" ? hops : [] };
    },
    place(tip, satellite, toldAt, known) {
      const area = areaOf(tip);
      const [flier] = busy(known, [satellite]);
      if (area === null || flier === undefined) return null;
      const timeline = new LookTimeline(flier);
      const choice = earliestLook(flier, timeline, requestOf(tip, area), toldAt)?.choice ?? null;
      return choice === null ? null : placed(tip, choice, timeline);
    },
    order(tip, cue, now, known): GroundFollow {
      const refuse = (field: string, wanted: string, got: string): GroundFollow => ({
        refused: { field, wanted, got },
      });
      const area = areaOf(tip);
      const bare = lookFor(tip, cue, now);
      const by = formatInstant(tip.until);
      if (area === null || bare.deadline <= bare.issuedAt)
        return refuse("deadline", `the tip at the mission centre before ${by}`, formatInstant(now));
      const order = sign(bare);
      const size = orderBytes([order], protection);
      let best: {
        readonly satellite: string;
        readonly choice: Choice;
        readonly timeline: LookTimeline;
      } | null = null;
      let [flies, hears] = [false, false];
      for (const flier of busy(known, all)) {
        const { satellite } = flier;
        if (cue.to !== null && satellite !== cue.to) continue;
        if (cue.body.by === "other" && satellite === tip.satellite) continue;
        const request = requestOf(tip, area);
        const timeline = new LookTimeline(flier);
        const toldAt = uplinks.onBoard(order, satellite, size, tip.until);
        if (toldAt === null) {
          flies ||= earliestLook(flier, timeline, request, now) !== null;
          continue;
        }
        const found = earliestLook(flier, timeline, request, toldAt);
        flies ||= found !== null;
        hears ||= found !== null;
        const choice = found?.choice ?? null;
        if (choice !== null && (best === null || choice.start < best.choice.start))
          best = { satellite, choice, timeline };
      }
      const chosen = best as { satellite: string; choice: Choice; timeline: LookTimeline } | null;
      const look = chosen === null ? null : placed(tip, chosen.choice, chosen.timeline);
      if (chosen !== null && look !== null) return { order, satellite: chosen.satellite, look };
      if (hears)
        return refuse("priority", `a moment by ${by} at which a camera is free`, "cameras that are taken");
      if (flies)
        return refuse("deadline", `a contact before an overflight by ${by}`, "overflights told too late");
      return refuse("bbox", `an area that a satellite's camera covers by ${by}`, "nobody flies over");
    },
  };
};

/** A tip from satellite to satellite, as an order for a look has it. */
const tipLength = (): Bytes => {
  const [at, deadline] = [instant(1_786_000_000), instant(1_786_005_400)];
  const head = { id: "x".repeat(24), tenant: "mission", to: null, issuedAt: at, deadline, priority: 1 };
  const body = { bbox: [5.2, 43.2, 5.25, 43.25], maxOffNadir: null } as const;
  return telecommandBytes(encodeOrder({ ...head, signature: null, kind: "look", body }).length + 1);
};
