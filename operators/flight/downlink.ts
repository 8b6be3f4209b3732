import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { roundTrip } from "../../pipeline/link/rate/light-time.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { addUsage, noUsage, type LinkUsage } from "../../pipeline/link/frames/metered.ts";
import { knownSpans, timeToSend, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { shortestReport, uplinkBytes } from "../../pipeline/link/transfer/turn-report.ts";
import type { TurnReport } from "../../pipeline/link/frames/segment.ts";
import type { TurnFact } from "../../pipeline/mission/flight-log.ts";
import type { ContactUse } from "../../pipeline/mission/ledger.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import { bytes, instant, later, seconds, type Instant } from "../../pipeline/units.ts";
import type { Inventory } from "./inventory.ts";
import type { OnboardStore } from "./store.ts";
import { earliest, planTurn, type TurnPlan } from "./turn.ts";

/** At most this long until the station is asked what it missed. */
export const turnLength = seconds(10);
/** How long the satellite waits for a report before it takes the turn for lost, and how often before it gives up. */
const reportTimeout = seconds(2);
const patience = 3;

/** Puts a planned turn on the link: what that came to there, and what the station answered. */
export type Transmitter = (
  contact: Contact,
  turn: number,
  plan: TurnPlan,
) => Promise<{ readonly usage: LinkUsage; readonly report: TurnReport }>;

/** What a downlink talks to. */
export interface DownlinkPorts {
  readonly inventory: Inventory;
  readonly rate: LinkRate;
  /** Of the link, both ways. */
  readonly protection: LinkProtection;
  readonly transmit: Transmitter;
  /** The transmitter is on from … to. */
  readonly onSending: (from: Instant, to: Instant) => void;
  readonly onClosed: (contact: Contact, use: ContactUse) => void;
  /** A turn is over; for whoever watches. */
  readonly onTurn?: (fact: TurnFact) => void;
}

/** Where a contact under way stands. */
interface Session {
  readonly contact: Contact;
  /** The last moment to send whose report still comes back in the contact. */
  readonly lastSend: Instant;
  t: Instant;
  turn: number;
  frames: number;
  silentTurns: number;
  silentInARow: number;
  transmitSeconds: number;
  usage: LinkUsage;
}

/** Where the contacts of a satellite stand. */
export interface DownlinkSnapshot {
  readonly uses: readonly ContactUse[];
  /** The one under way is that behind those used. */
  readonly session: Omit<Session, "contact" | "lastSend"> | null;
}

const openSession = (contact: Contact, protection: LinkProtection): Session => ({
  contact,
  lastSend: instant(contact.los - roundTrip(contact, contact.los, shortestReport(protection))),
  t: contact.lockedAt,
  turn: 0,
  frames: 0,
  silentTurns: 0,
  silentInARow: 0,
  transmitSeconds: 0,
  usage: noUsage,
});

/**
 * Sends through the contacts of one satellite, in order: fills frames in order of urgency, asks at the end of every turn
 * what is missing, sends that again, here or in the next contact. Nothing leaves before the link is locked, after `los`, or
 * above the contact's rate.
 *
 * A turn ends early enough for the shortest report to come back before `los`; the uplink is taken to be free of errors, and a
 * last report that is longer is taken to be heard to its end, milliseconds later.
 * A station that leaves several turns in a row unanswered is not talked to for the rest of the contact.
 */
export class Downlink {
  readonly #ports: DownlinkPorts;
  /** Those not begun, in order of `aos`. */
  readonly #contacts: Contact[];
  #uses: ContactUse[] = [];
  #session: Session | null = null;

  constructor(contacts: readonly Contact[], ports: DownlinkPorts) {
    this.#contacts = [...contacts];
    this.#ports = ports;
  }

  /** One entry a contact that is over, in order. */
  get uses(): readonly ContactUse[] {
    return this.#uses;
  }

  /** Nothing is sent before: when the next contact begins; −Infinity while one is under way. */
  get nextDue(): number {
    return this.#session === null ? (this.#contacts[0]?.aos ?? Infinity) : -Infinity;
  }

  snapshot(): DownlinkSnapshot {
    if (this.#session === null) return { uses: this.#uses, session: null };
    const { contact: _contact, lastSend: _lastSend, ...session } = this.#session;
    return { uses: this.#uses, session };
  }

  /** Goes on, unused as it is, as a downlink of the same contacts did. */
  restore({ uses, session }: DownlinkSnapshot): void {
    this.#uses = [...uses];
    this.#contacts.splice(0, uses.length);
    const contact = session === null ? undefined : this.#contacts.shift();
    if (contact !== undefined)
      this.#session = { ...openSession(contact, this.#ports.protection), ...session };
  }

  /**
   * Sends every turn that begins before `until`. Whatever is ready within `turnLength` after it must be in the inventory
   * by then: the same turns go out, however a flight is cut into calls.
   */
  async advance(until: Instant): Promise<void> {
    for (;;) {
      const session = this.#session ?? this.#begin(until);
      if (session === null) return;
      if (!(await this.#step(session, until))) return;
    }
  }

  #begin(until: Instant): Session | null {
    const [next] = this.#contacts;
    if (next === undefined || next.aos >= until) return null;
    this.#contacts.shift();
    this.#session = openSession(next, this.#ports.protection);
    return this.#session;
  }

  /** Sends the next turn, waits for something to send, or ends the contact; false when nothing more happens before `until`. */
  async #step(session: Session, until: Instant): Promise<boolean> {
    const { inventory, rate, protection, transmit, onSending } = this.#ports;
    const { store } = inventory;
    const { contact, lastSend } = session;
    if (session.t >= lastSend || session.silentInARow === patience) return this.#end(session);
    if (session.t >= until) return false;
    inventory.settle(session.t);
    if (store.next(session.t) === null) {
      const wake = earliest(store.nextReady(session.t), inventory.nextArrival());
      if (wake !== null && wake < Math.min(until, lastSend)) {
        session.t = wake;
        return true;
      }
      // What is not known yet comes at `until` or later.
      return until >= lastSend ? this.#end(session) : false;
    }
    const first = timeToSend(contact, rate, session.t, bytes(frameBytes));
    if (first === null || first > lastSend) return this.#end(session);
    // A turn holds one frame at least, however slow the link.
    const turnEnd = instant(Math.min(Math.max(session.t + turnLength, first), lastSend));
    const span = {
      from: onAir(contact, rate, session.t),
      to: turnEnd,
      firstFrame: session.frames,
      protection,
    };
    const plan = planTurn(inventory, contact, rate, span);
    onSending(plan.from, plan.to);
    const { usage, report } = await transmit(contact, session.turn, plan);
    session.usage = addUsage(session.usage, usage);
    session.frames += plan.frames;
    session.transmitSeconds += plan.to - plan.from;
    session.t = plan.to;
    session.turn++;
    session.silentInARow = report.heard ? 0 : session.silentInARow + 1;
    if (!report.heard) session.silentTurns++;
    this.#ports.onTurn?.(turnFact(contact, plan, usage, report));
    settleTurn(
      store,
      plan,
      report,
      later(
        plan.to,
        report.heard ? roundTrip(contact, plan.to, uplinkBytes(report, protection)) : reportTimeout,
      ),
    );
    return true;
  }

  #end({ contact, turn, silentTurns, transmitSeconds, usage }: Session): true {
    const use: ContactUse = {
      contact: contact.id,
      turns: turn,
      silentTurns,
      transmitSeconds: seconds(transmitSeconds),
      ...usage,
    };
    this.#session = null;
    this.#uses.push(use);
    this.#ports.onClosed(contact, use);
    return true;
  }
}

/** Frames of a turn that its report names missing; all of them where nothing was heard. */
const framesMissed = ({ firstFrame, frames }: TurnPlan, { heard, missing }: TurnReport): number => {
  if (!heard) return frames;
  const end = firstFrame + frames;
  // A report may name frames of earlier turns, too.
  return missing.reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(to + 1, end) - Math.max(from, firstFrame)),
    0,
  );
};

const turnFact = (contact: Contact, plan: TurnPlan, usage: LinkUsage, report: TurnReport): TurnFact => {
  const carried: Partial<Record<ProductKind, number>> = {};
  for (const { frames, pieces } of plan.runs)
    for (const { product, length } of pieces)
      carried[product.kind] = (carried[product.kind] ?? 0) + length * frames;
  return {
    type: "turn",
    contact: contact.id,
    from: plan.from,
    to: plan.to,
    frames: plan.frames,
    lostFrames: framesMissed(plan, report),
    heard: report.heard,
    bytes: usage.total,
    resentBytes: usage.resent,
    carried,
  };
};

/** When the first bit leaves that is sent from `t` on: later where the rate is 0 at first. */
const onAir = (contact: Contact, rate: LinkRate, t: Instant): Instant => {
  const span = knownSpans(contact, rate).find(({ to, rate: bits }) => bits > 0 && to > t);
  return instant(Math.max(t, span?.from ?? t));
};

/** Applies a report: what arrived is acknowledged, what is missing waits to be sent again from `from` on. */
const settleTurn = (store: OnboardStore, { runs }: TurnPlan, report: TurnReport, from: Instant): void => {
  // Both are in order of frames. What a report names of earlier turns that nobody heard is long settled.
  let named = 0;
  for (const { firstFrame, frames, pieces } of runs) {
    const end = firstFrame + frames;
    let heard = 0;
    for (let frame = firstFrame; frame < end;) {
      while ((report.missing[named]?.[1] ?? Infinity) < frame) named++;
      const [lost, lostTo] = report.heard ? (report.missing[named] ?? [Infinity, Infinity]) : [0, Infinity];
      if (lost > frame) {
        const next = Math.min(lost, end);
        heard += next - frame;
        frame = next;
        continue;
      }
      const next = Math.min(lostTo + 1, end);
      for (const { product, offset, length } of pieces) {
        const start = offset + (frame - firstFrame) * length;
        store.markMissing(product.number, start, start + (next - frame) * length, from);
      }
      frame = next;
    }
    if (heard === 0) continue;
    for (const { product, length } of pieces) store.acknowledge(product.number, heard * length);
  }
};
