import type { Contact } from "../../orbit/contact.ts";
import { seconds, type Bytes, type Instant, type Seconds } from "../../units.ts";
import { speedOfLight } from "../budget/free-space.ts";

/** What a station needs from the last bit of a turn to the first bit of its report. */
const stationTurnaround = 0.05;

/** Slant range at time `t`, by linear interpolation between the contact's samples and that of the nearer end outside; metres. */
const rangeAt = ({ samples }: Contact, t: Instant): number => {
  const next = samples.findIndex(({ at }) => at >= t);
  const b = next < 0 ? samples.at(-1) : samples[next];
  const a = next < 1 ? b : samples[next - 1];
  if (a === undefined || b === undefined) return 0;
  if (b.at <= a.at) return b.range;
  return a.range + ((t - a.at) / (b.at - a.at)) * (b.range - a.range);
};

/** How long a bit that leaves the satellite at `t` is under way. */
export const lightTime = (contact: Contact, t: Instant): Seconds =>
  seconds(rangeAt(contact, t) / speedOfLight);

/** How long this number of bytes takes to leave the station; 0 where the rate of the uplink is unknown. */
export const uplinkTime = ({ uplink }: Contact, count: Bytes): Seconds =>
  seconds(uplink === undefined ? 0 : (8 * count) / uplink);

/** From the last bit of a turn to the moment its report, of this number of bytes, is known on board. */
export const roundTrip = (contact: Contact, t: Instant, report: Bytes): Seconds =>
  seconds(2 * lightTime(contact, t) + stationTurnaround + uplinkTime(contact, report));
