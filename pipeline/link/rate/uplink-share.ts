import type { Contact } from "../../orbit/contact.ts";
import { bytes, seconds, type Bytes, type Seconds } from "../../units.ts";
import type { LinkProtection } from "../frames/link-protection.ts";

/** A turn of the downlink is answered after so long at most, and so a report may want the uplink as often; s. */
const reportEvery = 10;

/** Of a report that names nothing missing, as one CLTU: 26 bytes, 50 under protection. */
const usualReport: Readonly<Record<LinkProtection, number>> = { none: 26, auth: 50, encrypt: 50 };

/** No uplink is so slow that reports leave nothing of it. */
const leastShare = 0.5;

/**
 * Share of the uplink that orders may fill: turn reports go first, and keep the time free that one takes in every ten seconds.
 * 1 where nobody says how fast the uplink is.
 */
export const orderShare = ({ uplink }: Contact, protection: LinkProtection): number =>
  uplink === undefined ? 1 : Math.max(leastShare, 1 - (8 * usualReport[protection]) / (uplink * reportEvery));

/** How long orders of so many bytes, coding included, take on the uplink beside the reports; 0 where its rate is unknown. */
export const orderTime = (contact: Contact, protection: LinkProtection, count: Bytes): Seconds =>
  seconds(
    contact.uplink === undefined ? 0 : (8 * count) / (contact.uplink * orderShare(contact, protection)),
  );

/** What a contact can bring up of orders, coding included; without end where the rate of the uplink is unknown. */
export const orderCapacity = (contact: Contact, protection: LinkProtection): Bytes => {
  const time = Math.max(0, contact.los - contact.lockedAt);
  if (contact.uplink === undefined) return bytes(time > 0 ? Infinity : 0);
  return bytes(Math.floor((time * contact.uplink * orderShare(contact, protection)) / 8));
};
