import type { Contact, ContactSample } from "../../orbit/contact.ts";
import { bitsPerSecond, decibels, degrees, instant, type BitsPerSecond, type Decibels } from "../../units.ts";
import { linkConstants, type LinkBudget, type LinkSite } from "../budget/link-budget.ts";
import { fromDecibels } from "../budget/free-space.ts";
import { modcodLadder, nextRung } from "../budget/modcod.ts";
import { pieceAt, rangeCurveOf, squaredRange } from "./range-curve.ts";
import type { RateSpan } from "./rate-span.ts";
import { type OpticalLink, rateAtOneMetre } from "../budget/optical-link.ts";

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
  decide: (signal: Decibels) => Decision,
): readonly RateSpan[] => {
  const cells = Math.max(1, Math.ceil((los - aos) / decisionInterval));
  const spans: RateSpan[] = [];
  let from = aos;
  let to = aos;
  let inForce: Decision | null = null;
  let before = signalAt(aos);
  for (let cell = 1; cell <= cells; cell++) {
    const end = cell === cells ? los : instant(aos + ((los - aos) * cell) / cells);
    const after = signalAt(end);
    const decision = decide(decibels(Math.min(before, after)));
    if (inForce !== null && decision.rate !== inForce.rate) {
      spans.push({ from, to, ...inForce });
      from = to;
    }
    inForce = decision;
    to = end;
    before = after;
  }
  if (inForce !== null && to > from) spans.push({ from, to, ...inForce });
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

const silence: Decision = { rate: bitsPerSecond(0) };

const capped = (rate: number, ceiling: BitsPerSecond | null): BitsPerSecond =>
  bitsPerSecond(Math.floor(ceiling === null ? rate : Math.min(rate, ceiling)));

/** Makes what decides for one contact: signal over noise in dB, margins taken off, in order of time. */
type DeciderMaker = () => (signal: Decibels) => Decision;

const decidersFor = ({ coding, maxRate }: LinkBudget): DeciderMaker => {
  if (coding.kind === "shannon") {
    const { bandwidth } = coding;
    return () => (signal) => ({ rate: capped(bandwidth * Math.log2(1 + fromDecibels(signal)), maxRate) });
  }
  const ladder = modcodLadder(coding.modulations, coding.pilots);
  const decisions = ladder.map(({ name, efficiency }): Decision => ({
    rate: capped(coding.symbolRate * efficiency, maxRate),
    modcod: name,
  }));
  return () => {
    let rung = -1;
    return (esN0) => {
      rung = nextRung(ladder, rung, esN0, coding.hysteresis);
      return decisions[rung] ?? silence;
    };
  };
};

/** Steps of a degree in which the loss in the air is kept. */
const airSteps = 4;

/** Everything about a link over a station that no contact changes. */
interface Prepared {
  /** Signal over noise in dB at 1 m in vacuum, margins taken off. */
  readonly atOneMetre: number;
  /** Loss in the air at 0°, ¼°, … 90°; `null` in vacuum. */
  readonly air: Float64Array | null;
  readonly decider: DeciderMaker;
}

const prepare = (budget: LinkBudget, site: LinkSite): Prepared => {
  const { coding, implementationMargin, linkMargin, atmosphere } = budget;
  const { atOneMetre, air } = linkConstants(budget, site);
  const band = coding.kind === "shannon" ? coding.bandwidth : coding.symbolRate;
  const isVacuum = atmosphere.gases === null && atmosphere.rain === null;
  return {
    atOneMetre: atOneMetre - 10 * Math.log10(band) - implementationMargin - linkMargin,
    air: isVacuum
      ? null
      : Float64Array.from({ length: 90 * airSteps + 1 }, (_, step) => air(degrees(step / airSteps))),
    decider: decidersFor(budget),
  };
};

const preparedFor = new WeakMap<LinkBudget, WeakMap<LinkSite, Prepared>>();

/** Budgets and sites are frozen values: what follows from a pair is worked out once. */
const preparedOnce = (budget: LinkBudget, site: LinkSite): Prepared => {
  const bySite = preparedFor.get(budget) ?? new WeakMap<LinkSite, Prepared>();
  preparedFor.set(budget, bySite);
  const known = bySite.get(site) ?? prepare(budget, site);
  bySite.set(site, known);
  return known;
};

const lossAt = (air: Float64Array, elevation: number): number => {
  const place = Math.max(0, Math.min(90, elevation)) * airSteps;
  const step = Math.min(Math.floor(place), air.length - 2);
  const [low, high] = [air[step] as number, air[step + 1] as number];
  return low + (place - step) * (high - low);
};

/** Loss in the air along a contact, dB, for times in ascending order; the elevation is linear between its samples. */
const airAlong = ({ samples }: Contact, air: Float64Array): ((t: number) => number) => {
  let i = 0;
  return (t) => {
    while (i + 2 < samples.length && t > (samples[i + 1] as ContactSample).at) i++;
    const a = samples[i] as ContactSample;
    const b = samples[i + 1] ?? a;
    const share = b.at > a.at ? (t - a.at) / (b.at - a.at) : 0;
    return lossAt(air, a.elevation + share * (b.elevation - a.elevation));
  };
};

/** A contact under a link budget; see `spansBySignal` for the grid and `nextRung` for the choice of MODCODs. */
export const budgetSpans = (contact: Contact, budget: LinkBudget, site: LinkSite): readonly RateSpan[] => {
  const { atOneMetre, air, decider } = preparedOnce(budget, site);
  const spreading = spreadingAlong(contact);
  const loss = air === null ? () => 0 : airAlong(contact, air);
  return spansBySignal(contact, (t) => atOneMetre + spreading(t) - loss(t), decider());
};

/** A contact under an optical link, on the grid of `spansBySignal`. */
export const opticalSpans = (contact: Contact, link: OpticalLink): readonly RateSpan[] => {
  const near = rateAtOneMetre(link);
  return spansBySignal(contact, spreadingAlong(contact), (spreading) => ({
    rate: bitsPerSecond(Math.round(Math.min(link.maxRate, near * fromDecibels(spreading)))),
  }));
};
