import type { FlightName, FleetRecord } from "../measure/fleet/fleet-record.ts";
import type { Instant } from "../pipeline/units.ts";
import type { SatelliteEvent } from "../pipeline/mission/satellite-event.ts";

/** What a simulation shows while it works: a live line on a terminal, a few lines off it. Dispose of it to end the line. */
export interface FleetProgress extends Disposable {
  readonly begin: (satellites: number) => void;
  readonly flown: (flight: FlightName, record: FleetRecord) => void;
  readonly epoch: (end: Instant) => void;
  readonly note: (text: string) => void;
}

/** What a command shows while it works: one live line on a terminal, a line an event off it. Dispose of it to end the line. */
export interface Progress extends Disposable {
  readonly begin: (title: string, acquisitions: number) => void;
  readonly satellite: (event: SatelliteEvent) => void;
  readonly landed: (detections: number) => void;
  readonly note: (text: string) => void;
  readonly end: () => void;
}
