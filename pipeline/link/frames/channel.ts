import { seeded } from "../../seeded.ts";
import type { Instant } from "../../units.ts";
import type { LinkSegment } from "./segment.ts";

/** What the space between antenna and antenna does to what is sent. */
export interface ChannelErrors {
  /** Probability that a channel bit flips, each by itself. */
  readonly bitErrorRate: number;
  /** Probability that a whole segment fades away. */
  readonly segmentLossRate: number;
  /** Stretches of time in which a station hears nothing. */
  readonly outages: readonly { readonly station: string; readonly from: Instant; readonly to: Instant }[];
}

/** Where a segment stands: all that its fate depends on, besides the seed. */
export type SegmentPlace = Pick<
  LinkSegment,
  "station" | "contact" | "turn" | "segment" | "sentFrom" | "sentTo"
>;

/** What becomes of a segment: lost as a whole, or heard with some of its bits flipped. */
export type SegmentFate =
  | { readonly lost: "outage" | "fade" }
  /** `nextFlip` gives the numbers of the flipped bits in order, from the segment's first; it never ends. */
  | { readonly lost: null; readonly nextFlip: () => number };

/**
 * The fate of a segment. It depends on the seed and on the segment's place (contact, turn, number), never on what is in
 * it nor on what went before it. A segment that overlaps an outage is lost as a whole.
 */
export const segmentFate = (
  errors: ChannelErrors & { readonly seed: number },
  { station, contact, turn, segment, sentFrom, sentTo }: SegmentPlace,
): SegmentFate => {
  const isOut = errors.outages.some((o) => o.station === station && o.from <= sentTo && sentFrom < o.to);
  if (isOut) return { lost: "outage" };
  const random = seeded(errors.seed, "channel", contact, turn, segment);
  if (random.uniform() < errors.segmentLossRate) return { lost: "fade" };
  let bit = -1;
  // From flip to flip, each bit flips with the given probability.
  return { lost: null, nextFlip: () => (bit += 1 + random.geometric(errors.bitErrorRate)) };
};

/** What the channel made of a segment. */
export interface ChannelOutput {
  /** As the station hears it: bits flipped in a copy, or `frames` empty when all of it is lost. */
  readonly segment: LinkSegment;
  readonly lost: "outage" | "fade" | null;
  readonly flippedBits: number;
}

/** A channel between satellite and station: takes what was sent, gives what is heard. */
export type Channel = (segment: LinkSegment) => ChannelOutput;

/** A channel with errors: does to real frames what `segmentFate` says. */
export const noisyChannel =
  (errors: ChannelErrors & { readonly seed: number }): Channel =>
  (segment) => {
    const fate = segmentFate(errors, segment);
    if (fate.lost !== null) {
      return { segment: { ...segment, frames: new Uint8Array(0) }, lost: fate.lost, flippedBits: 0 };
    }
    const frames = new Uint8Array(segment.frames); // Not `slice`: that of a Buffer does not copy.
    let flippedBits = 0;
    for (let at = fate.nextFlip(); at < frames.length * 8; at = fate.nextFlip()) {
      frames[at >>> 3]! ^= 0x80 >>> (at & 7);
      flippedBits++;
    }
    return { segment: { ...segment, frames }, lost: null, flippedBits };
  };
