import type { BitsPerSecond, Instant } from "../../units.ts";

/** A stretch of a contact at one rate. */
export interface RateSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly rate: BitsPerSecond;
  /** MODCOD in force, where the link has any. */
  readonly modcod?: string;
}

/** Adds a stretch at the end; one at the rate of the last goes on with it, an empty one is left out. */
export const appendSpan = (spans: RateSpan[], span: RateSpan): void => {
  const last = spans.at(-1);
  if (last !== undefined && last.rate === span.rate && last.modcod === span.modcod) {
    spans[spans.length - 1] = { ...last, to: span.to };
  } else if (span.to > span.from) spans.push(span);
};
