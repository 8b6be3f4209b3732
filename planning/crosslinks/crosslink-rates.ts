import { opticalRate, type OpticalLink } from "../../pipeline/link/budget/optical-link.ts";
import { appendSpan, type RateSpan } from "../../pipeline/link/rate/rate-span.ts";
import type { CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { bitsPerSecond, instant, metres, type BitsPerSecond } from "../../pipeline/units.ts";

/** A rate holds for so long at least, s. */
const cell = 10;

/** Between two ends of a cell satellites may be so much farther apart than at either: 20 m/s² against each other for half of it. */
const bulge = 250;

/** Terminals change their rate in steps: two digits, rounded down, so that no bit is promised that the budget has not. */
const stepped = (rate: BitsPerSecond): BitsPerSecond => {
  if (rate <= 0) return bitsPerSecond(0);
  const step = 10 ** (Math.floor(Math.log10(rate)) - 1);
  return bitsPerSecond(Math.floor(rate / step) * step);
};

/**
 * A plan in which every link runs as fast as an optical budget has it at the distance of that moment: cell by cell of 10 s, each at the rate
 * of its farther end, in two digits. Free space alone: no air, no background. Throws `SwathError("orbit")` for a satellite that cannot be propagated.
 */
export const ratedByRange = (
  plan: CrosslinkPlan,
  satellites: readonly Satellite[],
  budget: OpticalLink,
): CrosslinkPlan => {
  const orbits = new Map(satellites.map((one) => [one.id, one]));
  const curves = new Map<string, Ephemeris>();
  const curveOf = (id: string): Ephemeris => {
    const known = curves.get(id) ?? ephemerisOf(orbits.get(id) as Satellite, plan.from, plan.to);
    curves.set(id, known);
    return known;
  };
  const [one, other] = [new Float64Array(6), new Float64Array(6)];
  const distance = (a: Ephemeris, b: Ephemeris, t: number): number => {
    stateInto(a, t - plan.from, one);
    stateInto(b, t - plan.from, other);
    const [x, y, z] = [0, 1, 2].map((n) => (one[n] as number) - (other[n] as number));
    return Math.hypot(x as number, y as number, z as number);
  };
  const links = plan.links.map((link) => {
    const { from, to } = link;
    if (!(to > from)) return link;
    const [a, b] = [curveOf(link.a), curveOf(link.b)];
    const cells = Math.ceil((to - from) / cell);
    const spans: RateSpan[] = [];
    let begin = from;
    let near = distance(a, b, from);
    for (let n = 1; n <= cells; n++) {
      const end = n === cells ? to : instant(from + ((to - from) * n) / cells);
      const far = distance(a, b, end);
      const rate = stepped(opticalRate(budget, metres(Math.max(near, far) + bulge)));
      appendSpan(spans, { from: begin, to: end, rate });
      [begin, near] = [end, far];
    }
    return { ...link, rates: spans };
  });
  return { ...plan, links };
};
