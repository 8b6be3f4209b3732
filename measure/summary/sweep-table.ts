import { z } from "zod";
import {
  deliveredProducts,
  foundOnBoard,
  leadingDelays,
  leadingFlight,
  sentFractionOf,
} from "./fleet-headline.ts";
import type { FleetSummary } from "./fleet-summary.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
  formatScore,
} from "../../pipeline/format.ts";
import { productsFraction, sentFraction } from "./run-headline.ts";
import type { RunSummary } from "./run-summary.ts";
import type { Verdicts } from "./verdict-summary.ts";
import { parseWritten } from "./versioned.ts";

/** Version tag of the `summary.json` of a sweep. */
export const sweepTableVersion = "swath-sweep/2";

/** Plain numbers: the names carry the units. */
const figuresSchema = z
  .strictObject({
    link_bytes: z.int().nonnegative(),
    /** Of the imagery as lossless tiles, framed. */
    of_raw: z.number().nonnegative().nullable(),
    /** Share of the products made that came down. */
    delivered: z.number().min(0).max(1).nullable(),
    /** Of all that was made, products or pictures; of a replay that flew a full day, of that day. Null: later than the horizon. */
    median_s: z.number().nonnegative().nullable(),
    p90_s: z.number().nonnegative().nullable(),
    /** 1: link, computer, power, heat and store fit, in a steady state; 0: one does not. */
    fits: z.number().min(0).max(1).nullable(),
    /** So many times the work until the first gives way; null: none does, or unknown. */
    room: z.number().nonnegative().nullable(),
    energy_j: z.number().nonnegative().nullable(),
    lowest_charge: z.number().min(0).max(1).nullable(),
    dropped_bytes: z.int().nonnegative(),
    /** Null where nothing on board looked for any. */
    detections: z.int().nonnegative().nullable(),
    ap50_from_threshold: z.number().min(0).max(1).nullable(),
  })
  .readonly();

const rowSchema = z
  .strictObject({
    point: z.record(z.string(), z.string()).readonly(),
    run: z.string(),
    figures: figuresSchema,
  })
  .readonly();

const sweepTableSchema = z
  .strictObject({
    schema: z.literal(sweepTableVersion),
    name: z.string(),
    command: z.enum(["simulate", "replay"]),
    /** The options swept, in order. */
    keys: z.array(z.string()).readonly(),
    /** What the runs have in common, for people. */
    common: z.string(),
    /** The work is declared, not measured. */
    declared: z.boolean(),
    rows: z.array(rowSchema).readonly(),
  })
  .readonly();

/** What runs of a sweep are compared by. */
export type SweepFigures = z.infer<typeof figuresSchema>;
/** One run of a sweep. */
export type SweepRow = z.infer<typeof rowSchema>;
/** All runs of a sweep: what its `summary.json` holds. */
export type SweepTable = z.infer<typeof sweepTableSchema>;

/** Throws `SwathError("storage")` naming the first field that does not fit. */
export const parseSweepTable = (value: unknown, source = "table"): SweepTable =>
  parseWritten(sweepTableSchema, sweepTableVersion, value, source);

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
  { key: "fits", name: "fits", text: (value) => (value === 1 ? "yes" : "no") },
  { key: "room", name: "room", text: (value) => `${formatNumber(Number(value.toPrecision(2)))} ×` },
  { key: "energy_j", name: "energy", text: formatJoules },
  { key: "lowest_charge", name: "charge", text: formatPercent },
  { key: "dropped_bytes", name: "given up", text: formatBytes },
  { key: "detections", name: "found", text: formatCount },
  { key: "ap50_from_threshold", name: "AP50 ≥ thr.", text: formatScore },
];

/** Columns in which any run has a figure. */
export const usedColumns = ({ rows }: SweepTable): readonly Column[] =>
  sweepColumns.filter(({ key }) =>
    rows.some(({ figures }) => figures[key] !== null && !(key === "dropped_bytes" && figures[key] === 0)),
  );

const roomIn = ({ fits, limits }: Verdicts): Pick<SweepFigures, "fits" | "room"> => {
  const margins = limits.flatMap(({ margin }) => margin ?? []);
  return {
    fits: fits === null ? null : fits ? 1 : 0,
    room: margins.length === 0 ? null : Math.min(...margins),
  };
};

/** What a simulation came to, with crosslinks where it had them. */
export const figuresOfFleet = (summary: FleetSummary): SweepFigures => {
  const flight = leadingFlight(summary);
  const delays = leadingDelays(flight);
  return {
    link_bytes: flight.bytes.onLink,
    of_raw: sentFractionOf(flight),
    delivered: deliveredProducts(flight),
    median_s: delays?.medianSeconds ?? null,
    p90_s: delays?.p90Seconds ?? null,
    ...roomIn(flight.verdicts),
    energy_j: flight.energyJoules.total,
    lowest_charge: flight.power?.lowestCharge ?? null,
    dropped_bytes: flight.conservation.droppedBytes,
    detections: foundOnBoard(summary) ? flight.detections : null,
    ap50_from_threshold: null,
  };
};

/** What a replay came to under its policy. */
export const figuresOfRun = ({ policies: [policy], day }: RunSummary): SweepFigures => {
  if (policy === undefined) throw new RangeError("a summary has at least one policy");
  const whole = day?.policies[0];
  return {
    link_bytes: policy.bytes.onLink.total,
    of_raw: sentFraction(policy),
    delivered: whole === undefined ? productsFraction(policy) : whole.deliveredFraction,
    median_s: whole === undefined ? policy.pictureDelays.medianSeconds : whole.medianSeconds,
    p90_s: whole === undefined ? policy.pictureDelays.p90Seconds : whole.p90Seconds,
    ...roomIn(policy.verdicts),
    energy_j: policy.energyJoules?.total ?? null,
    lowest_charge: policy.platform?.power?.lowestCharge ?? null,
    dropped_bytes: Object.values(policy.conservation.droppedBytes).reduce((sum, one) => sum + one, 0),
    detections: policy.detections.delivered,
    ap50_from_threshold: policy.quality?.ap50FromThreshold ?? null,
  };
};
