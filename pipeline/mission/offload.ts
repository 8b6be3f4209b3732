import type { Bytes, Instant, Seconds } from "../units.ts";

/**
 * Who computes the tiles of an acquisition that waits for its own satellite's computer:
 * - `latency`: whoever is done with them first, where that is sooner than at home;
 * - `energy`: whoever has most charge left above the battery's floor, where that is more than the owner has left.
 */
export type OffloadRule = "energy" | "latency";

/** All offload rules. */
export const offloadRules: readonly OffloadRule[] = ["energy", "latency"];

/** What a computer takes on with the tiles of one acquisition, as far as it is known before they are looked at. */
export interface TileBatch {
  readonly acquisition: number;
  readonly tiles: number;
  /** What the camera took: pixels times bands. */
  readonly samples: number;
  /** The same as the sensor hands them over, uncompressed: what crosses between satellites. */
  readonly bytes: Bytes;
  /** Of the computer at full speed. */
  readonly work: Seconds;
}

/** Tiles that a satellite gave to another to be computed there. All of an acquisition go together: what is found is merged across their edges. */
export interface GivenTiles extends TileBatch {
  readonly to: string;
  /** When it was decided, and from when on the other has them. */
  readonly at: Instant;
  readonly from: Instant;
}

/** What a satellite had computed elsewhere, and what its terminals sent for that. */
export interface OffloadUse {
  readonly given: readonly GivenTiles[];
  /** Pixels over crosslinks, its own and those that it passed on: batches times crosslinks, bytes and time of sending. */
  readonly sent: { readonly batches: number; readonly bytes: Bytes; readonly transmitSeconds: Seconds };
}
