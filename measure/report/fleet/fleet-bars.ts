import { flightName } from "../../summary/fleet-headline.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import {
  formatBytes,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatPercent,
} from "../../../pipeline/format.ts";
import { html, type Markup } from "../drawing/html.ts";
import type { Series } from "../drawing/legend.ts";
import { splitChart } from "../drawing/split-chart.ts";

const fates: readonly Series[] = [
  { name: "delivered", colour: "var(--c-teal)", hint: "Envelopes on the ground" },
  { name: "still on board", colour: "var(--c-sand)", hint: "At the end of the horizon" },
  { name: "given up", colour: "var(--c-brick)", hint: "The store was full" },
];

/** Where the bytes that were made ended, and what the link carried for it. */
export const fleetBytes = ({ flights, storeBytes, constellation }: FleetSummary): Markup => {
  const rows = flights.map((flight) => ({
    name: flightName(flight),
    values: [
      flight.conservation.deliveredBytes,
      flight.conservation.onBoardBytes,
      flight.conservation.droppedBytes,
    ],
    value: `${formatBytes(flight.conservation.producedBytes)} made`,
  }));
  const [first] = flights;
  const carried = flights
    .map(
      (flight) =>
        `${flightName(flight)} ${formatBytes(flight.bytes.onLink)} (${formatBytes(flight.bytes.resent)} sent again)`,
    )
    .join(", ");
  const baseline = first?.bytes.rawLosslessFramed;
  return html`<div class="fleet">${splitChart(fates, rows, formatBytes)}</div>
    <p class="note">
      On the link, framing included:
      ${carried}.${
        baseline !== null &&
        baseline !== undefined &&
        ` The same imagery as lossless tiles, framed: ${formatBytes(baseline)}.`
      }
      Stores: ${formatBytes(storeBytes)} a satellite, ${formatBytes(storeBytes * constellation.satellites)} in
      all.
    </p>`;
};

const loads: readonly Series[] = [
  { name: "camera", colour: "var(--c-sand)" },
  { name: "compute", colour: "var(--c-violet)" },
  { name: "radio", colour: "var(--c-blue)" },
  { name: "crosslinks", colour: "var(--c-teal)" },
];

/** What the job took, and what power and heat did to it. */
export const fleetEnergy = ({ flights, constellation }: FleetSummary): Markup => {
  const rows = flights.map((flight) => {
    const { camera, compute, radio, crosslink, total } = flight.energyJoules;
    const each = formatJoules(total / constellation.satellites);
    return {
      name: flightName(flight),
      values: [camera, compute, radio, crosslink],
      value: `${formatJoules(total)} · ${each} each`,
    };
  });
  const used = loads.filter((_, n) => rows.some(({ values }) => (values[n] ?? 0) > 0));
  const kept = rows.map((row) => ({
    ...row,
    values: row.values.filter((_, n) => used.includes(loads[n] as Series)),
  }));
  const lines = flights.map((flight) => {
    const { power, waitSeconds, highestTemperatureKelvin: hottest } = flight;
    const parts = [
      power === null
        ? "power taken for granted"
        : `arrays ${formatJoules(power.generated)}, all loads ${formatJoules(power.demanded)}, lowest charge ${formatPercent(power.lowestCharge)}${power.unmet > 0 ? `, ${formatJoules(power.unmet)} asked for in vain` : ""}`,
      hottest === null ? null : `hottest computer ${(hottest - 273.15).toFixed(0)} °C`,
      waitSeconds.battery > 0 ? `waited ${formatDuration(waitSeconds.battery)} for charge` : null,
      waitSeconds.heat > 0 ? `waited ${formatDuration(waitSeconds.heat)} for heat` : null,
      waitSeconds.throttled > 0 ? `slowed by heat for ${formatDuration(waitSeconds.throttled)}` : null,
      waitSeconds.satellites > 0
        ? `${formatCountOf(waitSeconds.satellites, "satellite")} ever waited`
        : "no computer ever waited",
    ];
    return `${flightName(flight)}: ${parts.filter((part) => part !== null).join("; ")}.`;
  });
  return html`<div class="fleet">${splitChart(used, kept, formatJoules)}</div>
    ${lines.map((line) => html`<p class="note">${line}</p>`)}`;
};
