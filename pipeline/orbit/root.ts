/**
 * A root of `f` between `a` and `b`, where `f(a)` and `f(b)` differ in sign, to within `tolerance` in the argument.
 * T. R. Chandrupatla, Advances in Engineering Software 28 (1997) 145–149: inverse quadratic interpolation where that is
 * safe, bisection where not. About six evaluations for the smooth crossings of orbits.
 */
export const rootBetween = (
  f: (argument: number) => number,
  a: number,
  fa: number,
  b: number,
  fb: number,
  tolerance: number,
): number => {
  // 1 is the newest point, 2 the other end of the bracket, 3 the point that was dropped last.
  let [x1, f1, x2, f2, x3, f3] = [a, fa, b, fb, b, fb];
  let fraction = 0.5;
  for (let round = 0; round < 100; round++) {
    const x = x1 + fraction * (x2 - x1);
    const fx = f(x);
    if (fx > 0 === f1 > 0) {
      x3 = x1;
      f3 = f1;
    } else {
      x3 = x2;
      f3 = f2;
      x2 = x1;
      f2 = f1;
    }
    x1 = x;
    f1 = fx;

    const smallest = tolerance / Math.abs(x2 - x1);
    if (smallest > 0.5 || f1 === 0) break;

    const xi = (x1 - x2) / (x3 - x2);
    const phi = (f1 - f2) / (f3 - f2);
    const interpolates = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
    const guess = interpolates
      ? (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2))
      : 0.5;
    fraction = Math.min(1 - smallest, Math.max(smallest, guess));
  }
  return Math.abs(f2) < Math.abs(f1) ? x2 : x1;
};
