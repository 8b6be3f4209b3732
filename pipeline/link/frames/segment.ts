import type { Instant } from "../../units.ts";

/**
 * What crosses the space link in one NATS message: whole coded frames, back to back, at most 256 KiB.
 * A turn is a stretch of a contact after which the station reports what it missed.
 */
export interface LinkSegment {
  readonly satellite: string;
  readonly station: string;
  /** `Contact.id`. */
  readonly contact: string;
  /** Counts from 0 in each contact. */
  readonly turn: number;
  /** Counts from 0 in each turn. */
  readonly segment: number;
  /** When the first bit left and the last bit had left the satellite. */
  readonly sentFrom: Instant;
  readonly sentTo: Instant;
  /** Number of the first frame; frame numbers count from 0 in each contact and never repeat in it. */
  readonly firstFrame: number;
  readonly frameCount: number;
  /** `frameCount` coded frames; after a noisy channel possibly altered, empty when the whole segment was lost. */
  readonly frames: Uint8Array;
  /** True for the last segment of a turn: the station answers it with a report, heard or not. */
  readonly endsTurn: boolean;
}

/** The station's answer to a turn. */
export interface TurnReport {
  readonly contact: string;
  readonly turn: number;
  /**
   * Frames that never arrived whole, of those sent in this contact since the last report that was heard, up to and with
   * this turn; [first, last] both included, in order, apart from each other.
   */
  readonly missing: readonly (readonly [first: number, last: number])[];
  /** False when the station heard nothing at all (an outage): the satellite then learns nothing. */
  readonly heard: boolean;
}
