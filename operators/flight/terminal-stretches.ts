import type { CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";
import { seconds, type Instant, type Seconds } from "../../pipeline/units.ts";

/** A terminal of a satellite is on: it turns to another satellite, and then holds the link, whether or not bits flow. */
export interface TerminalStretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** The stretches of each satellite that has any, in order of their starts; two terminals may be on at once. */
export const terminalStretches = ({
  links,
}: CrosslinkPlan): ReadonlyMap<string, readonly TerminalStretch[]> => {
  const stretches = new Map<string, TerminalStretch[]>();
  for (const { a, b, pointingFrom, to } of links.toSorted((x, y) => x.pointingFrom - y.pointingFrom)) {
    for (const satellite of [a, b]) {
      const known = stretches.get(satellite);
      if (known === undefined) stretches.set(satellite, [{ from: pointingFrom, to }]);
      else known.push({ from: pointingFrom, to });
    }
  }
  return stretches;
};

/** How long terminals were on, summed over them. */
export const terminalTime = (stretches: readonly TerminalStretch[]): Seconds =>
  seconds(stretches.reduce((sum, { from, to }) => sum + to - from, 0));
