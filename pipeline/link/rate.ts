import type { Contact } from "../orbit/contact.ts";
import type { BitsPerSecond, Bytes, Degrees, Instant } from "../units.ts";
import { bitsPerSecond, instant } from "../units.ts";

/** How fast the downlink runs: channel bits a second, framing and check symbols included. */
export type LinkRate =
  | { readonly kind: "fixed"; readonly rate: BitsPerSecond }
  | {
      readonly kind: "by-elevation";
      /** From each elevation upwards, until the next step; nothing below the lowest. In any order. */
      readonly steps: readonly { readonly fromElevation: Degrees; readonly rate: BitsPerSecond }[];
    };

/** A stretch of a contact at one rate. */
export interface RateSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly rate: BitsPerSecond;
}

/** The rate in force at an elevation. */
export const rateAt = (rate: LinkRate, elevation: Degrees): BitsPerSecond => {
  if (rate.kind === "fixed") return rate.rate;
  let best: { readonly fromElevation: number; readonly rate: BitsPerSecond } | null = null;
  for (const step of rate.steps) {
    if (step.fromElevation <= elevation && step.fromElevation >= (best?.fromElevation ?? -Infinity))
      best = step;
  }
  return best?.rate ?? bitsPerSecond(0);
};

/** The contact as stretches of constant rate, in order and without gaps; elevation is linear between its samples. */
export const rateSpans = (contact: Contact, rate: LinkRate): readonly RateSpan[] => {
  const spans: RateSpan[] = [];
  const push = (from: Instant, to: Instant, at: BitsPerSecond): void => {
    const last = spans.at(-1);
    if (last?.rate === at) spans[spans.length - 1] = { ...last, to };
    else if (to > from) spans.push({ from, to, rate: at });
  };
  if (rate.kind === "fixed") {
    push(contact.aos, contact.los, rate.rate);
    return spans;
  }
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
      push(from, to, rateAt(rate, middle as Degrees));
      from = to;
    }
  }
  return spans;
};

/** Transmitters ask frame by frame; contacts and rates are frozen values, so the spans are kept with the contact. */
const spansOf = new WeakMap<Contact, { readonly rate: LinkRate; readonly spans: readonly RateSpan[] }>();

const cachedSpans = (contact: Contact, rate: LinkRate): readonly RateSpan[] => {
  const known = spansOf.get(contact);
  if (known?.rate === rate) return known.spans;
  const spans = rateSpans(contact, rate);
  spansOf.set(contact, { rate, spans });
  return spans;
};

/** Channel bits that the contact offers within `from` … `to`; nothing outside the contact. */
export const bitsAvailable = (contact: Contact, rate: LinkRate, from: Instant, to: Instant): number => {
  let bits = 0;
  for (const span of cachedSpans(contact, rate)) {
    bits += Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)) * span.rate;
  }
  return bits;
};

/**
 * When the last bit of `count` bytes has left, sending from `from` on (from `aos` if that is later) and waiting where
 * the rate is 0; `null` when the contact ends before.
 */
export const timeToSend = (contact: Contact, rate: LinkRate, from: Instant, count: Bytes): Instant | null => {
  let bits = count * 8;
  for (const span of cachedSpans(contact, rate)) {
    if (span.to <= from || span.rate <= 0) continue;
    const start = Math.max(from, span.from);
    const end = start + bits / span.rate;
    if (end <= span.to) return instant(end);
    bits -= (span.to - start) * span.rate;
  }
  return null;
};
