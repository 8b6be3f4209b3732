import type { Bytes, Instant } from "../../pipeline/units.ts";

/** Bytes that come into the store at a moment. */
export interface Inflow {
  readonly at: Instant;
  readonly size: Bytes;
}

/** A contact and the bytes of products that it could carry, evenly over its length. */
export interface Outflow {
  readonly from: Instant;
  readonly to: Instant;
  readonly carries: Bytes;
}

/** How full a store gets. */
export interface StoreLevel {
  readonly fullest: number;
  readonly atEnd: number;
}

/**
 * A store as a reservoir: products come in whole, contacts drain it evenly, and it is never below empty. `inflows` in order of
 * time, `outflows` in order and apart; `work` times as much comes in as `inflows` say. Bytes.
 */
export const storeLevel = (
  inflows: readonly Inflow[],
  outflows: readonly Outflow[],
  work: number,
  initial = 0,
): StoreLevel => {
  let level = initial;
  let fullest = initial;
  let next = 0;
  let now = -Infinity;
  const drainTo = (until: number): void => {
    while (next < outflows.length) {
      const { from, to, carries } = outflows[next] as Outflow;
      const begin = Math.max(now, from);
      const end = Math.min(until, to);
      if (end > begin && to > from) level = Math.max(0, level - (carries * (end - begin)) / (to - from));
      if (to > until) break;
      next++;
    }
    now = until;
  };
  for (const { at, size } of inflows) {
    drainTo(at);
    level += work * size;
    if (level > fullest) fullest = level;
  }
  drainTo(Infinity);
  return { fullest, atEnd: level };
};

/**
 * The same when day follows day: each begins with what the one before left. `null` where every day leaves more than the one before,
 * so that any store is full in the end.
 */
export const steadyStoreLevel = (
  inflows: readonly Inflow[],
  outflows: readonly Outflow[],
  work: number,
): StoreLevel | null => {
  const first = storeLevel(inflows, outflows, work);
  const second = storeLevel(inflows, outflows, work, first.atEnd);
  // What a day leaves never shrinks from the first day on; a second that leaves no more is the steady one.
  return second.atEnd > first.atEnd * (1 + 1e-9) + 1 ? null : second;
};
