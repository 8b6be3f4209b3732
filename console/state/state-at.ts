import type { MissionTable } from "../../pipeline/mission/mission-tables.ts";
import { highestTemperature, lowestCharge } from "./body-record.ts";
import { workedUpTo } from "./computer-record.ts";
import { fullestStore, waitingAt, type Waiting } from "./custody.ts";
import { delaysAt, type Delays } from "./picture-record.ts";
import { openContacts, openCrosslinks, type Plan } from "./plan.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { countUpTo, rowsOf, sumUpTo } from "./sorted.ts";

/** A contact that is open, and what has crossed it. */
export interface OpenContact {
  /** Row of the plan's contacts. */
  readonly contact: number;
  readonly satellite: number;
  readonly station: number;
  /** Bits can cross: the link is locked. */
  readonly locked: boolean;
  /** Sent so far, framing included. */
  readonly bytes: number;
  /** Place in the head's `kinds` of the product with most bytes; `null` where nothing was sent yet. */
  readonly kind: number | null;
  readonly frames: number;
  readonly lostFrames: number;
  /** The transmitter is on at this moment. */
  readonly sending: boolean;
}

/** A product that crossed a crosslink since the last exchange began. */
export interface Exchange {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly bytes: number;
  readonly at: number;
}

/** How far a policy has come. All of it the ground could know, but for `captured`. */
export interface PolicyProgress {
  /** Framing included. */
  readonly linkBytes: number;
  readonly resentBytes: number;
  /** All of raw, framed, of the pictures that were taken by now; `null` where nobody measured it. */
  readonly rawBytes: number | null;
  /** Pictures in the plan, taken, and landed: let go by the mission centre. */
  readonly pictures: number;
  readonly captured: number;
  readonly landed: number;
  /** With subscribers. `null` where not known yet: the ground detects once the flight is over. */
  readonly detections: number | null;
  readonly delays: Delays;
  readonly losses: number;
  readonly lostBytes: number;
}

/** What would decide the verdicts if the run ended here. Measures so far, not a steady state. */
export interface VerdictsSoFar {
  readonly link: { readonly bytes: number; readonly capacity: number };
  /** Mean share of time that the computers work, 0 … 1. */
  readonly computer: { readonly busy: number };
  readonly power: { readonly charge: number; readonly satellite: number } | null;
  readonly heat: { readonly kelvin: number; readonly satellite: number } | null;
  readonly store: { readonly bytes: number; readonly satellite: number } | null;
}

/** Everything at one moment under one policy that a picture of the whole shows; what belongs to one thing is asked for besides. */
export interface MissionState {
  /** Seconds from the start of the horizon. */
  readonly t: number;
  /** False beyond the head, or where parts have not come: the plan holds, the rest is as it was known last. */
  readonly known: boolean;
  readonly contacts: readonly OpenContact[];
  /** Rows of the plan's crosslinks. */
  readonly crosslinks: readonly number[];
  readonly exchanges: readonly Exchange[];
  /** On board: nothing of it is on the ground. */
  readonly waiting: Waiting;
  readonly progress: PolicyProgress;
  readonly verdicts: VerdictsSoFar;
}

const mostOf = (bytes: ReadonlyMap<number, number>): number | null => {
  let [most, best]: [number | null, number] = [null, 0];
  for (const [kind, sum] of bytes) if (sum > best) [most, best] = [kind, sum];
  return most;
};

/** What a record says has crossed a contact by `t`. */
const crossedBy = (
  record: PolicyRecord,
  contact: number,
  t: number,
): Pick<OpenContact, "bytes" | "kind" | "frames" | "lostFrames" | "sending"> => {
  const { turns, sends } = record.tables;
  const kinds = new Map<number, number>();
  for (const row of rowsOf(record.sendsOf, contact)) {
    if ((sends.columns.at_s[row] as number) > t) break;
    const kind = sends.columns.kind[row] as number;
    kinds.set(kind, (kinds.get(kind) ?? 0) + (sends.columns.bytes[row] as number));
  }
  let [bytes, frames, lostFrames, sending] = [0, 0, 0, false];
  for (const row of rowsOf(record.turnsOf, contact)) {
    if ((turns.columns.at_s[row] as number) > t) break;
    if ((turns.columns.to_s[row] as number) > t) {
      sending = true;
      continue;
    }
    bytes += turns.columns.bytes[row] as number;
    frames += turns.columns.frames[row] as number;
    lostFrames += turns.columns.lost_frames[row] as number;
  }
  return { bytes, kind: mostOf(kinds), frames, lostFrames, sending };
};

const nothingCrossed = { bytes: 0, kind: null, frames: 0, lostFrames: 0, sending: false } as const;

/** A contact of the plan, and what has crossed it by `t`; without a record (`null`, a policy that is not flown yet) nothing has. */
export const contactAt = (
  plan: Plan,
  record: PolicyRecord | null,
  contact: number,
  t: number,
): OpenContact => {
  const { satellite, station, locked_s } = plan.contacts.columns;
  return {
    contact,
    satellite: satellite[contact] as number,
    station: station[contact] as number,
    locked: (locked_s[contact] as number) <= t,
    ...(record === null ? nothingCrossed : crossedBy(record, contact, t)),
  };
};

/** Hops since the exchange before `t`. */
export const exchangesAt = ({ head }: Plan, { tables }: PolicyRecord, t: number): readonly Exchange[] => {
  const { hops, products } = tables;
  const epoch = head.crosslinks?.epoch_s ?? 0;
  const { at_s, from, to, product, bytes } = hops.columns;
  const exchanges: Exchange[] = [];
  for (let row = countUpTo(at_s, t) - 1; row >= 0 && (at_s[row] as number) > t - epoch; row--)
    exchanges.push({
      from: from[row] as number,
      to: to[row] as number,
      kind: products.columns.kind[product[row] as number] ?? 0,
      bytes: bytes[row] as number,
      at: at_s[row] as number,
    });
  return exchanges.toReversed();
};

/** Raw pictures, encoded without loss and framed, of those that the computers were done with by `t`. */
const rawBytesAt = ({ head }: Plan, yardstick: PolicyRecord | null, t: number): number | null => {
  if (yardstick === null) return null;
  const { lossless, losslessTiles } = yardstick.pictures;
  const [sum, tiles] = [sumUpTo(lossless, t), sumUpTo(losslessTiles, t)];
  if (Number.isNaN(sum)) return null;
  const { bytes, holds, per_product } = head.framing;
  return sum === 0 ? 0 : Math.ceil((sum + tiles * per_product) / holds) * bytes;
};

const capacityOf = ({ contacts, longestContact }: Plan, sums: Float64Array, t: number): number => {
  const { from_s, locked_s, to_s, capacity_bytes } = contacts.columns;
  const begun = countUpTo(from_s, t);
  let sum = sums[begun] as number;
  for (let row = begun - 1; row >= 0 && (from_s[row] as number) >= t - longestContact; row--) {
    const [locked, end] = [locked_s[row] as number, to_s[row] as number];
    if (end <= t) continue;
    const gone = end === locked ? 0 : Math.min(1, Math.max(0, (t - locked) / (end - locked)));
    sum -= (1 - gone) * (capacity_bytes[row] as number);
  }
  return sum;
};

const capacities = new WeakMap<MissionTable<"contacts">, Float64Array>();

const capacitySums = ({ contacts }: Plan): Float64Array => {
  const known = capacities.get(contacts);
  if (known !== undefined) return known;
  const sums = new Float64Array(contacts.rows + 1);
  for (let row = 0; row < contacts.rows; row++)
    sums[row + 1] = (sums[row] as number) + (contacts.columns.capacity_bytes[row] as number);
  capacities.set(contacts, sums);
  return sums;
};

/** How far a policy has come at `t`; `yardstick`: the policy that measured what raw pictures take. */
export const progressAt = (
  plan: Plan,
  record: PolicyRecord,
  yardstick: PolicyRecord | null,
  t: number,
): PolicyProgress => {
  const { tables, onLink, resent, lost, pictures, publishedThrough } = record;
  const { captures, publications, detections } = tables;
  const losses = countUpTo(lost.times, t);
  const delays = delaysAt(pictures, t);
  return {
    linkBytes: sumUpTo(onLink, t),
    resentBytes: sumUpTo(resent, t),
    rawBytes: rawBytesAt(plan, yardstick, t),
    pictures: plan.acquisitions.rows,
    captured: countUpTo(captures.columns.at_s, t),
    // A simulation publishes nothing: a picture has landed when all that is made of it has.
    landed: plan.head.shows === "counts" ? delays.delivered : countUpTo(publications.columns.at_s, t),
    detections: t < publishedThrough ? countUpTo(detections.columns.at_s, t) : null,
    delays,
    losses,
    lostBytes: lost.sums[losses] as number,
  };
};

/**
 * Where everything is at mission time `t`: a pure function of plan and record, the same live and afterwards (what was known at t is the beginning of
 * what is known at the end). Nothing accumulates. Positions follow from the plan's orbits alone.
 */
export const stateAt = (
  plan: Plan,
  record: PolicyRecord,
  yardstick: PolicyRecord | null,
  t: number,
): MissionState => {
  const { head } = plan;
  const progress = progressAt(plan, record, yardstick, t);
  const computers = head.satellites.length * t;
  return {
    t,
    known: t < record.through,
    contacts: openContacts(plan, t).map((contact) => contactAt(plan, record, contact, t)),
    crosslinks: openCrosslinks(plan, t),
    exchanges: exchangesAt(plan, record, t),
    waiting: waitingAt(record.custody, t),
    progress,
    verdicts: {
      link: { bytes: progress.linkBytes, capacity: capacityOf(plan, capacitySums(plan), t) },
      computer: { busy: computers === 0 ? 0 : workedUpTo(record.computer, record.tables, t) / computers },
      power: lowestCharge(plan, record.body, t),
      heat: highestTemperature(plan, record.body, t),
      store: fullestStore(record.custody, t),
    },
  };
};
