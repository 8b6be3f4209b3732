import type { FleetRecord, FlightName } from "../measure/fleet/fleet-record.ts";
import type { SatelliteEvent } from "../pipeline/mission/satellite-event.ts";
import type { Instant } from "../pipeline/units.ts";

/** Sentences for whoever waits: a stale orbit, a scene left out, what is waited for. */
export interface Notes {
  readonly note: (text: string) => void;
}

/** What a run with pixels tells while it works. */
export interface Progress extends Notes {
  readonly begin: (title: string, acquisitions: number) => void;
  readonly satellite: (event: SatelliteEvent) => void;
  /** The number of further products that are whole on the ground, and of detections published. */
  readonly landed: (products: number, detections: number) => void;
  readonly end: () => void;
}

/** What a simulation tells while it works. */
export interface FleetProgress extends Notes {
  readonly begin: (satellites: number) => void;
  readonly flown: (flight: FlightName, record: FleetRecord) => void;
  readonly epoch: (end: Instant) => void;
}

/** What a contact plan tells while it is made. */
export interface ContactProgress extends Notes {
  readonly begin: (satellites: number, stations: number, hours: number) => void;
  readonly planned: (satellites: number) => void;
  readonly end: () => void;
}

/** What a study is handed by whoever calls it, besides its request. */
export interface StudyPorts<P extends Notes = Progress> {
  readonly progress: P;
  readonly signal: AbortSignal;
}

const nothing = (): void => undefined;

/** Says nothing: what a library call gets that brings no progress of its own. */
export const silent: Progress & FleetProgress & ContactProgress = {
  note: nothing,
  begin: nothing,
  satellite: nothing,
  landed: nothing,
  flown: nothing,
  epoch: nothing,
  planned: nothing,
  end: nothing,
};
