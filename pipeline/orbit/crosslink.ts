import type { BitsPerSecond, Instant, Metres } from "../units.ts";

/** Two satellites with a terminal each turned to the other. Bits flow both ways from `from` to `to`. */
export interface Crosslink {
  /** `<a>.<b>.<n>`, n counting from 0 in time order for that pair. */
  readonly id: string;
  /** `a` before `b` in the order of their names. */
  readonly a: string;
  readonly b: string;
  /** 0 … terminals − 1. */
  readonly terminalA: number;
  readonly terminalB: number;
  /** From here on both terminals are taken and point; no bit flows before `from`, which is `to` where they never find each other. */
  readonly pointingFrom: Instant;
  readonly from: Instant;
  readonly to: Instant;
  /** Over the window that the link is part of. */
  readonly minRange: Metres;
  readonly maxRange: Metres;
  /** Stretches of [from, to] in order with the rate of each, where it follows from the distance; absent: that of the terminals all along. */
  readonly rates?: readonly { readonly from: Instant; readonly to: Instant; readonly rate: BitsPerSecond }[];
}

/** Which satellites are linked when. */
export interface CrosslinkPlan {
  readonly from: Instant;
  readonly to: Instant;
  /** In order of `from`, then of the satellites' names. */
  readonly links: readonly Crosslink[];
}
