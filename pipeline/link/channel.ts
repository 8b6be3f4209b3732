import type { Seeded } from "../seeded.ts";
import { seeded } from "../seeded.ts";
import type { Instant } from "../units.ts";
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

export interface ChannelOutput {
  /** As the station hears it: bits flipped in a copy, or `frames` empty when all of it is lost. */
  readonly segment: LinkSegment;
  readonly lost: "outage" | "fade" | null;
  readonly flippedBits: number;
}

export type Channel = (segment: LinkSegment) => ChannelOutput;

/**
 * A channel with errors. What happens to a segment depends on the seed and on the segment's place (contact, turn,
 * number), never on what went through before it. A segment that overlaps an outage is lost as a whole.
 */
export const noisyChannel =
  (errors: ChannelErrors & { readonly seed: number }): Channel =>
  (segment) => {
    const { station, contact, turn, segment: number, sentFrom, sentTo, frames } = segment;
    const isOut = errors.outages.some((o) => o.station === station && o.from <= sentTo && sentFrom < o.to);
    if (isOut) return lostTo("outage", segment);
    const random = seeded(errors.seed, "channel", contact, turn, number);
    if (random.uniform() < errors.segmentLossRate) return lostTo("fade", segment);
    const noisy = new Uint8Array(frames); // Not `slice`: that of a Buffer does not copy.
    return {
      segment: { ...segment, frames: noisy },
      lost: null,
      flippedBits: flipBits(noisy, errors.bitErrorRate, random),
    };
  };

const lostTo = (lost: "outage" | "fade", segment: LinkSegment): ChannelOutput => ({
  segment: { ...segment, frames: new Uint8Array(0) },
  lost,
  flippedBits: 0,
});

/** Flips each bit with the given probability, in place; returns how many were flipped. Steps from flip to flip. */
const flipBits = (buffer: Uint8Array, probability: number, random: Seeded): number => {
  const bits = buffer.length * 8;
  let flipped = 0;
  for (let at = random.geometric(probability); at < bits; at += 1 + random.geometric(probability)) {
    buffer[at >>> 3]! ^= 0x80 >>> (at & 7);
    flipped++;
  }
  return flipped;
};
