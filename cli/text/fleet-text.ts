import Table from "cli-table3";
import {
  delayText,
  deliveredProducts,
  fleetHeadline,
  fleetSubline,
  type FleetSummary,
  flightName,
  foundOnBoard,
  type FlightSummary,
  leadingDelays,
  sentFractionOf,
  sharedWorkText,
} from "../../studies/answer.ts";
import { codecOf } from "../../pipeline/product/product.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
} from "../../pipeline/format.ts";
import type { SimulationResult } from "../../studies/folder/fleet-files.ts";
import { orderLines, tenantLines } from "./order-text.ts";
import { plain } from "./table.ts";
import { verdictLines } from "./verdict-table.ts";

const optional = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "–" : format(value);

interface Column {
  readonly name: string;
  readonly cell: (flight: FlightSummary) => string;
}

/** Of all that were made, arrived or not. */
const delayCell =
  (which: "medianSeconds" | "p90Seconds") =>
  (flight: FlightSummary): string => {
    const delays = leadingDelays(flight);
    return delays === null ? "–" : delayText(delays[which]);
  };

const columns: readonly Column[] = [
  { name: "flight", cell: flightName },
  { name: "on link", cell: ({ bytes }) => formatBytes(bytes.onLink) },
  { name: "of raw", cell: (flight) => optional(sentFractionOf(flight), formatPercent) },
  { name: "delivered", cell: (flight) => optional(deliveredProducts(flight), formatPercent) },
  { name: "median", cell: delayCell("medianSeconds") },
  { name: "p90", cell: delayCell("p90Seconds") },
  { name: "energy", cell: ({ energyJoules }) => formatJoules(energyJoules.total) },
  { name: "charge", cell: ({ power }) => optional(power?.lowestCharge, formatPercent) },
];

const found: Column = { name: "found", cell: ({ detections }) => detections.toLocaleString("en-GB") };

/** What the columns are about, and what they do not show. */
const delayLines = ({ flights }: FleetSummary): readonly string[] =>
  flights.flatMap((flight, i) =>
    flight.delays.map(({ kind, made, delivered, slowestSeconds }) => {
      const never = made - delivered;
      const missing = never === 0 ? "" : `; ${formatCount(never)} never came within the horizon`;
      const lead = i === 0 && kind === flight.delays[0]?.kind ? "delays of " : "";
      return `${flightName(flight)}: ${lead}${formatCount(made)} ${codecOf(kind).name}, the slowest that came after ${slowestSeconds === null ? "–" : formatDuration(slowestSeconds)}${missing}`;
    }),
  );

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/** What happened that a reader should not have to look for. */
const remarks = (summary: FleetSummary): readonly string[] => [
  ...delayLines(summary),
  ...(summary.workload.declared ? [`declared, not measured: ${summary.workload.name}`] : []),
  ...summary.flights.flatMap((flight) => {
    const { conservation, waitSeconds, power, offload } = flight;
    const name = flightName(flight);
    const waits = [
      [waitSeconds.battery, "for charge"],
      [waitSeconds.heat, "for heat"],
    ] as const;
    return [
      ...(offload === undefined ? [] : [`${name}: ${sharedWorkText(offload)}`]),
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
  const shown = foundOnBoard(summary) ? [...columns, found] : columns;
  const table = new Table({
    head: shown.map(({ name }) => style(name)),
    colAligns: shown.map((_, i) => (i === 0 ? "left" : "right")),
    ...plain,
  });
  for (const flight of summary.flights) table.push(shown.map(({ cell }) => cell(flight)));
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
    ...(lead?.tenancy === undefined ? [] : ["", ...tenantLines(lead.tenancy, flightName(lead), style)]),
    ...(lead?.orders === undefined ? [] : ["", ...orderLines(lead.orders, flightName(lead), style)]),
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
