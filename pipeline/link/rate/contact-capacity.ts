import type { Contact } from "../../orbit/contact.ts";
import {
  bitsPerSecond,
  bytes,
  hertz,
  seconds,
  type BitsPerSecond,
  type Bytes,
  type Seconds,
} from "../../units.ts";
import { dopplerOf, type Doppler } from "./doppler.ts";
import { rateSpans, type LinkRate, type RateSpan } from "./link-rate.ts";
import { speedOfLight } from "../budget/free-space.ts";

/** What a contact is worth under a rate. */
export interface ContactLink {
  /** All that could come down, framing included. */
  readonly capacity: Bytes;
  /** Of the contact, with a rate above 0. */
  readonly linkTime: Seconds;
  /** Over the link time, each 0 where there is none. */
  readonly least: BitsPerSecond;
  readonly median: BitsPerSecond;
  readonly most: BitsPerSecond;
  /** Those used, slowest first. */
  readonly modcods: readonly string[];
  /** `null` where the rate knows no carrier. */
  readonly doppler: Doppler | null;
}

const dopplerUnder = (contact: Contact, rate: LinkRate): Doppler | null => {
  if (rate.kind === "budget") return dopplerOf(contact, rate.budget.frequency);
  if (rate.kind === "optical" && rate.link.kind === "telescopes") {
    return dopplerOf(contact, hertz(speedOfLight / rate.link.wavelength));
  }
  return null;
};

const lengthOf = ({ from, to }: RateSpan): number => to - from;

/** What a contact can carry at that link rate. */
export const contactLink = (contact: Contact, rate: LinkRate): ContactLink => {
  const spans = rateSpans(contact, rate).filter((span) => span.rate > 0);
  const byRate = spans.toSorted((a, b) => a.rate - b.rate);
  const linkTime = spans.reduce((sum, span) => sum + lengthOf(span), 0);
  const bits = spans.reduce((sum, span) => sum + lengthOf(span) * span.rate, 0);
  let passed = 0;
  const middle = byRate.find((span) => (passed += lengthOf(span)) >= linkTime / 2);
  const none = bitsPerSecond(0);
  return {
    capacity: bytes(Math.floor(bits / 8)),
    linkTime: seconds(linkTime),
    least: byRate[0]?.rate ?? none,
    median: middle?.rate ?? none,
    most: byRate.at(-1)?.rate ?? none,
    modcods: [...new Set(byRate.flatMap(({ modcod }) => modcod ?? []))],
    doppler: dopplerUnder(contact, rate),
  };
};
