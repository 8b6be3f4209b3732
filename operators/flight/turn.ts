import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { frameRoom, type LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { noUsage, type LinkUsage } from "../../pipeline/link/frames/metered.ts";
import { pieceHeaderBytes, pieceLength } from "../../pipeline/link/frames/piece.ts";
import { timeToSend, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { varintBytes } from "../../pipeline/link/frames/varint.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { bytes, type Instant } from "../../pipeline/units.ts";
import type { Inventory } from "./inventory.ts";
import type { StoredProduct } from "./store.ts";

/** A stretch of one product's envelope in one frame. */
export interface PlannedPiece {
  readonly product: StoredProduct;
  readonly offset: number;
  readonly length: number;
  /** Sent before. */
  readonly resend: boolean;
}

/**
 * Frames in a row that are laid out alike: one frame with its pieces, or several that one product fills to the brim, each
 * with the next `length` bytes. An image of a thousand frames is three runs and not a thousand.
 */
export interface FrameRun {
  /** Counts from 0 in the contact. */
  readonly firstFrame: number;
  readonly frames: number;
  /** Of the first frame. */
  readonly pieces: readonly PlannedPiece[];
}

/** What one turn sends, as plain data: the radio packs it into real frames, a simulation only counts it. */
export interface TurnPlan {
  /** When the first bit leaves and when the last has left. */
  readonly from: Instant;
  readonly to: Instant;
  readonly firstFrame: number;
  readonly frames: number;
  /** What each frame carries of pieces and their headers. */
  readonly room: number;
  readonly runs: readonly FrameRun[];
}

/** Frames (42 MB) after which the station is asked what it missed: this bounds what the ground holds with gaps. */
const turnFrames = 32_768;

/** Takes the most urgent pieces of one frame out of the store's queue at time `t`; something must be ready. */
const fillFrame = ({ store }: Inventory, t: Instant, frame: number): readonly PlannedPiece[] => {
  const pieces: PlannedPiece[] = [];
  let room = frame;
  for (let next = store.next(t); next !== null; next = store.next(t)) {
    const { product, range } = next;
    const { number, size } = product;
    const length = pieceLength(number, size, range.start, range.end, room);
    if (length === 0) break;
    pieces.push({ product, offset: range.start, length, resend: range.resend });
    store.markSent(number, range, length);
    room -= length + pieceHeaderBytes(number, range.start, size, length);
  }
  return pieces;
};

/**
 * How many frames after the one that `piece` fills are filled in the same way by what follows in its product: the same
 * range, no field of their piece headers gets longer, and the order of sending does not give their place to another.
 */
const alikeAfter = (
  { store }: Inventory,
  t: Instant,
  { product, offset, length, resend }: PlannedPiece,
  room: number,
): number => {
  const next = store.next(t);
  if (next?.product !== product || next.range.resend !== resend) return 0;
  const { start, end } = next.range;
  if (start !== offset + length) return 0;
  if (pieceLength(product.number, product.size, start, end, room) !== length) return 0;
  const width = varintBytes(offset);
  const sameWidthUntil = width === 5 ? Infinity : 2 ** (7 * width) - 1;
  const alike = Math.floor((Math.min(end - length, sameWidthUntil) - offset) / length);
  return Math.min(alike, Math.ceil(Math.max(0, store.leeway(product.number)) / length));
};

/** The largest n up to `limit` for which `holds`, which holds for 0 and never again once it has failed. */
const largest = (limit: number, holds: (n: number) => boolean): number => {
  if (holds(limit)) return limit;
  let low = 0;
  let high = limit - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The earlier of two moments, of which either may never come. */
export const earliest = (a: Instant | null, b: Instant | null): Instant | null => {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
};

/**
 * Plans one turn: frame on frame without a pause from `from` on, when bits leave, until `to` or until nothing is ready,
 * each frame with what is most urgent when it begins. Takes what it plans out of the store's queue.
 */
export const planTurn = (
  inventory: Inventory,
  contact: Contact,
  rate: LinkRate,
  {
    from,
    to,
    firstFrame,
    protection = "none",
  }: {
    readonly from: Instant;
    readonly to: Instant;
    readonly firstFrame: number;
    readonly protection?: LinkProtection;
  },
): TurnPlan => {
  const { store } = inventory;
  const room = frameRoom(protection);
  // Counted from the turn's first bit: frame by frame, the rounding of instants would add up to a wrong rate.
  const sentAt = (frames: number): Instant | null =>
    frames === 0 ? from : timeToSend(contact, rate, from, bytes(frames * frameBytes));
  const fits = (frames: number): boolean => (sentAt(frames) ?? Infinity) <= to;
  const runs: FrameRun[] = [];
  let sent = 0;
  let t = from;
  while (sent < turnFrames && fits(sent + 1)) {
    inventory.settle(t);
    if (store.next(t) === null) break;
    const pieces = fillFrame(inventory, t, room);
    const [piece] = pieces;
    const alike = pieces.length === 1 && piece !== undefined ? alikeAfter(inventory, t, piece, room) : 0;
    let frames = 1;
    if (alike > 0 && piece !== undefined) {
      // Within the order's leeway nothing but what arrives, or may be sent again, can claim the place of what is being sent.
      const event = earliest(inventory.nextArrival(), store.nextReady(t)) ?? Infinity;
      const before = sent;
      const more = largest(Math.min(alike, turnFrames - before - 1), (n) => {
        const begins = sentAt(before + n) ?? Infinity;
        return n === 0 || (begins < event && fits(before + n + 1));
      });
      if (more > 0) {
        const { range } = store.next(t) as NonNullable<ReturnType<typeof store.next>>;
        store.markSent(piece.product.number, range, more * piece.length);
        frames += more;
      }
    }
    runs.push({ firstFrame: firstFrame + sent, frames, pieces });
    sent += frames;
    t = sentAt(sent) as Instant;
  }
  return { from, to: t, firstFrame, frames: sent, room, runs };
};

/** What a turn puts on the link, byte for byte as `LinkMeter` reads it from the frames. */
export const countTurn = ({ frames, room, runs }: TurnPlan): LinkUsage => {
  const payload: Record<ProductKind, number> = { ...noUsage.payload };
  let resent = 0;
  let used = 0;
  let carried = 0;
  for (const run of runs) {
    for (const { product, offset, length, resend } of run.pieces) {
      const data = length * run.frames;
      carried += data;
      used += data + run.frames * pieceHeaderBytes(product.number, offset, product.size, length);
      if (resend) resent += data;
      else payload[product.kind] += data;
    }
  }
  const total = frames * frameBytes;
  const idle = frames * room - used;
  return {
    frames,
    total: bytes(total),
    payload,
    resent: bytes(resent),
    idle: bytes(idle),
    framing: bytes(total - carried - idle),
  };
};

/** When the first `sent` frames of a turn have left. */
export const departure = (
  contact: Contact,
  rate: LinkRate,
  { from, to, frames }: TurnPlan,
  sent: number,
): Instant => {
  if (sent === 0) return from;
  return sent === frames ? to : (timeToSend(contact, rate, from, bytes(sent * frameBytes)) as Instant);
};

/** Every frame of a turn with its pieces, in order. */
export function* framesOf({ runs }: TurnPlan): Generator<readonly PlannedPiece[]> {
  for (const { frames, pieces } of runs) {
    for (let n = 0; n < frames; n++) {
      yield n === 0 ? pieces : pieces.map((piece) => ({ ...piece, offset: piece.offset + n * piece.length }));
    }
  }
}
