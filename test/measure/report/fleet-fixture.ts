import type { FleetRecord } from "../../../measure/fleet/fleet-record.ts";
import { summariseFlight } from "../../../measure/fleet/fleet-flight.ts";
import type { FleetSummary } from "../../../measure/summary/fleet-summary.ts";
import type { FleetRow } from "../../../measure/fleet/fleet-row.ts";
import type { FleetPlaces } from "../../../measure/report/fleet/fleet-map.ts";
import { degrees } from "../../../pipeline/units.ts";
import { verdicts } from "./day-fixture.ts";

export const row = (satellite: string, more: Partial<FleetRow> = {}): FleetRow => ({
  satellite,
  acquisitions: 3,
  failed_acquisitions: 0,
  processed_acquisitions: 3,
  tiles: 12,
  screened_tiles: 2,
  empty_tiles: 1,
  detections: 5,
  sensor_bytes: 9000,
  lossless_bytes: 4000,
  produced_bytes: 300,
  delivered_bytes: 200,
  on_board_bytes: 60,
  dropped_bytes: 40,
  link_bytes: 1279,
  resent_bytes: 0,
  contacts: 1,
  transmit_s: 0.5,
  crosslink_bytes: 0,
  handed_over: 0,
  camera_j: 1,
  compute_j: 2,
  radio_j: 3,
  crosslink_j: 0,
  generated_j: 100,
  demanded_j: 90,
  unmet_j: 0,
  min_charge: 0.5,
  max_temperature_k: 300,
  battery_wait_s: 0,
  heat_wait_s: 0,
  throttled_s: 0,
  eclipse_s: 20,
  ...more,
});
export const record = (
  satellite: string,
  delays: readonly number[],
  more?: Partial<FleetRow>,
): FleetRecord => ({
  row: row(satellite, more),
  made: { detections: 3 },
  delays: { detections: delays },
  stations: [{ station: "North", contacts: 1, bytes: 1279, seconds: 0.5 }],
  use: {
    satellite,
    contactSeconds: 450,
    couldCarryBytes: 9000,
    askedBytes: 400,
    carriedBytes: 1279,
    workSeconds: 3,
    transmitSeconds: 0.5,
    cameraJoules: 1,
    fullestStore: 200,
    storeMargin: 1e6,
  },
});
export const records = [
  record("a<b", [30, 10]),
  record("c", [20, 7000], { min_charge: 0.2, battery_wait_s: 60 }),
];
export const flight = summariseFlight(records, false, ["North", "South"], verdicts("detect"));
export const summary: FleetSummary = {
  schema: "swath-fleet/2",
  runId: "simulate-1",
  seed: 1,
  options: { constellation: "walker:2" },
  workload: {
    name: "by <hand>",
    declared: true,
    source: "nowhere",
    policy: "detect",
    model: "m",
    precision: "int8",
    entries: 1,
    tokens: null,
  },
  constellation: { spec: "walker:2", spacecraft: "oec", satellites: 2 },
  stations: ["North", "South"],
  assumptions: ["taken as zero: errors of the uplink"],
  horizon: { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" },
  link: { description: "fixed 1 Mbit/s", bitErrorRate: 0, segmentLossRate: 0 },
  storeBytes: 1e9,
  contacts: { planned: 4, totalSeconds: 900 },
  crosslinks: null,
  flights: [flight],
};

/** Two stations and a piece of an orbit. */
export const places: FleetPlaces = {
  stations: [
    { id: "North", name: "North", longitude: degrees(15.4), latitude: degrees(78.2) },
    { id: "South", name: "South", longitude: degrees(2.5), latitude: degrees(-72) },
  ],
  satellite: "a<b",
  track: {
    points: [
      [8, 50],
      [8, 44],
      [7, 38],
    ],
  },
};
