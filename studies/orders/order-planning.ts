import type { LookOrbit } from "../../planning/looks/opportunity.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { OrderPlan, PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import type { OrderRefusal, RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import type { ReadOrders } from "../../pipeline/orders/order-reading.ts";
import { orderBytes } from "../../pipeline/orders/order-wire.ts";
import { byUrgency, uploadOf, type Order, type OrderNamed } from "../../pipeline/orders/order.ts";
import { formatBytes, someOf } from "../../pipeline/format.ts";
import { bytes, formatInstant, instant, type Bytes, type Instant } from "../../pipeline/units.ts";
import { scenesOver } from "./look-scene.ts";
import { planLookOrders, type LookMission } from "./look-planning.ts";
import { planUplinks, type UplinkPlan } from "./uplink-plan.ts";

/** What orders are planned for. */
export interface OrderMission extends LookMission {
  /** Acquisitions of the schedule before those that orders add. */
  readonly scheduled: number;
  /** Why the signature of an order does not hold; `null`: it does, or nobody asks for one. */
  readonly verify: (order: Order) => OrderRefusal | null;
}

/** The orders as they are to go up, and the acquisitions that they become: at the end of the schedule, most urgent first. */
export interface PlannedOrders {
  readonly plan: OrderPlan;
  readonly acquisitions: readonly Acquisition[];
}

type Fate =
  | { readonly satellite: string; readonly look: Pick<Acquisition, "scene" | "at" | "slew"> | null }
  | { readonly refused: OrderRefusal };

const refuse = (field: string, wanted: string, got: string): Fate => ({ refused: { field, wanted, got } });

/** What an order and what follows it take of the uplink. */
const sizeOf = (order: Order, protection: LinkProtection): Bytes =>
  bytes(orderBytes([order], protection) + uploadOf(order));

/**
 * Decides before the mission what becomes of each order: refuses those that nobody can do, plans all looks together, and speaks for the uplink, most urgent
 * first. Contacts have room for so much; what is planned earlier is booked.
 */
export const planOrders = ({ orders, refused }: ReadOrders, mission: OrderMission): PlannedOrders => {
  const { contacts, protection, satellites } = mission;
  const { from, to } = contacts;
  const uplinks = planUplinks(contacts.contacts, protection);
  const orbits = satellites.map((satellite) => ({
    satellite: satellite.id,
    ephemeris: ephemerisOf(satellite, from, to),
  }));
  const planned: PlannedOrder[] = [];
  const acquisitions: Acquisition[] = [];
  const more: RefusedOrder[] = [];
  const urgent = orders.toSorted(byUrgency);
  const early = new Map(urgent.map((order) => [order.id, refusalOf(order, mission, uplinks, orbits)]));
  const looks = urgent.filter((order) => order.kind === "look" && early.get(order.id) === null);
  const looked = planLookOrders(looks as readonly OrderNamed<"look">[], mission, uplinks, orbits);
  for (const order of urgent) {
    if (order.kind === "cue" && mission.drawn !== undefined) {
      more.push({
        id: order.id,
        field: "kind",
        wanted: "a mission with pixels, in which models see",
        got: "cue",
      });
      continue;
    }
    if (order.kind === "cue" && early.get(order.id) === null) {
      // Whoever sees something is to know of it.
      const until = instant(Math.min(order.deadline, to));
      const size = sizeOf(order, protection);
      for (const { satellite } of orbits) {
        if (uplinks.onBoard(order, satellite, size, until) === null) continue;
        uplinks.book(order, satellite, size, until);
        planned.push({ order, satellite, acquisition: null });
      }
      continue;
    }
    const fate = early.get(order.id) ?? fateOf(order, mission, uplinks, orbits, looked);
    if ("refused" in fate) {
      more.push({ id: order.id, ...fate.refused });
      continue;
    }
    const { satellite, look } = fate;
    const until = look?.at ?? instant(Math.min(order.deadline, to));
    uplinks.book(order, satellite, sizeOf(order, protection), until);
    const index = mission.scheduled + acquisitions.length;
    if (look !== null) acquisitions.push({ index, satellite, ...look, order: order.id });
    planned.push({ order, satellite, acquisition: look === null ? null : index });
  }
  return { plan: { planned, refused: [...refused, ...more] }, acquisitions };
};

/** Why nobody can do an order, whatever the others are; `null`: somebody may. */
const refusalOf = (
  order: Order,
  mission: OrderMission,
  uplinks: UplinkPlan,
  orbits: readonly LookOrbit[],
): Fate | null => {
  const { contacts, protection } = mission;
  const ids = orbits.map(({ satellite }) => satellite);
  if (order.to !== null && !ids.includes(order.to))
    return refuse("to", `a satellite of the mission: ${someOf(ids)}`, order.to);
  if (order.issuedAt >= contacts.to)
    return refuse(
      "at",
      `before the mission ends, ${formatInstant(contacts.to)}`,
      formatInstant(order.issuedAt),
    );
  const unsigned = mission.verify(order);
  if (unsigned !== null) return { refused: unsigned };
  const until = instant(Math.min(order.deadline, contacts.to));
  const size = sizeOf(order, protection);
  const most = Math.max(...reachableOf(order, orbits).map((id) => uplinks.capacity(order, id, until)));
  if (most === 0)
    return refuse(
      "deadline",
      "a contact with a satellite between the order and its deadline",
      formatInstant(until),
    );
  if (size > most)
    return refuse(
      "size",
      `at most ${formatBytes(most)}, which the uplink brings up by then`,
      formatBytes(size),
    );
  return null;
};

const reachableOf = ({ to }: Order, orbits: readonly LookOrbit[]): readonly string[] =>
  orbits.map(({ satellite }) => satellite).filter((id) => to === null || id === to);

/** Pixels come from whoever has taken them by the time that the order is on board; whether they are still there, only that one knows. */
const holderOf = (
  { body: { bbox } }: OrderNamed<"pixels">,
  heard: readonly { readonly satellite: string; readonly at: Instant }[],
  { scenes, schedule, drawn }: OrderMission,
): Fate => {
  const shown = new Set(drawn === undefined ? scenesOver(bbox, scenes).map(({ id }) => id) : [drawn]);
  const images = schedule.filter(({ scene }) => shown.has(scene));
  const [holder] = heard
    .filter(({ satellite, at }) => images.some((one) => one.satellite === satellite && one.at < at))
    .toSorted((a, b) => a.at - b.at);
  if (holder !== undefined) return { satellite: holder.satellite, look: null };
  const [image] = images.toSorted((a, b) => a.at - b.at);
  const got =
    image === undefined
      ? "nobody takes one"
      : `${image.satellite} at ${formatInstant(image.at)} the first, and no contact brings the order up behind it`;
  return refuse("bbox", "an area that a satellite has an image of once the order is on board", got);
};

const fateOf = (
  order: Order,
  mission: OrderMission,
  uplinks: UplinkPlan,
  orbits: readonly LookOrbit[],
  looked: ReadonlyMap<string, Fate>,
): Fate => {
  const { contacts, protection } = mission;
  const until = instant(Math.min(order.deadline, contacts.to));
  const size = bytes(orderBytes([order], protection));
  const full = refuse("deadline", "room on the uplink before it", formatInstant(until));
  if (order.kind === "look") {
    const fate = looked.get(order.id) ?? full;
    if ("refused" in fate || fate.look === null) return fate;
    // More urgent orders may have the room that it was planned with.
    return uplinks.onBoard(order, fate.satellite, size, fate.look.at) === null ? full : fate;
  }
  // What is for no satellite in particular goes to the one that hears of it first.
  const heard = reachableOf(order, orbits).flatMap((satellite) => {
    const at = uplinks.onBoard(order, satellite, size, until);
    return at === null ? [] : [{ satellite, at }];
  });
  if (order.kind === "pixels" && heard.length > 0) return holderOf(order, heard, mission);
  const [first] = heard.toSorted((a, b) => a.at - b.at);
  return first === undefined ? full : { satellite: first.satellite, look: null };
};
