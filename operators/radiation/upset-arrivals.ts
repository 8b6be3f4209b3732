import { seeded, type SeedKey } from "../../pipeline/seeded.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { RadiationExposure } from "./exposure.ts";

/** One bit turned over. */
export interface Upset {
  readonly at: Instant;
  /** 0 … bits − 1. */
  readonly bit: number;
}

/** A piece of memory as particles see it. */
export interface ExposedMemory {
  /** Names it in the seed: two memories of one name are hit at the same moments in the same bits. */
  readonly key: readonly SeedKey[];
  readonly bits: number;
  /** Times the real rate. */
  readonly factor: number;
}

/**
 * The upsets of a memory in [from, to), in order of time: a Poisson process with the rate of each cell of the exposure, every
 * bit as likely as any other. Each cell has its own seed, so that what happens in a stretch does not depend on how the time
 * before it was asked for: [a, b) and [b, c) together are [a, c). A particle turns one bit (98.6 % of upsets on Alsat-1 did).
 */
export const upsetsIn = (
  exposure: RadiationExposure,
  { key, bits, factor }: ExposedMemory,
  from: Instant,
  to: Instant,
): readonly Upset[] => {
  const { from: start, cell, perCell } = exposure;
  const upsets: Upset[] = [];
  const first = Math.max(0, Math.floor((from - start) / cell));
  const last = Math.min(perCell.length, Math.ceil((to - start) / cell));
  for (let index = first; index < last; index++) {
    const mean = (perCell[index] as number) * bits * factor;
    const random = seeded(...key, index);
    // Unit exponential gaps until the mean is used up: the moments come sorted.
    for (let sum = -Math.log1p(-random.uniform()); sum < mean; sum -= Math.log1p(-random.uniform())) {
      const at = instant(start + (index + sum / mean) * cell);
      const bit = random.integer(bits);
      if (at >= from && at < to) upsets.push({ at, bit });
    }
  }
  return upsets;
};
