import type { FleetRecord } from "../../fleet/fleet-record.ts";
import { flightName } from "../../summary/fleet-headline.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import type { CsvTable } from "../drawing/csv.ts";

/** More satellites than this stand in `satellites.parquet` alone. */
const mostRows = 3000;

/** The tables of a simulation's page: flights with their figures, and each satellite's share. */
export const fleetCsv = ({
  summary,
  flights,
}: {
  readonly summary: FleetSummary;
  readonly flights: readonly (readonly FleetRecord[])[];
}): readonly CsvTable[] => [
  {
    file: "flights.csv",
    heads: ["flight", "kind", "made", "delivered", "median_s", "p90_s", "link_bytes", "energy_j"],
    rows: summary.flights.flatMap((flight) =>
      flight.delays.map((one) => [
        flightName(flight),
        one.kind,
        one.made,
        one.delivered,
        one.medianSeconds,
        one.p90Seconds,
        flight.bytes.onLink,
        flight.energyJoules.total,
      ]),
    ),
  },
  {
    file: "satellites.csv",
    heads: [
      "satellite",
      "pictures",
      "produced_bytes",
      "delivered_bytes",
      "on_board_bytes",
      "dropped_bytes",
      "link_bytes",
    ],
    rows: (flights.at(-1) ?? [])
      .slice(0, mostRows)
      .map(({ row }) => [
        row.satellite,
        row.acquisitions,
        row.produced_bytes,
        row.delivered_bytes,
        row.on_board_bytes,
        row.dropped_bytes,
        row.link_bytes,
      ]),
  },
];
