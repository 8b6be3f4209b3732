/** The sum of what `value` says of each item. */
export const sumOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);

/**
 * The smallest value that `share` of `of` values do not exceed (nearest rank, Hyndman and Fan's type 1): always one that occurred. Values
 * beyond those `sorted` count as endless; `null` when it is one of them.
 */
export const nearestRank = (
  sorted: { readonly length: number; readonly [index: number]: number },
  share: number,
  of: number = sorted.length,
): number | null => sorted[Math.max(0, Math.ceil(share * of) - 1)] ?? null;

/** The q-quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7). */
export const interpolatedQuantile = (sorted: readonly number[], q: number): number => {
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
};
