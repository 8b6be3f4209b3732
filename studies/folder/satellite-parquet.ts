import { encodeParquet, parquetElement, type ParquetKind } from "../../pipeline/parquet.ts";
import type { FleetRow } from "../../measure/fleet/fleet-row.ts";

/** Columns in the order of the file. `?`: may be null. */
const columns: Readonly<Record<keyof FleetRow, ParquetKind>> = {
  satellite: "text",
  acquisitions: "count",
  failed_acquisitions: "count",
  processed_acquisitions: "count",
  tiles: "count",
  screened_tiles: "count",
  empty_tiles: "count",
  detections: "count",
  sensor_bytes: "count",
  lossless_bytes: "count?",
  produced_bytes: "count",
  delivered_bytes: "count",
  on_board_bytes: "count",
  dropped_bytes: "count",
  link_bytes: "count",
  resent_bytes: "count",
  contacts: "count",
  transmit_s: "real",
  crosslink_bytes: "count",
  handed_over: "count",
  camera_j: "real",
  compute_j: "real",
  radio_j: "real",
  crosslink_j: "real",
  generated_j: "real?",
  demanded_j: "real?",
  unmet_j: "real?",
  min_charge: "real?",
  max_temperature_k: "real?",
  battery_wait_s: "real",
  heat_wait_s: "real",
  throttled_s: "real",
  eclipse_s: "real",
};

const cell = (value: string | number | null, kind: ParquetKind): string | number | bigint | null =>
  typeof value === "number" && kind.startsWith("count") ? BigInt(value) : value;

/** Satellites as a Parquet file, one row each; units are in the names of the columns. The same rows make the same bytes. */
export const encodeFleetParquet = (rows: readonly FleetRow[]): Uint8Array =>
  encodeParquet(
    (Object.entries(columns) as [keyof FleetRow, ParquetKind][]).map(([name, kind]) => ({
      element: parquetElement(name, kind),
      data: rows.map((row) => cell(row[name], kind)),
    })),
  );
