import { seeded } from "../../pipeline/seeded.ts";
import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";

/** How often terminals find each other. */
export interface LockChance {
  /** Share of tries that succeed, above 0 and up to 1. */
  readonly share: number;
  readonly seed: number;
}

/**
 * When bits begin to flow on a link whose terminals turn to each other at `pointingFrom`: after as many tries as it takes, each as long
 * as the first; `to`, and so never, where the link ends before. It follows from seed and link alone.
 */
export const lockedFrom = (
  link: { readonly id: string; readonly pointingFrom: Instant; readonly to: Instant },
  tryTime: Seconds,
  { share, seed }: LockChance,
): Instant => {
  const random = seeded(seed, "crosslink lock", link.id);
  let at = link.pointingFrom + tryTime;
  while (random.uniform() >= share) {
    at += tryTime;
    // Tries that take no time fail no longer than others.
    if (tryTime === 0 || at >= link.to) break;
  }
  return instant(Math.min(at, link.to));
};
