import { orderCapacity, orderTime } from "../../pipeline/link/rate/uplink-share.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import { bytes, instant, later, type Bytes, type Instant } from "../../pipeline/units.ts";

/** An order on its way through light and air, and what both ends need with it, at most; s. */
const underWay = 0.1;

/** The uplinks of a mission, and what of them is spoken for. */
export interface UplinkPlan {
  /** When an order is on board of a satellite, if it goes up in the first contact with room and nothing is lost; `null`: never before `until`. */
  readonly onBoard: (order: Order, satellite: string, size: Bytes, until: Instant) => Instant | null;
  /** Speaks for the room that the order takes there. */
  readonly book: (order: Order, satellite: string, size: Bytes, until: Instant) => void;
  /** All that the satellite's contacts can bring up from an order's issue to `until`, spoken for or not. */
  readonly capacity: (order: Order, satellite: string, until: Instant) => Bytes;
}

/** The uplinks of contacts that are locked. Orders are planned most urgent first, so what is booked goes before. */
export const planUplinks = (contacts: readonly Contact[], protection: LinkProtection): UplinkPlan => {
  const bySatellite = new Map<string, Contact[]>();
  for (const contact of contacts) {
    if (contact.lockedAt >= contact.los) continue;
    bySatellite.set(contact.satellite, [...(bySatellite.get(contact.satellite) ?? []), contact]);
  }
  const booked = new Map<string, number>();
  const usable = ({ issuedAt }: Order, satellite: string, until: Instant): readonly Contact[] =>
    (bySatellite.get(satellite) ?? []).filter(
      ({ lockedAt, backhaul }) => lockedAt - backhaul >= issuedAt && lockedAt < until,
    );
  const roomIn = (contact: Contact): number =>
    orderCapacity(contact, protection) - (booked.get(contact.id) ?? 0);
  const firstWithRoom = (order: Order, satellite: string, size: Bytes, until: Instant): Contact | null =>
    usable(order, satellite, until).find((contact) => roomIn(contact) >= size) ?? null;
  return {
    onBoard: (order, satellite, size, until) => {
      const contact = firstWithRoom(order, satellite, size, until);
      if (contact === null) return null;
      const before = bytes((booked.get(contact.id) ?? 0) + size);
      const at = later(contact.lockedAt, orderTime(contact, protection, before));
      return at + underWay < until ? instant(at + underWay) : null;
    },
    book: (order, satellite, size, until) => {
      const contact = firstWithRoom(order, satellite, size, until);
      if (contact !== null) booked.set(contact.id, (booked.get(contact.id) ?? 0) + size);
    },
    capacity: (order, satellite, until) =>
      bytes(
        usable(order, satellite, until).reduce((sum, contact) => sum + orderCapacity(contact, protection), 0),
      ),
  };
};
