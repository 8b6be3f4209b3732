import { frameBytes, frameDataBytes, framesPerSegment, packFrame } from "../pipeline/link/frame.ts";
import { roundTrip } from "../pipeline/link/light-time.ts";
import { addUsage, metered, noUsage, type LinkMeter } from "../pipeline/link/metered.ts";
import { cutPiece, pieceHeaderBytes, type Piece } from "../pipeline/link/piece.ts";
import { rateSpans, timeToSend, type LinkRate } from "../pipeline/link/rate.ts";
import type { LinkSegment, TurnReport } from "../pipeline/link/segment.ts";
import type { ContactUse } from "../pipeline/meter/ledger.ts";
import type { Contact } from "../pipeline/orbit/contact.ts";
import { bytes, instant, later, seconds, type Instant } from "../pipeline/units.ts";
import type { OnboardStore, StoredProduct } from "./store.ts";

/**
 * At most this long, and this many frames (42 MB), until the station is asked what it missed: what the ground holds of
 * products with gaps stays bounded, however fast the link.
 */
const turnLength = seconds(10);
const turnFrames = 32_768;
/** How long the satellite waits for a report before it takes the turn for lost, and how often before it gives up. */
const reportTimeout = seconds(2);
const patience = 3;

/** What the transmitter talks to. */
export interface Radio {
  readonly satellite: string;
  /** Stands in the frame header. */
  readonly spacecraftId: number;
  readonly rate: LinkRate;
  /** Counts what goes through `send`, from the frames themselves. */
  readonly meter: LinkMeter;
  /** The one way down. */
  readonly send: (segment: LinkSegment) => Promise<void>;
  /** The station's answer to a turn. */
  readonly report: (contact: string, turn: number) => Promise<TurnReport>;
  /** The envelope of a stored product. */
  readonly read: (product: StoredProduct) => Promise<Uint8Array>;
}

/** Where the transmitter takes from: the `Inventory`. */
export interface Outbox {
  readonly store: OnboardStore;
  /** Moves everything that is ready by `t` into the store. */
  readonly settle: (t: Instant) => void;
  /** When something not yet in the store will be ready, at the earliest. */
  readonly nextArrival: () => Instant | null;
}

interface SentPiece {
  readonly product: StoredProduct;
  readonly start: number;
  readonly end: number;
}

interface Tally {
  frames: number;
  transmitSeconds: number;
}

/** Fills one frame with the most urgent pieces at time `t`; something must be ready. */
const fillFrame = async (
  radio: Radio,
  { store }: Outbox,
  t: Instant,
): Promise<{ readonly pieces: readonly Piece[]; readonly sent: readonly SentPiece[] }> => {
  const pieces: Piece[] = [];
  const sent: SentPiece[] = [];
  let room = frameDataBytes;
  for (let next = store.next(t); next !== null; next = store.next(t)) {
    const { product, range } = next;
    const piece = cutPiece(product.number, await radio.read(product), range.start, range.end, room);
    if (piece === null) break;
    const count = piece.data.length;
    pieces.push(piece);
    sent.push({ product, start: range.start, end: range.start + count });
    store.markSent(product.number, range, count);
    room -= count + pieceHeaderBytes(piece.product, piece.offset, piece.total, count);
  }
  return { pieces, sent };
};

/**
 * Sends through one contact: fills frames in order of urgency, asks at the end of every turn what is missing, sends
 * that again, here or in the next contact. Nothing leaves before `aos`, after `los`, or above the contact's rate.
 *
 * A turn ends early enough for its report to come back before `los`; the uplink is taken to be free of errors.
 * A station that leaves several turns in a row unanswered is not talked to for the rest of the contact.
 */
export const transmit = async (radio: Radio, outbox: Outbox, contact: Contact): Promise<ContactUse> => {
  const { store } = outbox;
  const reserve = roundTrip(contact, contact.los);
  const lastSend = instant(contact.los - reserve);
  const tally: Tally = { frames: 0, transmitSeconds: 0 };
  let usage = noUsage;
  const send = metered(radio.send, radio.meter, (more) => {
    usage = addUsage(usage, more);
  });
  let t = contact.aos;
  let turn = 0;
  let silentTurns = 0;
  let silentInARow = 0;
  while (t < lastSend && silentInARow < patience) {
    outbox.settle(t);
    if (store.next(t) === null) {
      const wake = earliest(store.nextReady(t), outbox.nextArrival());
      if (wake === null || wake >= lastSend) break;
      t = wake;
      continue;
    }
    const first = timeToSend(contact, radio.rate, t, bytes(frameBytes));
    if (first === null || first > lastSend) break;
    // A turn holds one frame at least, however slow the link.
    const turnEnd = instant(Math.min(Math.max(t + turnLength, first), lastSend));
    const span = { turn, from: onAir(contact, radio.rate, t), to: turnEnd };
    const { outstanding, endedAt } = await sendTurn({ ...radio, send }, outbox, contact, span, tally);
    t = endedAt;
    const report = await radio.report(contact.id, turn);
    turn++;
    silentInARow = report.heard ? 0 : silentInARow + 1;
    if (!report.heard) silentTurns++;
    settleTurn(store, outstanding, report, later(t, report.heard ? roundTrip(contact, t) : reportTimeout));
  }
  return {
    contact: contact.id,
    turns: turn,
    silentTurns,
    transmitSeconds: seconds(tally.transmitSeconds),
    ...usage,
  };
};

/** When the first bit leaves that is sent from `t` on: later where the rate is 0 at first. */
const onAir = (contact: Contact, rate: LinkRate, t: Instant): Instant => {
  const span = rateSpans(contact, rate).find(({ to, rate: bits }) => bits > 0 && to > t);
  return instant(Math.max(t, span?.from ?? t));
};

/**
 * Sends what is most urgent from `from`, when bits leave, until `to` or until nothing is ready, frame on frame without a
 * pause; the last segment asks for the report.
 */
const sendTurn = async (
  radio: Radio,
  outbox: Outbox,
  contact: Contact,
  { turn, from, to }: { readonly turn: number; readonly from: Instant; readonly to: Instant },
  tally: Tally,
): Promise<{
  /** What went out with each frame, in order of frames. */
  readonly outstanding: ReadonlyMap<number, readonly SentPiece[]>;
  readonly endedAt: Instant;
}> => {
  const outstanding = new Map<number, readonly SentPiece[]>();
  let t = from;
  let segment = 0;
  let segmentStart = t;
  let buffer = new Uint8Array(framesPerSegment * frameBytes);
  let frames = 0;
  const flush = async (endsTurn: boolean): Promise<void> => {
    await radio.send({
      satellite: radio.satellite,
      station: contact.station,
      contact: contact.id,
      turn,
      segment: segment++,
      sentFrom: segmentStart,
      sentTo: t,
      firstFrame: tally.frames - frames,
      frameCount: frames,
      frames: buffer.subarray(0, frames * frameBytes),
      endsTurn,
    });
    segmentStart = t;
    frames = 0;
    buffer = new Uint8Array(framesPerSegment * frameBytes);
  };
  while (outstanding.size < turnFrames) {
    // Counted from the turn's first bit: frame by frame, the rounding of instants would add up to a wrong rate.
    const sentAt = timeToSend(contact, radio.rate, from, bytes((outstanding.size + 1) * frameBytes));
    if (sentAt === null || sentAt > to) break;
    outbox.settle(t);
    if (outbox.store.next(t) === null) break;
    // A full segment leaves only when more follows it, so that the last one of a turn is never empty.
    if (frames === framesPerSegment) await flush(false);
    const { pieces, sent } = await fillFrame(radio, outbox, t);
    packFrame(radio.spacecraftId, tally.frames, takeFrom(pieces), buffer, frames * frameBytes);
    frames++;
    outstanding.set(tally.frames, sent);
    tally.frames++;
    t = sentAt;
  }
  tally.transmitSeconds += t - from;
  await flush(true);
  return { outstanding, endedAt: t };
};

const takeFrom = (pieces: readonly Piece[]): (() => Piece | null) => {
  let at = 0;
  return () => pieces[at++] ?? null;
};

const earliest = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : instant(Math.min(a, b));

/** Applies a report: what arrived is acknowledged, what is missing waits to be sent again from `from` on. */
const settleTurn = (
  store: OnboardStore,
  outstanding: ReadonlyMap<number, readonly SentPiece[]>,
  report: TurnReport,
  from: Instant,
): void => {
  // Both are in order of frames. What a report names of earlier turns that nobody heard is long settled.
  let named = 0;
  for (const [frame, sent] of outstanding) {
    while ((report.missing[named]?.[1] ?? Infinity) < frame) named++;
    const isMissing = !report.heard || (report.missing[named]?.[0] ?? Infinity) <= frame;
    for (const { product, start, end } of sent) {
      if (isMissing) store.markMissing(product.number, start, end, from);
      else store.acknowledge(product.number, end - start);
    }
  }
};
