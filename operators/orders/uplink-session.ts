import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { framesLost } from "../../pipeline/link/frames/frame-survival.ts";
import { frameRoom, type LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { lightTime, uplinkTime } from "../../pipeline/link/rate/light-time.ts";
import { timeToSend, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { orderTime } from "../../pipeline/link/rate/uplink-share.ts";
import { telecommandBytes, telecommandRoom } from "../../pipeline/link/transfer/turn-report.ts";
import type { LinkErrors } from "../../pipeline/mission/run-plan.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { bytes, instant, later, seconds, type Bytes, type Instant } from "../../pipeline/units.ts";

/** What goes up in one contact besides reports. */
export interface UplinkLoad {
  readonly contact: Contact;
  /** Of the downlink, which acknowledges. */
  readonly rate: LinkRate;
  readonly protection: LinkProtection;
  readonly errors: LinkErrors;
  readonly seed: number;
  /** Requests for tiles, coding included: they go first. */
  readonly before: Bytes;
  /** Encoded lengths of orders, in the order in which they go up. */
  readonly orders: readonly Bytes[];
  /** Length of the answers that went on waiting since the last contact; 0 for none. */
  readonly waiting: Bytes;
  /** Length of the answer to each order. */
  readonly answers: readonly Bytes[];
}

/** A stretch of time in which a radio is at work. */
export interface RadioTime {
  readonly from: Instant;
  readonly to: Instant;
}

/** What became of it. */
export interface UplinkOutcome {
  /** When the last frame of each order was on board; `null`: not in this contact. */
  readonly heardAt: readonly (Instant | null)[];
  /** When a station had the answer to each order; `null`: it never came down. */
  readonly toldAt: readonly (Instant | null)[];
  /** The same of the answers that waited. */
  readonly waitingToldAt: Instant | null;
  /** Telecommand frames with orders, and their bytes with coding. */
  readonly up: {
    readonly bytes: Bytes;
    readonly frames: number;
    readonly lostFrames: number;
    readonly times: readonly RadioTime[];
    /** Of `bytes`, those of each order. */
    readonly each: readonly Bytes[];
  };
  /** Frames down that acknowledge and answer. */
  readonly down: {
    readonly bytes: Bytes;
    readonly frames: number;
    readonly lostFrames: number;
    readonly times: readonly RadioTime[];
  };
}

/** What either end needs between what it hears and what it says. */
const turnaround = 0.05;
/** How long the station waits for an acknowledgement before it sends again, and how often before it gives up. */
const patienceTime = 2;
const patience = 3;

/** Of one 63-bit codeword of BCH (63,56): what one wrong bit it corrects; two are found, and the frame is dropped (CCSDS 231.0-B §3). */
const codewordSurvives = (bitErrorRate: number): number =>
  (1 - bitErrorRate) ** 63 + 63 * bitErrorRate * (1 - bitErrorRate) ** 62;

/** Bytes of the telecommand frames of an order, coding included, one by one. */
const framesOf = (length: Bytes, protection: LinkProtection): readonly Bytes[] => {
  const room = telecommandRoom(protection);
  const count = Math.max(1, Math.ceil(length / room));
  return Array.from({ length: count }, (_, n) =>
    telecommandBytes(Math.min(room, length - n * room), protection),
  );
};

/**
 * One contact of the uplink, from lock to loss: orders go up frame by frame, most urgent first; the satellite then acknowledges with a
 * frame down that carries its answers; what was lost goes up again, until all is acknowledged or the contact ends. A frame fades like a segment of the downlink
 * (`segmentLossRate`), is corrupt where a codeword has two wrong bits or more, and is lost while the station is out. All of it follows from
 * the contact, the orders and the seed.
 */
export const flyUplink = (load: UplinkLoad): UplinkOutcome => {
  const { contact, rate, protection, errors, seed, orders, answers } = load;
  const { station, lockedAt, los } = contact;
  const isOut = (from: number, to: number): boolean =>
    errors.outages.some((one) => one.station === station && one.from <= to && from < one.to);
  const survives = codewordSurvives(errors.bitErrorRate);
  const heardAt: (Instant | null)[] = orders.map(() => null);
  const toldAt: (Instant | null)[] = orders.map(() => null);
  let waitingToldAt: Instant | null = null;
  const up = { bytes: 0, frames: 0, lostFrames: 0, times: [] as RadioTime[] };
  const each = orders.map(() => 0);
  const down = { bytes: 0, frames: 0, lostFrames: 0, times: [] as RadioTime[] };
  /** Frames of each order that the satellite does not have, as far as the station knows, and as it is. */
  const unacknowledged = orders.map((length) => new Set(framesOf(length, protection).keys()));
  const missing = orders.map((length) => new Set(framesOf(length, protection).keys()));
  const sizes = orders.map((length) => framesOf(length, protection));
  const outcome = (): UplinkOutcome => ({
    heardAt,
    toldAt,
    waitingToldAt,
    up: { ...up, bytes: bytes(up.bytes), each: each.map(bytes) },
    down: { ...down, bytes: bytes(down.bytes) },
  });
  let t: number = lockedAt + uplinkTime(contact, load.before);
  let silent = 0;
  // A station that is out at lock does not know that the satellite is there.
  if (lockedAt >= los || isOut(lockedAt, lockedAt)) return outcome();

  for (let round = 0; silent < patience; round++) {
    const begun = t;
    for (const [n, frames] of unacknowledged.entries()) {
      for (const frame of frames) {
        const size = sizes[n]?.[frame] ?? bytes(0);
        const end = t + orderTime(contact, protection, size);
        const arrives = end + lightTime(contact, instant(end));
        if (arrives > los) return outcome();
        const random = seeded(seed, "uplink", contact.id, round, n, frame);
        const codewords = Math.floor((size - 10) / 8);
        const isLost =
          isOut(t, end) ||
          random.uniform() < errors.segmentLossRate ||
          random.uniform() >= survives ** codewords;
        up.bytes += size;
        each[n] = (each[n] ?? 0) + size;
        up.frames++;
        if (isLost) up.lostFrames++;
        else {
          missing[n]?.delete(frame);
          if (missing[n]?.size === 0) heardAt[n] ??= instant(arrives);
        }
        t = end;
      }
    }
    const sent = t > begun || unacknowledged.some(({ size }) => size > 0);
    if (t > begun) up.times.push({ from: instant(begun), to: instant(t) });
    const told = heardAt.flatMap((at, n) => (at !== null && toldAt[n] === null ? [n] : []));
    const isWaiting = waitingToldAt === null && load.waiting > 0;
    if (!sent && !isWaiting) break;
    const data = (isWaiting ? load.waiting : 0) + told.reduce((sum, n) => sum + (answers[n] ?? 0), 2);
    const count = Math.max(1, Math.ceil(data / frameRoom(protection)));
    const from = t + lightTime(contact, instant(t)) + turnaround;
    const to = timeToSend(contact, rate, instant(from), bytes(count * frameBytes));
    if (to === null) break;
    down.bytes += count * frameBytes;
    down.frames += count;
    down.times.push({ from: instant(from), to });
    // Turns of the downlink count from 0: these are no part of them.
    const place = {
      station,
      contact: contact.id,
      turn: -1 - round,
      segment: 0,
      sentFrom: instant(from),
      sentTo: to,
    };
    const lost = framesLost({ ...errors, seed }, place, count);
    const lostCount = lost === null ? count : lost.length;
    down.lostFrames += lostCount;
    const arrives = later(to, lightTime(contact, to));
    if (lostCount > 0) {
      silent++;
      t = from + patienceTime;
      continue;
    }
    silent = 0;
    if (isWaiting) waitingToldAt = arrives;
    for (const n of told) toldAt[n] = arrives;
    for (const [n, frames] of unacknowledged.entries())
      for (const frame of frames) if (missing[n]?.has(frame) === false) frames.delete(frame);
    t = arrives + turnaround;
    if (unacknowledged.every(({ size }) => size === 0)) break;
  }
  return outcome();
};

/** Seconds of several stretches together. */
export const totalTime = (times: readonly RadioTime[]) =>
  seconds(times.reduce((sum, { from, to }) => sum + to - from, 0));
