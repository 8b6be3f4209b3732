import { deliveredFraction, leadingDelays, leadingFlight, sentFractionOf } from "./fleet-headline.ts";
import type { FleetSummary } from "./fleet-summary.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatPercent,
  formatScore,
} from "./format.ts";
import { sentFraction } from "./headline.ts";
import type { RunSummary } from "./summary.ts";

/** What runs of a sweep are compared by; plain numbers, the names carry the units. */
export interface SweepFigures {
  readonly link_bytes: number;
  /** Of the imagery as lossless tiles, framed. */
  readonly of_raw: number | null;
  /** Share of what was made, or of the pictures taken, that came down. */
  readonly delivered: number | null;
  readonly median_s: number | null;
  readonly p90_s: number | null;
  readonly energy_j: number | null;
  readonly lowest_charge: number | null;
  readonly dropped_bytes: number;
  readonly detections: number;
  readonly ap50: number | null;
}

/** One run of a sweep. */
export interface SweepRow {
  readonly point: Readonly<Record<string, string>>;
  readonly run: string;
  readonly figures: SweepFigures;
}

/** All runs of a sweep: what its `summary.json` holds. */
export interface SweepTable {
  readonly schema: "swath-sweep/1";
  readonly name: string;
  readonly command: "simulate" | "replay";
  /** The options swept, in order. */
  readonly keys: readonly string[];
  /** What the runs have in common, for people. */
  readonly common: string;
  /** The work is declared, not measured. */
  readonly declared: boolean;
  readonly rows: readonly SweepRow[];
}

interface Column {
  readonly key: keyof SweepFigures;
  readonly name: string;
  readonly text: (value: number) => string;
}

/** How figures are shown, in this order. */
export const sweepColumns: readonly Column[] = [
  { key: "link_bytes", name: "on link", text: formatBytes },
  { key: "of_raw", name: "of raw", text: formatPercent },
  { key: "delivered", name: "delivered", text: formatPercent },
  { key: "median_s", name: "median", text: formatDuration },
  { key: "p90_s", name: "p90", text: formatDuration },
  { key: "energy_j", name: "energy", text: formatJoules },
  { key: "lowest_charge", name: "charge", text: formatPercent },
  { key: "dropped_bytes", name: "given up", text: formatBytes },
  { key: "detections", name: "found", text: formatCount },
  { key: "ap50", name: "AP50", text: formatScore },
];

/** Columns in which any run has a figure. */
export const usedColumns = ({ rows }: SweepTable): readonly Column[] =>
  sweepColumns.filter(({ key }) =>
    rows.some(({ figures }) => figures[key] !== null && !(key === "dropped_bytes" && figures[key] === 0)),
  );

/** What a simulation came to, with crosslinks where it had them. */
export const figuresOfFleet = (summary: FleetSummary): SweepFigures => {
  const flight = leadingFlight(summary);
  const delays = leadingDelays(flight);
  return {
    link_bytes: flight.bytes.onLink,
    of_raw: sentFractionOf(flight),
    delivered: deliveredFraction(flight),
    median_s: delays?.medianSeconds ?? null,
    p90_s: delays?.p90Seconds ?? null,
    energy_j: flight.energyJoules.total,
    lowest_charge: flight.power?.lowestCharge ?? null,
    dropped_bytes: flight.conservation.droppedBytes,
    detections: flight.detections,
    ap50: null,
  };
};

/** What a replay came to under its policy. */
export const figuresOfRun = ({ policies: [policy] }: RunSummary): SweepFigures => {
  if (policy === undefined) throw new RangeError("a summary has at least one policy");
  return {
    link_bytes: policy.bytes.onLink.total,
    of_raw: sentFraction(policy),
    delivered: policy.deliveredShare.acquisitionsFraction,
    median_s: policy.latencySeconds?.median ?? null,
    p90_s: policy.latencySeconds?.p90 ?? null,
    energy_j: policy.energyJoules?.total ?? null,
    lowest_charge: policy.platform?.power?.lowestCharge ?? null,
    dropped_bytes: Object.values(policy.conservation.droppedBytes).reduce((sum, one) => sum + one, 0),
    detections: policy.detections.delivered,
    ap50: policy.quality?.ap50 ?? null,
  };
};
