import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { OrderRecord, OrderSending, OrdersLedger } from "../../pipeline/mission/ledger.ts";
import type { FlightFact } from "../../pipeline/mission/flight-log.ts";
import type { LinkErrors } from "../../pipeline/mission/run-plan.ts";
import type { OrderAnswer, OrderRefusal } from "../../pipeline/orders/order-answer.ts";
import {
  encodeAnswers,
  type NamedAnswer,
  type ToldAnswers,
} from "../../pipeline/orders/order-answers-wire.ts";
import { acquisitionLength, encodeOrder, type HeardOrders } from "../../pipeline/orders/order-wire.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import {
  bytes,
  formatInstant,
  instant,
  joules,
  seconds,
  watts,
  type Bytes,
  type Instant,
} from "../../pipeline/units.ts";
import type { OrderHandlers } from "./order-handler.ts";
import { flyUplink, totalTime, type RadioTime, type UplinkOutcome } from "./uplink-session.ts";

/** What a satellite needs to hear orders and to answer them. */
export interface OrderPorts {
  /** The orders that the ground sends up in a contact, most urgent first, once it has the answers that came down in the one before (`null`: none did). */
  readonly hear: (contact: Contact, told: ToldAnswers | null) => Promise<HeardOrders>;
  /** Why the signature of an order does not hold; `null`: it does, or nobody asks for one. */
  readonly verify: (order: Order) => OrderRefusal | null;
  readonly handlers: OrderHandlers;
}

/** The link that orders come over. */
export interface OrderLink {
  readonly contacts: readonly Contact[];
  readonly rate: LinkRate;
  readonly protection: LinkProtection;
  readonly errors: LinkErrors;
  readonly seed: number;
  /** Of the mission: nothing older is obeyed. */
  readonly from: Instant;
  /** Whether the ledger says what each order took of the uplink. */
  readonly isMetered: boolean;
  /** Is told what becomes of orders, for whoever watches. */
  readonly tell?: (fact: Extract<FlightFact, { type: "order" }>) => void;
}

/** What a contact brought. */
export interface Opened {
  /** Those that orders add to the timeline. */
  readonly acquisitions: readonly Acquisition[];
  /** When the receiver took orders in, and when the transmitter answered. */
  readonly received: readonly RadioTime[];
  readonly answered: readonly RadioTime[];
  /** What each order took of the uplink. */
  readonly sent: readonly OrderSending[];
}

/**
 * Of a receiver for telecommands in the S band while it demodulates, W; assumed: receivers of small satellites are stated between 0.5 and 5 W. It listens in
 * every contact as part of the load `contact`; this is what the time with orders takes of it.
 */
export const receiverPower = watts(2);

type Entry = { -readonly [Key in keyof OrderRecord]: OrderRecord[Key] } & {
  readonly order: Order;
  readonly said: OrderAnswer[];
  readonly told: Instant[];
};

const isOver = ({ answer }: OrderAnswer): boolean => answer !== "accepted";

/** A scene may be on the computer beyond the contact: what will be said of it is not said yet. */
const untoldOf = ({ said, told }: Pick<Entry, "said" | "told">, t: Instant): readonly OrderAnswer[] =>
  said.slice(told.length).filter(({ at }) => at <= t);

const lengthOf = (answers: readonly NamedAnswer[]): Bytes =>
  bytes(answers.length === 0 ? 0 : encodeAnswers(answers).length);

/**
 * The orders of one satellite, from contact to contact: what it has heard, what it said of it, and what of that came down. An order is known from the moment
 * its last frame is on board, and no earlier. One that comes again, since its answer was lost, is answered again and obeyed once.
 */
export class OrderQueue {
  readonly #ports: OrderPorts;
  readonly #link: OrderLink;
  /** Those not begun, in order of `aos`, without those that are never locked. */
  readonly #contacts: Contact[];
  readonly #entries = new Map<string, Entry>();
  /** What came down in the latest contact. */
  #told: ToldAnswers | null = null;
  readonly #sent: OrderSending[] = [];
  readonly #up = { bytes: 0, frames: 0, lostFrames: 0, receiveSeconds: 0 };
  readonly #down = { bytes: 0, frames: 0, lostFrames: 0, transmitSeconds: 0 };

  constructor(ports: OrderPorts, link: OrderLink) {
    this.#ports = ports;
    this.#link = link;
    this.#contacts = link.contacts.filter(({ lockedAt, los }) => lockedAt < los);
  }

  /** What came down in the latest contact; `null`: nothing. */
  get told(): ToldAnswers | null {
    return this.#told;
  }

  /** When the next contact is locked: the satellite hears nothing before. */
  get nextOpening(): Instant | null {
    return this.#contacts[0]?.lockedAt ?? null;
  }

  /** Opens the next contact; everything before it has happened. `before`: what requests take of the uplink first. */
  async open(before: Bytes): Promise<Opened> {
    const contact = this.#contacts.shift();
    if (contact === undefined) return { acquisitions: [], received: [], answered: [], sent: [] };
    this.#expire(contact.lockedAt);
    const { orders, acquisitions: own } = await this.#ports.hear(contact, this.#told);
    const ownOf = (id: string): Acquisition | null => own.find(({ order }) => order === id) ?? null;
    const waiting = this.#untold(contact.lockedAt);
    const acquisitions: Acquisition[] = [];
    const outcome = flyUplink({
      ...this.#link,
      contact,
      before,
      orders: orders.map((order) => {
        const acquisition = ownOf(order.id);
        return bytes(
          encodeOrder(order).length + 1 + (acquisition === null ? 0 : acquisitionLength(acquisition)),
        );
      }),
      waiting: lengthOf(waiting),
      // As long as the usual answer: a refusal is longer and may cost a frame that is not counted.
      answers: orders.map(({ id }) =>
        lengthOf([{ id, answer: { answer: "accepted", at: contact.lockedAt } }]),
      ),
    });
    for (const { order, at } of inTime(orders, outcome))
      this.#take(order, at, contact, ownOf(order.id), acquisitions);
    const answers = this.#tell(waiting, orders, outcome);
    this.#told = answers.length === 0 ? null : { contact: contact.id, answers };
    this.#count(outcome);
    const sent = sendingsOf(orders, contact, outcome);
    this.#sent.push(...sent);
    return { acquisitions, received: outcome.up.times, answered: outcome.down.times, sent };
  }

  /** Says something of an order that is on board; answers after its end are not given. */
  say(id: string, answer: OrderAnswer): void {
    const entry = this.#entries.get(id);
    const last = entry?.said.at(-1);
    if (entry === undefined || (last !== undefined && isOver(last))) return;
    entry.said.push(answer);
    this.#tellOf(id, answer);
  }

  /** Whoever watches sees by itself that a deadline has passed. */
  #tellOf(order: string, answer: OrderAnswer): void {
    const { answer: state, at } = answer;
    if (state === "expired") return;
    const why = state === "refused" ? `${answer.field}: wanted ${answer.wanted}, got ${answer.got}` : "";
    this.#link.tell?.({ type: "order", at, order, state, why });
  }

  /** The ledger, once nothing more happens; `to` is the end of the horizon. */
  close(to: Instant): OrdersLedger {
    this.#expire(to);
    const { bytes: upBytes, receiveSeconds, ...up } = this.#up;
    const { bytes: downBytes, transmitSeconds, ...down } = this.#down;
    return {
      orders: [...this.#entries.values()].map(({ id, kind, tenant, contact, heardAt, said, told }) => ({
        id,
        kind,
        tenant,
        contact,
        heardAt,
        answers: said,
        toldAt: told,
      })),
      uplink: { bytes: bytes(upBytes), ...up, receiveSeconds: seconds(receiveSeconds) },
      answers: { bytes: bytes(downBytes), ...down, transmitSeconds: seconds(transmitSeconds) },
      receiveEnergy: joules(receiverPower * receiveSeconds),
      ...(this.#link.isMetered ? { sent: this.#sent } : {}),
    };
  }

  /** Seconds in which the transmitter answered orders. */
  get transmitSeconds(): number {
    return this.#down.transmitSeconds;
  }

  #take(
    order: Order,
    at: Instant,
    contact: Contact,
    acquisition: Acquisition | null,
    acquisitions: Acquisition[],
  ): void {
    const { id, kind, tenant } = order;
    if (this.#entries.has(id)) return;
    const said: OrderAnswer[] = [];
    const told: Instant[] = [];
    const entry = {
      id,
      kind,
      tenant,
      contact: contact.id,
      heardAt: at,
      answers: said,
      toldAt: told,
      said,
      told,
      order,
    };
    this.#entries.set(id, entry);
    this.#link.tell?.({ type: "order", at, order: id, state: "heard", why: "" });
    const refusal = this.#refusal(order);
    if (refusal !== null) said.push({ answer: "refused", at, ...refusal });
    else if (order.deadline <= at) said.push({ answer: "expired", at: order.deadline });
    else {
      const more: OrderAnswer[] = [];
      const bench = {
        at,
        acquisition,
        take: (taken: Acquisition): void => void acquisitions.push(taken),
        say: (answer: OrderAnswer): void => {
          // What a handler says while it takes the order comes after its first answer.
          if (said.length === 0) more.push(answer);
          else this.say(id, answer);
        },
      };
      said.push(this.#ports.handlers[kind]?.(order, bench) ?? unknownKind(order, at, this.#ports.handlers));
      if (said[0] !== undefined) this.#tellOf(id, said[0]);
      for (const answer of more) this.say(id, answer);
      return;
    }
    if (said[0] !== undefined) this.#tellOf(id, said[0]);
  }

  #refusal(order: Order): OrderRefusal | null {
    if (order.issuedAt < this.#link.from) {
      const wanted = `not before the mission, which starts ${formatInstant(this.#link.from)}`;
      return { field: "at", wanted, got: formatInstant(order.issuedAt) };
    }
    return this.#ports.verify(order);
  }

  /** Ends what was accepted and whose deadline has passed by `t`. */
  #expire(t: Instant): void {
    for (const { id, order, said } of this.#entries.values()) {
      const last = said.at(-1);
      if (order.deadline > t || last === undefined || isOver(last)) continue;
      // A cue has stood to its end: that is all it was to do.
      this.say(id, { answer: order.kind === "cue" ? "done" : "expired", at: order.deadline });
    }
  }

  /** What was said by `t` and has not come down. */
  #untold(t: Instant): readonly NamedAnswer[] {
    return [...this.#entries.values()].flatMap((entry) =>
      untoldOf(entry, t).map((answer) => ({ id: entry.id, answer })),
    );
  }

  /** Writes down which answers came down when, and names them. */
  #tell(
    waiting: readonly NamedAnswer[],
    orders: readonly Order[],
    { toldAt, waitingToldAt }: UplinkOutcome,
  ): ToldAnswers["answers"] {
    const told: ToldAnswers["answers"][number][] = [];
    if (waitingToldAt !== null) {
      for (const one of waiting) this.#entries.get(one.id)?.told.push(waitingToldAt);
      const at = waitingToldAt;
      for (const { id } of waiting)
        this.#link.tell?.({ type: "order", at, order: id, state: "told", why: "" });
      told.push(...waiting.map((one) => ({ ...one, toldAt: at })));
    }
    orders.forEach(({ id }, n) => {
      const entry = this.#entries.get(id);
      const at = toldAt[n];
      if (entry === undefined || at === undefined || at === null) return;
      const answers = untoldOf(entry, at);
      for (const _ of answers) entry.told.push(at);
      this.#link.tell?.({ type: "order", at, order: id, state: "told", why: "" });
      // One that came again is acknowledged again: the ground had missed it.
      const again = answers.length === 0 ? entry.said.slice(0, 1) : answers;
      told.push(...again.map((answer) => ({ id, answer, toldAt: at })));
    });
    return told;
  }

  #count({ up, down }: UplinkOutcome): void {
    this.#up.bytes += up.bytes;
    this.#up.frames += up.frames;
    this.#up.lostFrames += up.lostFrames;
    this.#up.receiveSeconds += totalTime(up.times);
    this.#down.bytes += down.bytes;
    this.#down.frames += down.frames;
    this.#down.lostFrames += down.lostFrames;
    this.#down.transmitSeconds += totalTime(down.times);
  }
}

/** What each order took of a contact. */
const sendingsOf = (
  orders: readonly Order[],
  { id: contact, lockedAt: at }: Contact,
  { up: { each } }: UplinkOutcome,
): readonly OrderSending[] =>
  orders.flatMap(({ id: order, tenant }, n) => {
    const size = each[n] ?? bytes(0);
    return size === 0 ? [] : [{ order, tenant, contact, at, bytes: size }];
  });

/** Orders as they came to be on board, in order of time. */
const inTime = (orders: readonly Order[], { heardAt }: UplinkOutcome) =>
  orders
    .flatMap((order, n) => {
      const at = heardAt[n];
      return at === undefined || at === null ? [] : [{ order, at: instant(at) }];
    })
    .toSorted((a, b) => a.at - b.at);

const unknownKind = ({ kind }: Order, at: Instant, handlers: OrderHandlers): OrderAnswer => ({
  answer: "refused",
  at,
  field: "kind",
  wanted: `what this satellite obeys: ${Object.keys(handlers).join(", ") || "nothing"}`,
  got: kind,
});
