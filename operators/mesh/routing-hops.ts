import type { ContactPlan } from "../../pipeline/orbit/contact.ts";
import { seconds, type BitsPerSecond, type Metres, type Seconds } from "../../pipeline/units.ts";
import { speedOfLight } from "../../pipeline/link/budget/free-space.ts";
import { rateSpans, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { Hop } from "./routing-graph.ts";
import type { CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";

/** The longest light time of the hop: an arrival may be milliseconds early in truth, never late. */
const latencyOf = (range: Metres): Seconds => seconds(range / speedOfLight);

/** Each contact as a hop down, under the contact's id. */
export const contactHops = ({ contacts }: ContactPlan, rate: LinkRate): readonly Hop[] =>
  contacts.map((contact): Hop => {
    const { id, satellite, station, lockedAt, los, samples } = contact;
    const range = samples.reduce((most, sample) => Math.max(most, sample.range), 0) as Metres;
    return {
      id,
      from: satellite,
      to: station,
      start: lockedAt,
      end: los,
      rate: rate.kind === "fixed" ? rate.rate : rateSpans(contact, rate),
      latency: latencyOf(range),
    };
  });

/** Each crosslink, at its own rates or else at that of the terminals, as two hops, `<link>.ab` and `<link>.ba`, since terminals send and receive at once. */
export const crosslinkHops = ({ links }: CrosslinkPlan, rate: BitsPerSecond): readonly Hop[] =>
  links.flatMap(({ id, a, b, from: start, to: end, maxRange, rates }): readonly Hop[] => {
    if (start >= end) return []; // Its terminals never found each other.
    const latency = latencyOf(maxRange);
    const speed = rates ?? rate;
    return [
      { id: `${id}.ab`, from: a, to: b, start, end, rate: speed, latency },
      { id: `${id}.ba`, from: b, to: a, start, end, rate: speed, latency },
    ];
  });
