import { circlePoints, placeFrom } from "./sphere.ts";
import { degreesBetween, type LonLat } from "./view.ts";

/** A station's horizon on the ground: who is under it can be heard. */
export interface Horizon {
  readonly centre: LonLat;
  /** Degrees. */
  readonly radius: number;
}

const points = 180;

/**
 * The outline of the union of all horizons: of each circle those stretches that no other circle covers. Ends are found by bisection, so
 * that stretches of two circles meet in their corner. Circles drawn one over another look like a muddy grid; their union says
 * the same with one line.
 */
export const hearingOutline = (horizons: readonly Horizon[]): readonly (readonly LonLat[])[] => {
  const outer = horizons.filter((own, index) => !horizons.some((other, at) => hides(other, at, own, index)));
  return outer.flatMap((own) => {
    const others = outer.filter(
      (other) => other !== own && degreesBetween(own.centre, other.centre) < own.radius + other.radius,
    );
    const isFree = (place: LonLat): boolean =>
      !others.some((other) => degreesBetween(place, other.centre) < other.radius);
    if (others.length === 0) return [circlePoints(own.centre, own.radius, points)];
    const at = (step: number): LonLat => placeFrom(own.centre, (360 * step) / points, own.radius);
    const edge = (free: number, covered: number): LonLat => {
      let [low, high] = [free, covered];
      for (let round = 0; round < 12; round++) {
        const middle = (low + high) / 2;
        if (isFree(at(middle))) low = middle;
        else high = middle;
      }
      return at(low);
    };
    return stretches(Array.from({ length: points }, (_, i) => isFree(at(i)))).map(({ from, to }) => {
      const inner = Array.from({ length: to - from + 1 }, (_, i) => at(from + i));
      const whole = to - from + 1 === points;
      return whole ? [...inner, at(from)] : [edge(from, from - 1), ...inner, edge(to, to + 1)];
    });
  });
};

/** Whether `other` covers all of `own`; of two that are the same the first stays. */
const hides = (other: Horizon, at: number, own: Horizon, index: number): boolean =>
  at !== index &&
  degreesBetween(other.centre, own.centre) + own.radius <= other.radius + 1e-9 &&
  (other.radius > own.radius + 1e-9 || at < index);

/** Runs of `true` on a ring, as first and last index; a run over the end goes on past the length. */
const stretches = (free: readonly boolean[]): readonly { readonly from: number; readonly to: number }[] => {
  const count = free.length;
  const start = free.indexOf(false);
  if (start < 0) return [{ from: 0, to: count - 1 }];
  const found: { from: number; to: number }[] = [];
  for (let i = start + 1; i <= start + count; i++) {
    if (free[i % count] !== true) continue;
    const last = found.at(-1);
    if (last !== undefined && last.to === i - 1) last.to = i;
    else found.push({ from: i, to: i });
  }
  return found;
};
