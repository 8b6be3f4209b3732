import type { Contact } from "../orbit/contact.ts";
import { bitsPerSecond, instant, type BitsPerSecond, type Hertz } from "../units.ts";
import { linkConstants, type LinkBudget, type LinkSite } from "./budget.ts";
import { modcodLadder, nextRung, type Rung } from "./modcod.ts";
import { pieceAt, rangeCurveOf, squaredRange } from "./range-curve.ts";
import { appendSpan, type RateSpan } from "./rate-span.ts";

/** A rate is decided for at most so long, seconds. */
const decisionInterval = 1;

/** What is decided for a cell of the grid. */
export type Decision = Pick<RateSpan, "rate" | "modcod">;

/**
 * The contact as stretches of constant rate, decided on an even grid (at most 1 s): each cell from the weaker signal of its
 * two ends, so that the link carries the rate all through it. `signalAt` is in dB; `decide` is asked cell by cell in
 * order of time. The grid follows from the contact alone, so both ends of a link decide the same.
 */
export const spansBySignal = (
  { aos, los }: Contact,
  signalAt: (t: number) => number,
  decide: (signal: number) => Decision,
): readonly RateSpan[] => {
  const cells = Math.max(1, Math.ceil((los - aos) / decisionInterval));
  const spans: RateSpan[] = [];
  let from = aos;
  let before = signalAt(aos);
  for (let cell = 1; cell <= cells; cell++) {
    const to = cell === cells ? los : instant(aos + ((los - aos) * cell) / cells);
    const after = signalAt(to);
    appendSpan(spans, { from, to, ...decide(Math.min(before, after)) });
    from = to;
    before = after;
  }
  return spans;
};

/** −20·log₁₀ of the range along a contact, for times in ascending order. */
export const spreadingAlong = (contact: Contact): ((t: number) => number) => {
  const curve = rangeCurveOf(contact);
  let piece = 0;
  return (t) => {
    piece = pieceAt(curve, t, piece);
    return -10 * Math.log10(squaredRange(curve, piece, t));
  };
};

const silence = bitsPerSecond(0);

const capped = (rate: number, ceiling: BitsPerSecond | null): BitsPerSecond =>
  bitsPerSecond(Math.floor(ceiling === null ? rate : Math.min(rate, ceiling)));

const byModcod = (
  ladder: readonly Rung[],
  symbolRate: Hertz,
  hysteresis: number,
  maxRate: BitsPerSecond | null,
): ((esN0: number) => Decision) => {
  const decisions = ladder.map(({ name, efficiency }): Decision => ({
    rate: capped(symbolRate * efficiency, maxRate),
    modcod: name,
  }));
  let rung = -1;
  return (esN0) => {
    rung = nextRung(ladder, rung, esN0, hysteresis);
    return decisions[rung] ?? { rate: silence };
  };
};

/** Signal over noise for each symbol (DVB-S2) or in the band (Shannon), margins taken off: dB → decision. */
const decider = ({ coding, maxRate }: LinkBudget): ((signal: number) => Decision) => {
  if (coding.kind === "shannon") {
    const { bandwidth } = coding;
    return (signal) => ({ rate: capped(bandwidth * Math.log2(1 + 10 ** (signal / 10)), maxRate) });
  }
  const ladder = modcodLadder(coding.modulations, coding.pilots);
  return byModcod(ladder, coding.symbolRate, coding.hysteresis, maxRate);
};

/** Loss in the air along a contact, dB, for times in ascending order: straight lines between the contact's samples. */
const airAlong = (
  { samples }: Contact,
  air: (elevation: Contact["maxElevation"]) => number,
): ((t: number) => number) => {
  const losses = samples.map(({ elevation }) => air(elevation));
  let i = 0;
  return (t) => {
    while (i + 2 < samples.length && t > samples[i + 1]!.at) i++;
    const [a, b] = [samples[i], samples[i + 1]];
    const [lossA = 0, lossB = lossA] = [losses[i], losses[i + 1]];
    return a === undefined || b === undefined
      ? lossA
      : lossA + ((t - a.at) / (b.at - a.at)) * (lossB - lossA);
  };
};

/** A contact under a link budget; see `spansBySignal` for the grid and `nextRung` for the choice of MODCODs. */
export const budgetSpans = (contact: Contact, budget: LinkBudget, site: LinkSite): readonly RateSpan[] => {
  const { coding, implementationMargin, linkMargin } = budget;
  const { atOneMetre, air } = linkConstants(budget, site);
  const band = coding.kind === "shannon" ? coding.bandwidth : coding.symbolRate;
  const constant = atOneMetre - 10 * Math.log10(band) - implementationMargin - linkMargin;
  const spreading = spreadingAlong(contact);
  const { gases, rain } = budget.atmosphere;
  const loss = gases === null && rain === null ? () => 0 : airAlong(contact, air);
  return spansBySignal(contact, (t) => constant + spreading(t) - loss(t), decider(budget));
};
