/** Nobody looks for more: what fits at this multiple of its work is not limited by it. */
export const endless = 1e6;

/** Ends when the interval is this narrow, relative to its upper end. */
const precision = 1e-3;

/**
 * The largest multiple of the work at which `fits` still holds, to 0.1 %, by doubling and then by halving intervals; it must hold
 * below wherever it holds above. 0: it does not hold even without work; `null`: it holds at any.
 */
export const mostThatFits = (fits: (work: number) => boolean): number | null => {
  if (!fits(0)) return 0;
  let [low, high] = [0, 1];
  while (fits(high)) {
    if (high >= endless) return null;
    low = high;
    high = Math.min(2 * high, endless);
  }
  while (high - low > precision * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle < 1e-9) break;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
};
