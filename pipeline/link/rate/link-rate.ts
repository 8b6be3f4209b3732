import type { Contact, GroundStation } from "../../orbit/contact.ts";
import {
  type BitsPerSecond,
  type Bytes,
  type Degrees,
  type Instant,
  bitsPerSecond,
  instant,
} from "../../units.ts";
import { anySite, siteFor, type LinkBudget, type LinkSite } from "../budget/link-budget.ts";
import type { OpticalLink } from "../budget/optical-link.ts";
import { appendSpan, type RateSpan } from "./rate-span.ts";
import { budgetSpans, opticalSpans } from "./signal-spans.ts";

export type { RateSpan } from "./rate-span.ts";

/** How fast the downlink runs: channel bits a second, framing and check symbols included. Plain data, the same at both ends. */
export type LinkRate =
  | { readonly kind: "fixed"; readonly rate: BitsPerSecond }
  | {
      readonly kind: "by-elevation";
      /** From each elevation upwards, until the next step; nothing below the lowest. In any order. */
      readonly steps: readonly { readonly fromElevation: Degrees; readonly rate: BitsPerSecond }[];
    }
  | {
      readonly kind: "budget";
      readonly budget: LinkBudget;
      /** By station; others count as `anySite`. See `rateAtStations`. */
      readonly sites: Readonly<Record<string, LinkSite>>;
    }
  | { readonly kind: "optical"; readonly link: OpticalLink };

/** The rate with what it has to know about the stations: a radio's preset knows none. */
export const rateAtStations = (rate: LinkRate, stations: readonly GroundStation[]): LinkRate =>
  rate.kind === "budget"
    ? { ...rate, sites: Object.fromEntries(stations.map((station) => [station.id, siteFor(station)])) }
    : rate;

type Stepped = Extract<LinkRate, { readonly kind: "by-elevation" }>;

const stepAt = ({ steps }: Stepped, elevation: number): BitsPerSecond => {
  let best: Stepped["steps"][number] | null = null;
  for (const step of steps) {
    if (step.fromElevation <= elevation && step.fromElevation >= (best?.fromElevation ?? -Infinity))
      best = step;
  }
  return best?.rate ?? bitsPerSecond(0);
};

const steppedSpans = (contact: Contact, rate: Stepped): readonly RateSpan[] => {
  const spans: RateSpan[] = [];
  for (const [i, end] of contact.samples.slice(1).entries()) {
    const start = contact.samples[i]!;
    const slope = (end.elevation - start.elevation) / (end.at - start.at);
    const crossings = rate.steps
      .map(({ fromElevation }) => start.at + (fromElevation - start.elevation) / slope)
      .filter((at) => at > start.at && at < end.at)
      .toSorted((a, b) => a - b);
    let from = start.at;
    for (const to of [...crossings.map(instant), end.at]) {
      const middle = start.elevation + slope * ((from + to) / 2 - start.at);
      appendSpan(spans, { from, to, rate: stepAt(rate, middle) });
      from = to;
    }
  }
  return spans;
};

/** Nothing crosses before the link is locked, whatever the signal. */
const silentUntilLocked = (
  { aos, lockedAt, los }: Contact,
  spans: readonly RateSpan[],
): readonly RateSpan[] => {
  if (lockedAt <= aos || spans.length === 0) return spans;
  const locked: RateSpan[] = [];
  appendSpan(locked, { from: aos, to: instant(Math.min(lockedAt, los)), rate: bitsPerSecond(0) });
  for (const span of spans) {
    if (span.to > lockedAt) appendSpan(locked, { ...span, from: instant(Math.max(span.from, lockedAt)) });
  }
  return locked;
};

/**
 * The contact as stretches of constant rate, in order and without gaps, 0 until the link is locked. By elevation: changes where the elevation, linear
 * between the contact's samples, crosses a step. Budget and optical: decided second by second, see `spansBySignal`.
 */
export const rateSpans = (contact: Contact, rate: LinkRate): readonly RateSpan[] =>
  silentUntilLocked(contact, signalRates(contact, rate));

/** The same from `aos` on, as the signal has it. */
const signalRates = (contact: Contact, rate: LinkRate): readonly RateSpan[] => {
  switch (rate.kind) {
    case "fixed":
      return contact.los > contact.aos ? [{ from: contact.aos, to: contact.los, rate: rate.rate }] : [];
    case "by-elevation":
      return steppedSpans(contact, rate);
    case "budget":
      return budgetSpans(contact, rate.budget, rate.sites[contact.station] ?? anySite);
    case "optical":
      return opticalSpans(contact, rate.link);
  }
};

/** Transmitters ask frame by frame; contacts and rates are frozen values, so the spans are kept with the contact. */
const spansOf = new WeakMap<Contact, { readonly rate: LinkRate; readonly spans: readonly RateSpan[] }>();

/** `rateSpans`, computed once for a contact and a rate. */
export const knownSpans = (contact: Contact, rate: LinkRate): readonly RateSpan[] => {
  const known = spansOf.get(contact);
  if (known?.rate === rate) return known.spans;
  const spans = rateSpans(contact, rate);
  spansOf.set(contact, { rate, spans });
  return spans;
};

/** Index of the first stretch that ends after `t`; their number where none does. */
const firstAfter = (spans: readonly RateSpan[], t: number): number => {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.to > t) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Channel bits that the contact offers within `from` … `to`; nothing outside the contact. */
export const bitsAvailable = (contact: Contact, rate: LinkRate, from: Instant, to: Instant): number => {
  const spans = knownSpans(contact, rate);
  let bits = 0;
  for (let i = firstAfter(spans, from); i < spans.length && spans[i]!.from < to; i++) {
    const span = spans[i]!;
    bits += Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)) * span.rate;
  }
  return bits;
};

/**
 * When the last bit of `count` bytes has left, sending from `from` on (from `lockedAt` if that is later) and waiting where
 * the rate is 0; `null` when the contact ends before.
 */
export const timeToSend = (contact: Contact, rate: LinkRate, from: Instant, count: Bytes): Instant | null => {
  const spans = knownSpans(contact, rate);
  let bits = count * 8;
  for (let i = firstAfter(spans, from); i < spans.length; i++) {
    const span = spans[i]!;
    if (span.rate <= 0) continue;
    const start = Math.max(from, span.from);
    const end = start + bits / span.rate;
    if (end <= span.to) return instant(end);
    bits -= (span.to - start) * span.rate;
  }
  return null;
};
