import type { CameraReach } from "../../planning/overflight.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { OrderPlan, PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { OrderRefusal, RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import type { ReadOrders } from "../../pipeline/orders/order-reading.ts";
import { orderBytes } from "../../pipeline/orders/order-wire.ts";
import { byUrgency, uploadOf, type Order, type OrderNamed } from "../../pipeline/orders/order.ts";
import { formatBytes, someOf } from "../../pipeline/format.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { bytes, degrees, formatInstant, instant, type Bytes } from "../../pipeline/units.ts";
import { lookOptions } from "./look-options.ts";
import { sceneFor } from "./look-scene.ts";
import { planUplinks, type UplinkPlan } from "./uplink-plan.ts";

/** What orders are planned for. */
export interface OrderMission {
  readonly satellites: readonly Satellite[];
  readonly contacts: ContactPlan;
  readonly protection: LinkProtection;
  readonly camera: CameraReach;
  /** The scenes whose pixels stand for looks. */
  readonly scenes: readonly Scene[];
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
  | { readonly satellite: string; readonly look: Pick<Acquisition, "scene" | "at"> | null }
  | { readonly refused: OrderRefusal };

const refuse = (field: string, wanted: string, got: string): Fate => ({ refused: { field, wanted, got } });

/** What an order and what follows it take of the uplink. */
const sizeOf = (order: Order, protection: LinkProtection): Bytes =>
  bytes(orderBytes([order], protection) + uploadOf(order));

/**
 * Decides before the mission what becomes of each order, most urgent first: refuses those that nobody can do, and gives each look to the satellite that
 * flies over its area first of those that can be told in time. Contacts have room for so much; what is planned earlier is booked.
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
  for (const order of orders.toSorted(byUrgency)) {
    const fate = fateOf(order, mission, uplinks, orbits);
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

type Orbits = Parameters<typeof lookOptions>[2];

const fateOf = (order: Order, mission: OrderMission, uplinks: UplinkPlan, orbits: Orbits): Fate => {
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
  const reachable = ids.filter((id) => order.to === null || id === order.to);
  const size = sizeOf(order, protection);
  const most = Math.max(...reachable.map((id) => uplinks.capacity(order, id, until)));
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
  if (order.kind === "look") return lookFate(order, mission, uplinks, orbits);
  // What is for no satellite in particular goes to the one that hears of it first.
  const heard = reachable.flatMap((satellite) => {
    const at = uplinks.onBoard(order, satellite, bytes(orderBytes([order], protection)), until);
    return at === null ? [] : [{ satellite, at }];
  });
  const [first] = heard.toSorted((a, b) => a.at - b.at);
  return first === undefined
    ? refuse("deadline", "room on the uplink before it", formatInstant(until))
    : { satellite: first.satellite, look: null };
};

const lookFate = (
  order: OrderNamed<"look">,
  { contacts, protection, camera, scenes }: OrderMission,
  uplinks: UplinkPlan,
  orbits: Orbits,
): Fate => {
  const { bbox, maxOffNadir } = order.body;
  const area = bbox.join(",");
  const scene = sceneFor(bbox, scenes);
  if (scene === null) return refuse("bbox", "an area that a scene of the dataset shows", area);
  const until = instant(Math.min(order.deadline, contacts.to));
  const reach = { ...camera, offNadir: degrees(Math.min(camera.offNadir, maxOffNadir ?? Infinity)) };
  const fliers = orbits.filter(({ satellite }) => order.to === null || satellite === order.to);
  const options = lookOptions(bbox, reach, fliers, { from: order.issuedAt, to: until });
  const by = formatInstant(until);
  if (options.length === 0)
    return refuse("bbox", `an area that a satellite's camera covers by ${by}`, `${area}, which none does`);
  const size = orderBytes([order], protection);
  const told = options.find(({ satellite, at }) => uplinks.onBoard(order, satellite, size, at) !== null);
  if (told !== undefined) return { satellite: told.satellite, look: { scene: scene.id, at: told.at } };
  const [first] = options;
  const soonest = first === undefined ? by : `${first.satellite} over it at ${formatInstant(first.at)}`;
  return refuse(
    "deadline",
    `a contact before one of ${options.length} overflights by ${by}`,
    `${soonest}, told later`,
  );
};
