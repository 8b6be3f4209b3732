import type { Seconds } from "../units.ts";

/** Protections against bit flips, from none to three copies that vote. */
export const protections = ["none", "scrub", "ecc", "vote"] as const;

/**
 * What is done against bits that particles turn over, in the weights of the onboard model and in captured tiles:
 * `none`; `scrub`: the weights' checksum is looked at now and then, and the weights are read anew where it is wrong;
 * `ecc`: memory with a Hamming code that corrects one bit of 64 and detects two; `vote`: three copies, three runs, the majority.
 */
export type Protection = (typeof protections)[number];

/** Radiation in a run's memories. A run without it stands on ground that no particle reaches. */
export interface UpsetPlan {
  /** Times the real rate. */
  readonly factor: number;
  readonly protection: Protection;
  /** How long at most weights are used without a look at their checksum, and words with one wrong bit stay in memory. */
  readonly scrubEvery: Seconds;
}
