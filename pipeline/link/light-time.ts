import type { Contact } from "../orbit/contact.ts";
import { seconds, type Instant, type Seconds } from "../units.ts";

/** Speed of light in vacuum, m/s (exact, SI). */
const speedOfLight = 299_792_458;

/** What a station needs from the last bit of a turn to the first bit of its report. */
const stationTurnaround = 0.05;

/** Slant range at time `t`, by linear interpolation between the contact's samples; metres. */
const rangeAt = ({ samples }: Contact, t: Instant): number => {
  const after = samples.findIndex(({ at }) => at >= t);
  const b = samples[after < 0 ? samples.length - 1 : after];
  const a = samples[Math.max(0, (after < 0 ? samples.length : after) - 1)];
  if (a === undefined || b === undefined) return 0;
  if (b.at <= a.at) return b.range;
  const share = Math.min(1, Math.max(0, (t - a.at) / (b.at - a.at)));
  return a.range + share * (b.range - a.range);
};

/** How long a bit that leaves the satellite at `t` is under way. */
export const lightTime = (contact: Contact, t: Instant): Seconds =>
  seconds(rangeAt(contact, t) / speedOfLight);

/** From the last bit of a turn to the moment its report is known on board. */
export const roundTrip = (contact: Contact, t: Instant): Seconds =>
  seconds(2 * lightTime(contact, t) + stationTurnaround);
