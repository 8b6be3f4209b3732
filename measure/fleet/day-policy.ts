import { sumOf } from "../statistics.ts";
import type { DayPolicy } from "../summary/day-summary.ts";
import type { FleetRecord } from "./fleet-record.ts";

/** Steps of the delivery curve. */
const steps = 40;

/** Delays of everything that came down, whatever it is; ascending, seconds. */
const allDelays = (records: readonly FleetRecord[]): Float64Array =>
  Float64Array.from(records.flatMap(({ delays }) => Object.values(delays).flat())).sort();

/** The delay that `share` of all `made` do not exceed; `null` where what has not come counts among them. */
const delayOf = (sorted: Float64Array, share: number, made: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * made) - 1)] ?? null;

const curveOf = (sorted: Float64Array, made: number): DayPolicy["curve"] =>
  sorted.length === 0
    ? []
    : Array.from({ length: steps + 1 }, (_, step) => {
        const landed = Math.max(1, Math.round((step / steps) * sorted.length));
        return { seconds: sorted[landed - 1] as number, fraction: landed / made };
      });

/** What a day came to under one policy. Records in the order of the constellation. */
export const dayPolicy = (policy: string, records: readonly FleetRecord[]): DayPolicy => {
  const made = sumOf(records, (record) => sumOf(Object.values(record.made), (count) => count));
  const sorted = allDelays(records);
  const sum = (of: (row: FleetRecord["row"]) => number): number => sumOf(records, ({ row }) => of(row));
  const energy = {
    camera: sum((row) => row.camera_j),
    compute: sum((row) => row.compute_j),
    radio: sum((row) => row.radio_j),
    crosslink: sum((row) => row.crosslink_j),
  };
  return {
    policy,
    products: { made, delivered: sorted.length },
    deliveredFraction: made === 0 ? null : sorted.length / made,
    medianSeconds: delayOf(sorted, 0.5, made),
    p90Seconds: delayOf(sorted, 0.9, made),
    bytes: {
      produced: sum((row) => row.produced_bytes),
      delivered: sum((row) => row.delivered_bytes),
      backlog: sum((row) => row.on_board_bytes),
      dropped: sum((row) => row.dropped_bytes),
      onLink: sum((row) => row.link_bytes),
    },
    energyJoules: { ...energy, total: energy.camera + energy.compute + energy.radio + energy.crosslink },
    curve: curveOf(sorted, made),
    contacts: records.map(({ use }) => ({
      satellite: use.satellite,
      seconds: use.contactSeconds,
      couldCarryBytes: use.couldCarryBytes,
      askedBytes: use.askedBytes,
      carriedBytes: use.carriedBytes,
    })),
  };
};
