import { hkdfSync } from "node:crypto";
import { SwathError } from "../../errors.ts";

/** A satellite's secret, which it shares with the ground. */
export interface LinkKey {
  /** Counts from 1; each rollover brings the next. */
  readonly generation: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** One way of one satellite's link in one run: what its traffic key is derived for. */
export interface LinkChannel {
  /** As its streams are called: a frame of one run is none of another. */
  readonly run: string;
  readonly satellite: string;
  readonly direction: "down" | "up";
  /** The station, or the mission centre, at the other end. */
  readonly ground: string;
  /** Of `ground`: the centre is 0, the stations of the plan follow in its order. */
  readonly groundIndex: number;
}

/** What protects one channel: AES-256 key, the first 8 bytes of every GCM initialisation vector, the index that frames carry. */
export interface TrafficKey {
  readonly spi: number;
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

const generations = 15;
const grounds = 2048;

/**
 * The security parameter index: four bits of generation (1 … 15, then from 1 again), eleven of the end on the ground, one of direction.
 * 0 and 65,535 are reserved (CCSDS 355.0-B §4.1.1.2) and cannot come up.
 * Throws `SwathError("link")` for more stations than it can name.
 */
export const securityIndex = (
  { direction, groundIndex }: Pick<LinkChannel, "direction" | "groundIndex">,
  generation: number,
): number => {
  if (groundIndex >= grounds - 1) {
    throw new SwathError("link", {
      what: "a protected link",
      wanted: `at most ${grounds - 2} stations`,
      got: `number ${groundIndex}`,
    });
  }
  const turn = ((generation - 1) % generations) + 1;
  return (turn << 12) | (groundIndex << 1) | (direction === "up" ? 1 : 0);
};

/** Derives what protects a channel from the satellite's secret (HKDF-SHA-256, RFC 5869). */
export const trafficKey = (channel: LinkChannel, { generation, secret }: LinkKey): TrafficKey => {
  const { run, satellite, direction, ground } = channel;
  const info = JSON.stringify(["swath link", 1, satellite, direction, ground, generation]);
  const derived = new Uint8Array(hkdfSync("sha256", secret, run, info, 40));
  return {
    spi: securityIndex(channel, generation),
    key: derived.subarray(0, 32),
    salt: derived.subarray(32),
  };
};
