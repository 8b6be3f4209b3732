import Table from "cli-table3";
import {
  deliveredFraction,
  fleetHeadline,
  fleetSubline,
  type FleetSummary,
  flightName,
  type FlightSummary,
  leadingDelays,
  sentFractionOf,
} from "../../studies/answer.ts";
import {
  formatBytes,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
} from "../../pipeline/format.ts";
import type { SimulationResult } from "../../studies/folder/fleet-files.ts";
import { bare } from "./table.ts";
import { verdictLines } from "./verdict-table.ts";

const optional = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "–" : format(value);

const columns: readonly { readonly name: string; readonly cell: (flight: FlightSummary) => string }[] = [
  { name: "flight", cell: flightName },
  { name: "on link", cell: ({ bytes }) => formatBytes(bytes.onLink) },
  { name: "of raw", cell: (flight) => optional(sentFractionOf(flight), formatPercent) },
  { name: "delivered", cell: (flight) => optional(deliveredFraction(flight), formatPercent) },
  { name: "median", cell: (flight) => optional(leadingDelays(flight)?.medianSeconds, formatDuration) },
  { name: "p90", cell: (flight) => optional(leadingDelays(flight)?.p90Seconds, formatDuration) },
  { name: "energy", cell: ({ energyJoules }) => formatJoules(energyJoules.total) },
  { name: "charge", cell: ({ power }) => optional(power?.lowestCharge, formatPercent) },
  { name: "found", cell: ({ detections }) => detections.toLocaleString("en-GB") },
];

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/** What happened that a reader should not have to look for. */
const remarks = ({ flights, workload }: FleetSummary): readonly string[] => [
  ...(workload.declared ? [`declared, not measured: ${workload.name}`] : []),
  ...flights.flatMap((flight) => {
    const { conservation, waitSeconds, power } = flight;
    const name = flightName(flight);
    const waits = [
      [waitSeconds.battery, "for charge"],
      [waitSeconds.heat, "for heat"],
    ] as const;
    return [
      ...(conservation.droppedBytes > 0
        ? [`${name}: ${formatBytes(conservation.droppedBytes)} given up, stores full`]
        : []),
      ...(conservation.onBoardBytes > 0
        ? [`${name}: ${formatBytes(conservation.onBoardBytes)} still on board at the end`]
        : []),
      ...waits
        .filter(([time]) => time > 0)
        .map(([time, why]) => `${name}: computers waited ${formatDuration(time)} ${why}`),
      ...(power !== null && power.unmet > 0
        ? [`${name}: ${formatJoules(power.unmet)} asked for from empty batteries`]
        : []),
    ];
  }),
];

/** What a model that writes token after token is bound by, and what that leaves of the camera's duty. */
const tokenLines = ({ workload, flights }: FleetSummary): readonly string[] => {
  const { tokens } = workload;
  if (tokens === null) return [];
  const most = flights.at(-1)?.verdicts.largestDuty ?? null;
  const duty =
    most === null || most.duty === null
      ? ""
      : `; the camera's duty can be ${formatPercent(Number(Math.min(1, most.duty).toPrecision(2)))} at most, ${most.limitedBy === "light" ? "all that there is to be seen" : `limited by the ${most.limitedBy}`}`;
  return [
    `Bound by ${tokens.boundBy}: ${formatNumber(tokens.perSecond)} tokens/s from ${formatBytes(tokens.weightsBytes)} of weights${duty}.`,
  ];
};

/** Headline, table and remarks as the command prints them, newline at the end. */
export const fleetText = (summary: FleetSummary, colour = false): string => {
  const style = (text: string): string => (colour ? bold(text) : text);
  const table = new Table({
    head: columns.map(({ name }) => style(name)),
    colAligns: columns.map((_, i) => (i === 0 ? "left" : "right")),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const flight of summary.flights) table.push(columns.map(({ cell }) => cell(flight)));
  const said = remarks(summary);
  const lead = summary.flights.at(-1);
  const verdicts = verdictLines(
    summary.flights.map((flight) => ({
      name: flightName(flight),
      verdicts: flight.verdicts,
      isLeading: flight === lead,
    })),
    "flight",
    style,
  );
  return [
    style(fleetHeadline(summary)),
    fleetSubline(summary),
    ...tokenLines(summary),
    "",
    ...verdicts,
    ...(verdicts.length === 0 ? [] : [""]),
    table.toString().replace(/ +$/gm, ""),
    ...(said.length === 0 ? [] : ["", ...said]),
    "",
    "It rests on:",
    ...summary.assumptions.map((what) => `  ${what}`),
    "",
  ].join("\n");
};

/** Prints `fleetText` and where the rest is; bold only on a terminal that has not asked for plain text (NO_COLOR). */
export const printFleet = ({ summary, folder }: SimulationResult, out = process.stdout): void => {
  out.write(fleetText(summary, out.isTTY && out.hasColors()));
  out.write(`\nreport   ${folder}/report.html\nsummary  ${folder}/summary.json\n`);
};
