import { orderCapacity } from "../../pipeline/link/rate/uplink-share.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { ToldAnswers } from "../../pipeline/orders/order-answers-wire.ts";
import { orderBytes, type HeardOrders } from "../../pipeline/orders/order-wire.ts";
import type { OrderPlace, PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";
import { byUrgency, type Order } from "../../pipeline/orders/order.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { instant, later, type Instant } from "../../pipeline/units.ts";

/** What of a plan the desk decides by. */
export type DeskPlan = Pick<RunPlan, "contacts" | "acquisitions" | "orders" | "protection" | "errors">;

interface Pending {
  readonly order: Order;
  /** One that the satellite's schedule does not have, and that goes up behind the order. */
  readonly acquisition: Acquisition | null;
  /** When its acquisition is taken, which it must be on board for; `null` for an order that is none. */
  readonly takenAt: Instant | null;
  /** When it was planned; what leaves the centre before does not have it. */
  readonly from: Instant;
  /** What must be done before it goes up. */
  readonly after: readonly OrderPlace[];
}

/** The same order may be for several satellites. */
const keyOf = (satellite: string, order: string): string => JSON.stringify([satellite, order]);

/**
 * Decides with which contact an order goes up: the first with its satellite that opens after the order was issued, is before its deadline and
 * its acquisition, and has room, the most urgent first; and again with the next until the satellite has acknowledged it. In a contact that is locked while the
 * station is out nothing goes up. What goes up follows from the plan and from what earlier contacts with the same satellite brought down, and of an order that waits for
 * others, from what those with their satellites did; and from nothing else.
 */
export class OrderDesk {
  readonly #plan: DeskPlan;
  readonly #contacts: ReadonlyMap<string, Contact>;
  /** By satellite, most urgent first. */
  readonly #pending = new Map<string, readonly Pending[]>();
  /** When the centre had the first answer of a satellite to an order, and what it was. */
  readonly #answers = new Map<string, { readonly knownAt: Instant; readonly answer: OrderAnswer }>();

  /** When the centre had it that a satellite has done an order. */
  readonly #doneAt = new Map<string, Instant>();

  constructor(plan: DeskPlan) {
    this.#plan = plan;
    this.#contacts = new Map(plan.contacts.contacts.map((contact) => [contact.id, contact]));
    for (const { order, satellite, acquisition, after = [] } of plan.orders?.planned ?? []) {
      const takenAt = acquisition === null ? null : (plan.acquisitions[acquisition]?.at ?? null);
      const known = this.#pending.get(satellite) ?? [];
      const pending = { order, acquisition: null, takenAt, from: order.issuedAt, after };
      this.#pending.set(satellite, [...known, pending]);
    }
    for (const [satellite, pending] of this.#pending)
      this.#pending.set(
        satellite,
        pending.toSorted((a, b) => byUrgency(a.order, b.order)),
      );
  }

  /** Takes in an order that is given, or planned anew, in flight at `from`, with the acquisition that it becomes. */
  add(
    { order, satellite }: PlannedOrder,
    acquisition: Acquisition | null,
    from: Instant = order.issuedAt,
  ): void {
    const pending = { order, acquisition, takenAt: acquisition?.at ?? null, from, after: [] };
    const known = this.#pending.get(satellite) ?? [];
    this.#pending.set(
      satellite,
      [...known, pending].toSorted((a, b) => byUrgency(a.order, b.order)),
    );
  }

  /** The contact of that id, which has opened, and what goes up in it. Throws `RangeError` for one that is not in the plan. */
  ordersAt(id: string): HeardOrders & { readonly contact: Contact } {
    const contact = this.#contacts.get(id);
    if (contact === undefined) throw new RangeError(`contact ${id} is not in the plan`);
    const { satellite, station, lockedAt, backhaul } = contact;
    // What the station is to send up as soon as it can has left the centre by then.
    const decidedAt = instant(lockedAt - backhaul);
    const { protection, errors } = this.#plan;
    const isOut = errors.outages.some(
      (one) => one.station === station && one.from <= lockedAt && lockedAt < one.to,
    );
    if (isOut) return { contact, orders: [], acquisitions: [] };
    let room: number = orderCapacity(contact, protection);
    const orders: Order[] = [];
    const acquisitions: Acquisition[] = [];
    const isDone = (place: OrderPlace): boolean =>
      (this.#doneAt.get(keyOf(place.satellite, place.order)) ?? Infinity) <= decidedAt;
    for (const { order, acquisition, takenAt, from, after } of this.#pending.get(satellite) ?? []) {
      const isInTime = order.deadline > lockedAt && (takenAt === null || takenAt > lockedAt);
      const isAnswered = (this.#answers.get(keyOf(satellite, order.id))?.knownAt ?? Infinity) <= decidedAt;
      if (from > decidedAt || !isInTime || isAnswered || !after.every(isDone)) continue;
      const size = orderBytes([order], protection);
      if (size > room) continue;
      room -= size;
      orders.push(order);
      if (acquisition !== null) acquisitions.push(acquisition);
    }
    return { contact, orders, acquisitions };
  }

  /** Takes in what came down of answers: an order that is answered does not go up again. */
  answered({ contact: id, answers }: ToldAnswers): void {
    const contact = this.#contacts.get(id);
    if (contact === undefined) return;
    for (const { id: order, toldAt, answer } of answers) {
      const key = keyOf(contact.satellite, order);
      if (answer.answer === "done" && !this.#doneAt.has(key))
        this.#doneAt.set(key, later(toldAt, contact.backhaul));
      if (!this.#answers.has(key))
        this.#answers.set(key, { knownAt: later(toldAt, contact.backhaul), answer });
    }
  }

  /** Whether the centre has any answer of a satellite to an order by `now`. */
  isAnswered(satellite: string, order: string, now: Instant): boolean {
    const said = this.#answers.get(keyOf(satellite, order));
    return said !== undefined && said.knownAt <= now;
  }

  /** Since when a satellite has an order that it accepted, as far as the centre knows by `now`; `null`: it does not know of it. */
  acceptedAt(satellite: string, order: string, now: Instant): Instant | null {
    const said = this.#answers.get(keyOf(satellite, order));
    return said === undefined || said.knownAt > now || said.answer.answer !== "accepted"
      ? null
      : said.answer.at;
  }
}
