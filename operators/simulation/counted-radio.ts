import type { ChannelErrors } from "../../pipeline/link/frames/channel.ts";
import { frameBytes, framesPerSegment } from "../../pipeline/link/frames/frame.ts";
import { framesLost } from "../../pipeline/link/frames/frame-survival.ts";
import { lightTime } from "../../pipeline/link/rate/light-time.ts";
import { timeToSend, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { RangeSet } from "../../pipeline/link/frames/ranges.ts";
import type { TurnReport } from "../../pipeline/link/frames/segment.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { bytes, instant, later, type Instant } from "../../pipeline/units.ts";
import type { Transmitter } from "../flight/downlink.ts";
import type { StoredProduct } from "../flight/store.ts";
import { countTurn, departure, type FrameRun, type TurnPlan } from "../flight/turn.ts";

/** A product that has come down whole. */
export interface CountedArrival {
  readonly product: StoredProduct;
  readonly station: string;
  /** When its first frame began to leave the satellite, when the station had its last byte, and when the mission centre had. */
  readonly firstSentAt: Instant;
  readonly completedAt: Instant;
  readonly atCentre: Instant;
}

/** A radio that puts nothing on the air and yet counts every byte. */
export interface CountedRadio {
  readonly rate: LinkRate;
  readonly errors: ChannelErrors & { readonly seed: number };
  readonly onArrival: (arrival: CountedArrival) => void;
}

/** What the ground has of a product that is not complete. */
interface PartialArrival {
  bytes: number;
  readonly firstSentAt: Instant;
  latestAt: Instant;
  atCentre: Instant;
}

/** [first, last] stretches of the frames of a turn that a station did not get, and whether it heard of the turn at all. */
const lossesOf = (
  radio: CountedRadio,
  contact: Contact,
  turn: number,
  plan: TurnPlan,
): { readonly heard: boolean; readonly lost: RangeSet } => {
  const { errors, rate } = radio;
  const lost = new RangeSet();
  const isClear = errors.bitErrorRate === 0 && errors.segmentLossRate === 0 && errors.outages.length === 0;
  if (isClear) return { heard: true, lost };
  let heard = false;
  for (let sent = 0, segment = 0; sent < plan.frames; sent += framesPerSegment, segment++) {
    const count = Math.min(framesPerSegment, plan.frames - sent);
    const place = {
      station: contact.station,
      contact: contact.id,
      turn,
      segment,
      sentFrom: departure(contact, rate, plan, sent),
      sentTo: departure(contact, rate, plan, sent + count),
    };
    const first = plan.firstFrame + sent;
    const unread = framesLost(errors, place, count);
    if (unread === null) lost.add(first, first + count - 1);
    else for (const frame of unread) lost.add(first + frame, first + frame);
    if ((unread?.length ?? count) < count) heard = true;
  }
  return { heard, lost };
};

/** What the ground has of products that are not complete, by their numbers. */
export type CountedSnapshot = ReadonlyMap<number, Readonly<PartialArrival>>;

/** A transmitter that counts, and what it remembers from turn to turn. */
export interface CountedTransmission {
  readonly transmit: Transmitter;
  readonly snapshot: () => CountedSnapshot;
  /** Goes on as a transmission of the same satellite did. */
  readonly restore: (snapshot: CountedSnapshot) => void;
}

/**
 * The link without its bytes, for simulations: a turn is counted as its frames would be, its frames are lost as real ones
 * are on a channel of this seed, and a product that the ground has whole is announced with the times of its bytes.
 */
export const openCountedTransmission = (radio: CountedRadio): CountedTransmission => {
  const partials = new Map<number, PartialArrival>();
  const land = (contact: Contact, plan: TurnPlan, run: FrameRun, first: number, count: number): void => {
    const sentAt = (frames: number): Instant => {
      if (frames === 0) return plan.from;
      const sent = timeToSend(contact, radio.rate, plan.from, bytes(frames * frameBytes)) ?? plan.to;
      return instant(Math.min(sent, plan.to));
    };
    const heardAt = (frames: number): Instant => {
      const lastBit = sentAt(frames);
      return later(lastBit, lightTime(contact, lastBit));
    };
    const before = first - plan.firstFrame;
    const from = sentAt(before);
    const to = heardAt(before + count);
    const atCentre = later(to, contact.backhaul);
    for (const { product, length } of run.pieces) {
      const partial = partials.get(product.number) ?? {
        bytes: 0,
        firstSentAt: from,
        latestAt: to,
        atCentre,
      };
      partial.bytes += length * count;
      partial.latestAt = to;
      partial.atCentre = instant(Math.max(partial.atCentre, atCentre));
      if (partial.bytes < product.size) {
        partials.set(product.number, partial);
        continue;
      }
      partials.delete(product.number);
      radio.onArrival({
        product,
        station: contact.station,
        firstSentAt: partial.firstSentAt,
        completedAt: partial.latestAt,
        atCentre: partial.atCentre,
      });
    }
  };
  const transmit: Transmitter = async (contact, turn, plan) => {
    const { heard, lost } = lossesOf(radio, contact, turn, plan);
    for (const run of plan.runs) {
      const end = run.firstFrame + run.frames;
      let at = run.firstFrame;
      for (const [from, to] of lost.ranges) {
        if (to < at) continue;
        if (from >= end) break;
        if (from > at) land(contact, plan, run, at, from - at);
        at = to + 1;
      }
      if (at < end) land(contact, plan, run, at, end - at);
    }
    const report: TurnReport = { contact: contact.id, turn, missing: heard ? [...lost.ranges] : [], heard };
    return { usage: countTurn(plan), report };
  };
  return {
    transmit,
    snapshot: () => partials,
    restore(snapshot) {
      for (const [number, partial] of snapshot) partials.set(number, { ...partial });
    },
  };
};

/** The same for whoever flies to the end in one go. */
export const countedTransmitter = (radio: CountedRadio): Transmitter =>
  openCountedTransmission(radio).transmit;
