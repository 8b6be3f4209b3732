import { seconds, type Seconds } from "../units.ts";
import type { Protection } from "./upset-plan.ts";

/** What a protection costs, whatever happens. */
export interface ProtectionCost {
  /** Times the memory that weights and tiles take. */
  readonly memory: number;
  /** Copies of weights and tiles, each with a run of the model. */
  readonly copies: number;
  /** Times the seconds of each run. */
  readonly slowdown: number;
}

/** A twentieth for reads and writes of whole words through the code, where software or the memory's controller does it. Assumed. */
const eccSlowdown = 1.05;

const costs: Readonly<Record<Protection, ProtectionCost>> = {
  none: { memory: 1, copies: 1, slowdown: 1 },
  scrub: { memory: 1, copies: 1, slowdown: 1 },
  ecc: { memory: 72 / 64, copies: 1, slowdown: eccSlowdown },
  vote: { memory: 3, copies: 3, slowdown: 1 },
};

/** What a protection costs in memory, copies and time. */
export const costOf = (protection: Protection): ProtectionCost => costs[protection];

/** Bytes a second through a CRC-32 on a small processor with an instruction for it. Assumed. */
const checksumRate = 500e6;
/** Bytes a second out of the flash that holds the weights safely. Assumed. */
const flashRate = 50e6;

/** To read the weights once and take their checksum. */
export const checkTime = (weightBits: number): Seconds => seconds(weightBits / 8 / checksumRate);
/** To copy the weights from flash, where particles do not turn bits, into memory. */
export const reloadTime = (weightBits: number): Seconds => seconds(weightBits / 8 / flashRate);
