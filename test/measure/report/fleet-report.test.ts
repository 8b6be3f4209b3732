import { expect, test } from "vitest";
import type { FleetRecord } from "../../../measure/fleet/fleet-record.ts";
import { summariseFlight } from "../../../measure/fleet/fleet-flight.ts";
import { parseFleetSummary, stringifyFleetSummary } from "../../../measure/summary/fleet-summary.ts";
import type { FleetSummary } from "../../../measure/summary/fleet-summary.ts";
import type { FleetRow } from "../../../measure/fleet/fleet-row.ts";
import { parquetReadObjects } from "hyparquet";
import { encodeFleetParquet } from "../../../studies/folder/satellite-parquet.ts";
import { verdicts } from "./day-fixture.ts";
import { csvOf, hasOneHeading, sectionTitles, unbalanced } from "./page.ts";
import { renderFleetReport } from "../../../measure/report/fleet-report.ts";

const row = (satellite: string, more: Partial<FleetRow> = {}): FleetRow => ({
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
const record = (satellite: string, delays: readonly number[], more?: Partial<FleetRow>): FleetRecord => ({
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
const records = [record("a<b", [30, 10]), record("c", [20, 7000], { min_charge: 0.2, battery_wait_s: 60 })];
const flight = summariseFlight(records, false, ["North", "South"], verdicts("detect"));
const summary: FleetSummary = {
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

test("a fleet's figures: sums, nearest ranks, and those that never came as endless", () => {
  expect(flight.conservation).toEqual({
    producedBytes: 600,
    deliveredBytes: 400,
    onBoardBytes: 120,
    droppedBytes: 80,
  });
  expect(flight.delays).toEqual([
    {
      kind: "detections",
      made: 6,
      delivered: 4,
      medianSeconds: 30,
      p90Seconds: null,
      slowestSeconds: 7000,
    },
  ]);
  expect(flight.power?.lowestCharge).toBe(0.2);
  expect(flight.waitSeconds.satellites).toBe(1);
  expect(flight.stations).toEqual([
    { id: "North", contacts: 2, bytes: 2558, seconds: 1 },
    { id: "South", contacts: 0, bytes: 0, seconds: 0 },
  ]);
  const text = stringifyFleetSummary(summary);
  expect(stringifyFleetSummary(parseFleetSummary(JSON.parse(text)))).toBe(text);
});

test("ledgers that do not balance are refused, by name", () => {
  const broken = { ...flight, conservation: { ...flight.conservation, droppedBytes: 81 } };
  expect(() => parseFleetSummary({ ...summary, flights: [broken] })).toThrow(
    /at flights\.0\.conservation.*produced 600 bytes, but 601/,
  );
});

test("the report stands alone, escapes names, says declared, and names what was idle", () => {
  const page = renderFleetReport({
    summary,
    flights: [records],
    notes: ["a note"],
    reproduce: { command: "swath simulate", configuration: "seed: 1" },
  });
  expect(page).not.toMatch(/<script|https?:\/\/|a<b|<hand>/);
  expect(page).toContain("Declared, not measured.");
  expect(page).toContain("Never sent to: South");
  expect(page).toContain("a&lt;b");
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(unbalanced(page)).toEqual([]);
  expect(hasOneHeading(page)).toBe(true);
  expect(sectionTitles(page)[0]).toBe("Does it fit?");
  const tables = csvOf(page);
  expect(tables.get("satellites.csv")).toHaveLength(1 + records.length);
  expect(tables.get("flights.csv")).toHaveLength(2);
});

test("rows come back from Parquet as they were", async () => {
  const rows = [row("a"), row("b", { lossless_bytes: null, min_charge: null, transmit_s: 0.1 + 0.2 })];
  const file = encodeFleetParquet(rows);
  const read = await parquetReadObjects({ file: file.buffer.slice(0, file.byteLength) as ArrayBuffer });
  const plain = read.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]),
    ),
  );
  expect(plain).toEqual(rows);
});
