import type { GroundStation } from "../orbit/contact.ts";
import { bitsPerSecond, seconds, type BitsPerSecond, type Seconds } from "../units.ts";
import type { Radio } from "./spacecraft.ts";

/** What a radio says of the start of a contact and of what goes up. */
export type ContactRadio = Pick<Radio, "acquisition" | "uplink">;

/** From the start of a contact to the first frame through: the station's word, else the radio's, else 0. */
export const acquisitionTime = (station: GroundStation, radio: ContactRadio): Seconds =>
  station.acquisition ?? radio.acquisition ?? seconds(0);

/** What telecommands go up at: the slower of what the station sends and what the radio takes; `null` where neither says. */
export const uplinkRate = (station: GroundStation, radio: ContactRadio): BitsPerSecond | null => {
  if (station.uplink === undefined && radio.uplink === undefined) return null;
  return bitsPerSecond(Math.min(station.uplink ?? Infinity, radio.uplink ?? Infinity));
};

/** From a station to the mission centre; 0 where it does not say. */
export const backhaulTime = ({ backhaul }: GroundStation): Seconds => backhaul ?? seconds(0);
