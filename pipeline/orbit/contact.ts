import type { BitsPerSecond, DecibelsPerKelvin, Degrees, Instant, Metres, Seconds } from "../units.ts";
import type { Horizon } from "./horizon.ts";

/** A ground station as the planner sees it. */
export interface GroundStation {
  /** `[A-Za-z0-9_-]+`: it stands in NATS subjects. */
  readonly id: string;
  readonly name: string;
  readonly longitude: Degrees;
  readonly latitude: Degrees;
  /** Above the WGS 84 ellipsoid. */
  readonly altitude: Metres;
  /** The mask: no contact below this elevation, in no direction. */
  readonly minElevation: Degrees;
  /** Where the ground stands higher in some directions: no contact below it either. */
  readonly horizon?: Horizon;
  /** How many satellites it can serve at once. */
  readonly antennas: number;
  /** Gain over noise temperature under a clear sky, where the station states it. */
  readonly gOverT?: DecibelsPerKelvin;
  /** From the start of a contact to the first frame through: lock of carrier and frames. */
  readonly acquisition?: Seconds;
  /** What an antenna needs between two satellites: slew and set-up. */
  readonly turnaround?: Seconds;
  /** From the station to the mission centre. */
  readonly backhaul?: Seconds;
  /** What its transmitter and the satellites' receivers do upwards. */
  readonly uplink?: BitsPerSecond;
}

/** Geometry at one moment of a contact. */
export interface ContactSample {
  readonly at: Instant;
  readonly elevation: Degrees;
  /** Slant range, station to satellite. */
  readonly range: Metres;
}

/** One antenna serving one satellite, from acquisition to loss of signal. */
export interface Contact {
  /** `<satellite>.<station>.<n>`, n counting from 0 in time order for that pair. */
  readonly id: string;
  readonly satellite: string;
  readonly station: string;
  /** 0 … antennas − 1. */
  readonly antenna: number;
  readonly aos: Instant;
  /** Carrier and frames are locked: no bit goes down or up before. Never after `los`; there, nothing crosses at all. */
  readonly lockedAt: Instant;
  readonly los: Instant;
  /** What telecommands go up at; absent: nobody says, and their length takes no time. */
  readonly uplink?: BitsPerSecond;
  /** From the station to the mission centre. */
  readonly backhaul: Seconds;
  readonly maxElevation: Degrees;
  /** At most 10 s apart, first at `aos`, last at `los`. */
  readonly samples: readonly ContactSample[];
}

/** Which antenna serves which satellite when. No antenna serves two satellites at once, no satellite two antennas. */
export interface ContactPlan {
  readonly from: Instant;
  readonly to: Instant;
  /** In order of `aos`, then satellite. */
  readonly contacts: readonly Contact[];
}
