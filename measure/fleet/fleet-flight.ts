import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import { bytes } from "../../pipeline/units.ts";
import { fleetDelays, type FleetRecord } from "./fleet-record.ts";
import type { FleetRow } from "./fleet-row.ts";
import type { FlightSummary } from "../summary/fleet-summary.ts";
import type { SharedWork } from "../summary/offload-summary.ts";
import type { Verdicts } from "../summary/verdict-summary.ts";
import { nearestRank, sumOf } from "../statistics.ts";

/** `null` where nobody kept it. */
const most = (values: readonly (number | null)[]): number | null =>
  values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
const least = (values: readonly (number | null)[]): number | null =>
  values.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
/** `null` when it is missing anywhere. */
const sumIfKept = (values: readonly (number | null)[]): number | null =>
  values.some((value) => value === null) ? null : sumOf(values, (value) => value ?? 0);

const powerOf = (rows: readonly FleetRow[]): FlightSummary["power"] => {
  const generated = sumIfKept(rows.map((row) => row.generated_j));
  const demanded = sumIfKept(rows.map((row) => row.demanded_j));
  const unmet = sumIfKept(rows.map((row) => row.unmet_j));
  const lowestCharge = least(rows.map((row) => row.min_charge));
  if (generated === null || demanded === null || unmet === null || lowestCharge === null) return null;
  return { generated, demanded, unmet, lowestCharge };
};

const stationsOf = (
  records: readonly FleetRecord[],
  stations: readonly string[],
): FlightSummary["stations"] => {
  const uses = new Map(stations.map((id) => [id, { id, contacts: 0, bytes: 0, seconds: 0 }]));
  for (const use of records.flatMap((record) => record.stations)) {
    const total = uses.get(use.station);
    if (total === undefined) continue;
    total.contacts += use.contacts;
    total.bytes += use.bytes;
    total.seconds += use.seconds;
  }
  return [...uses.values()];
};

/** Shared work of all; nothing where each computes its own tiles. */
const sharedBy = (records: readonly FleetRecord[]): Pick<FlightSummary, "offload"> => {
  const parts = records.flatMap(({ shared }) => shared ?? []);
  if (parts.length === 0) return {};
  const sum = (of: keyof SharedWork): number => sumOf(parts, (part) => part[of]);
  return {
    offload: {
      acquisitions: sum("acquisitions"),
      tiles: sum("tiles"),
      pixelBytes: sum("pixelBytes"),
      crossedBytes: sum("crossedBytes"),
      transmitSeconds: sum("transmitSeconds"),
      computeSeconds: sum("computeSeconds"),
      computeJoules: sum("computeJoules"),
    },
  };
};

/**
 * What a fleet came to. Records come in the order of the constellation, whoever flew them, so that sums of floats are the
 * same however it was sharded.
 */
export const summariseFlight = (
  records: readonly FleetRecord[],
  crosslinks: boolean,
  stations: readonly string[],
  verdicts: Verdicts,
  protection: LinkProtection = "none",
): FlightSummary => {
  const rows = records.map(({ row }) => row);
  const sum = (of: (row: FleetRow) => number): number => sumOf(rows, of);
  const lossless = sumIfKept(rows.map((row) => row.lossless_bytes));
  const energy = {
    camera: sum((row) => row.camera_j),
    compute: sum((row) => row.compute_j),
    radio: sum((row) => row.radio_j),
    crosslink: sum((row) => row.crosslink_j),
  };
  const tiles = sum((row) => row.tiles - row.empty_tiles);
  return {
    crosslinks,
    acquisitions: {
      planned: sum((row) => row.acquisitions),
      failed: sum((row) => row.failed_acquisitions),
      processedOnBoard: sum((row) => row.processed_acquisitions),
    },
    tiles: { captured: sum((row) => row.tiles), screened: sum((row) => row.screened_tiles) },
    detections: sum((row) => row.detections),
    bytes: {
      sensor: sum((row) => row.sensor_bytes),
      rawLosslessFramed: lossless === null ? null : framedSize(bytes(lossless), tiles, protection),
      onLink: sum((row) => row.link_bytes),
      resent: sum((row) => row.resent_bytes),
      crosslinks: sum((row) => row.crosslink_bytes),
    },
    conservation: {
      producedBytes: sum((row) => row.produced_bytes),
      deliveredBytes: sum((row) => row.delivered_bytes),
      onBoardBytes: sum((row) => row.on_board_bytes),
      droppedBytes: sum((row) => row.dropped_bytes),
    },
    delays: fleetDelays(records).map((delays) => ({
      kind: delays.kind,
      made: delays.made,
      delivered: delays.delivered,
      medianSeconds: nearestRank(delays.sorted, 0.5, delays.made),
      p90Seconds: nearestRank(delays.sorted, 0.9, delays.made),
      slowestSeconds: delays.sorted.at(-1) ?? null,
    })),
    energyJoules: { ...energy, total: energy.camera + energy.compute + energy.radio + energy.crosslink },
    power: powerOf(rows),
    highestTemperatureKelvin: most(rows.map((row) => row.max_temperature_k)),
    waitSeconds: {
      battery: sum((row) => row.battery_wait_s),
      heat: sum((row) => row.heat_wait_s),
      throttled: sum((row) => row.throttled_s),
      satellites: rows.filter((row) => row.battery_wait_s + row.heat_wait_s > 0).length,
    },
    transmitSeconds: sum((row) => row.transmit_s),
    handedOver: sum((row) => row.handed_over),
    ...sharedBy(records),
    stations: [...stationsOf(records, stations)],
    verdicts,
  };
};
