import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
  formatScore,
} from "../../pipeline/format.ts";
import type { DayPolicy } from "./day-summary.ts";
import { deliveredProducts, flightName, leadingDelays } from "./fleet-headline.ts";
import type { FleetSummary, FlightSummary } from "./fleet-summary.ts";
import { productsFraction } from "./run-headline.ts";
import type { PolicySummary, RunSummary } from "./run-summary.ts";
import { sweepColumns, type SweepTable } from "./sweep-table.ts";
import type { Verdicts } from "./verdict-summary.ts";

/** One figure of an answer, by which two answers are compared. */
export interface ComparedFigure {
  /** The policy, the flight, or the point of a sweep. */
  readonly of: string;
  readonly name: string;
  /** In the unit that the summary has it in; `null`: not known, or later than the horizon. */
  readonly value: number | null;
  readonly text: (value: number) => string;
}

type Named = Omit<ComparedFigure, "of">;

const yesNo = (value: number): string => (value === 1 ? "yes" : "no");
const times = (value: number): string => `${formatNumber(Number(value.toPrecision(2)))} ×`;

const verdictFigures = ({ fits, limits, largestDuty }: Verdicts): readonly Named[] => [
  { name: "fits", value: fits === null ? null : Number(fits), text: yesNo },
  ...limits.map(({ subject, margin }) => ({ name: `room: ${subject}`, value: margin, text: times })),
  { name: "largest duty", value: largestDuty?.duty ?? null, text: formatPercent },
];

const dayFigures = (day: DayPolicy): readonly Named[] => [
  { name: "day: on link", value: day.bytes.onLink, text: formatBytes },
  { name: "day: delivered", value: day.deliveredFraction, text: formatPercent },
  { name: "day: half within", value: day.medianSeconds, text: formatDuration },
  { name: "day: 90 % within", value: day.p90Seconds, text: formatDuration },
  { name: "day: left", value: day.bytes.backlog, text: formatBytes },
  { name: "day: given up", value: day.bytes.dropped, text: formatBytes },
  { name: "day: energy", value: day.energyJoules.total, text: formatJoules },
];

const sceneFigures = (one: PolicySummary): readonly Named[] => [
  { name: "scenes: on link", value: one.bytes.onLink.total, text: formatBytes },
  { name: "scenes: raw, framed", value: one.bytes.rawLosslessFramed, text: formatBytes },
  { name: "scenes: delivered", value: productsFraction(one), text: formatPercent },
  { name: "scenes: median", value: one.pictureDelays.medianSeconds, text: formatDuration },
  { name: "scenes: p90", value: one.pictureDelays.p90Seconds, text: formatDuration },
  { name: "scenes: energy", value: one.energyJoules?.total ?? null, text: formatJoules },
  { name: "scenes: detections", value: one.detections.delivered, text: formatCount },
  {
    name: "scenes: AP50 from the threshold",
    value: one.quality?.ap50FromThreshold ?? null,
    text: formatScore,
  },
  { name: "scenes: recall", value: one.quality?.recall ?? null, text: formatScore },
  { name: "scenes: precision", value: one.quality?.precision ?? null, text: formatScore },
  {
    name: "scenes: as raw",
    value: one.agreementWithRaw?.rawFoundFraction ?? null,
    text: formatPercent,
  },
];

const of = (name: string, figures: readonly Named[]): readonly ComparedFigure[] =>
  figures.map((figure) => ({ of: name, ...figure }));

/** What a run is compared by: of its full day, its verdicts and its scenes, policy by policy. */
export const runFigures = ({ policies, day }: RunSummary): readonly ComparedFigure[] =>
  policies.flatMap((one) => {
    const whole = day?.policies.find(({ policy }) => policy === one.policy);
    return of(one.policy, [
      ...(whole === undefined ? [] : dayFigures(whole)),
      ...verdictFigures(one.verdicts),
      ...sceneFigures(one),
    ]);
  });

const flightFigures = (flight: FlightSummary): readonly Named[] => {
  const delays = leadingDelays(flight);
  return [
    { name: "on link", value: flight.bytes.onLink, text: formatBytes },
    { name: "delivered", value: deliveredProducts(flight), text: formatPercent },
    { name: "half within", value: delays?.medianSeconds ?? null, text: formatDuration },
    { name: "90 % within", value: delays?.p90Seconds ?? null, text: formatDuration },
    { name: "acquisitions", value: flight.acquisitions.planned, text: formatCount },
    { name: "given up", value: flight.conservation.droppedBytes, text: formatBytes },
    { name: "left", value: flight.conservation.onBoardBytes, text: formatBytes },
    { name: "energy", value: flight.energyJoules.total, text: formatJoules },
    { name: "lowest charge", value: flight.power?.lowestCharge ?? null, text: formatPercent },
    ...verdictFigures(flight.verdicts),
  ];
};

/** What a simulation is compared by, flight by flight. */
export const fleetFigures = ({ flights }: FleetSummary): readonly ComparedFigure[] =>
  flights.flatMap((flight) => of(flightName(flight), flightFigures(flight)));

/** What a sweep is compared by: its columns, point by point. */
export const sweepFigures = ({ rows, keys }: SweepTable): readonly ComparedFigure[] =>
  rows.flatMap(({ point, figures }) =>
    of(
      keys.map((key) => `${key}=${point[key] ?? ""}`).join(", "),
      sweepColumns.map(({ key, name, text }) => ({ name, value: figures[key], text })),
    ),
  );
