import { exact } from "./resource.ts";

/**
 * Splits a whole number among weights so that the parts are whole and add up to it: each gets its exact part rounded down, and the largest
 * remainders one more (Hamilton's method; ties go to the first). All 0, or nobody: nobody gets anything, and the answer says how much is left.
 * Throws `RangeError` for weights below 0.
 */
export const apportion = (
  total: number,
  weights: readonly number[],
): { readonly parts: readonly number[]; readonly left: number } => {
  exact(total);
  const sum = weights.reduce((all, weight) => {
    if (!(weight >= 0)) throw new RangeError(`a weight of ${weight}`);
    return all + weight;
  }, 0);
  if (sum === 0) return { parts: weights.map(() => 0), left: total };
  const shares = weights.map((weight, index) => {
    const ideal = (total * weight) / sum;
    const whole = Math.min(Math.floor(ideal), total);
    return { index, whole, rest: ideal - whole };
  });
  const parts = shares.map(({ whole }) => whole);
  // Rounding of floats may have given out one too many of a huge total.
  let missing = total - parts.reduce((all, part) => all + part, 0);
  const order = shares
    .filter(({ index }) => (weights[index] as number) > 0)
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (let turn = 0; missing !== 0; turn = (turn + 1) % order.length) {
    const { index } = order[turn] as (typeof order)[number];
    const step = Math.sign(missing);
    if ((parts[index] as number) + step < 0) continue;
    parts[index] = (parts[index] as number) + step;
    missing -= step;
  }
  return { parts, left: 0 };
};
