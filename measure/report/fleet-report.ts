import { codecOf } from "../../pipeline/product/product.ts";
import { parseInstant } from "../../pipeline/units.ts";
import type { FleetRecord } from "../fleet/fleet-record.ts";
import { fleetDelays, type Delays } from "../fleet/fleet-record.ts";
import {
  fleetHeadline,
  fleetSubline,
  flightName,
  leadingDelays,
  leadingFlight,
} from "../summary/fleet-headline.ts";
import type { FleetSummary, FlightSummary } from "../summary/fleet-summary.ts";
import { flightColour } from "./drawing/colours.ts";
import { csvLink } from "./drawing/csv.ts";
import { deliveryCurve } from "./drawing/delivery-curve.ts";
import { bytesText, durationText, shareText, typeset } from "./drawing/figures.ts";
import { html, type Content, type Markup } from "./drawing/html.ts";
import { renderPage } from "./drawing/page.ts";
import { withoutFoldersIn } from "./drawing/paths.ts";
import { fitSentence, verdictRows } from "./drawing/verdict-rows.ts";
import { fleetBytes, fleetEnergy } from "./fleet/fleet-bars.ts";
import { fleetCsv } from "./fleet/fleet-csv.ts";
import { fleetFigures } from "./fleet/fleet-figures.ts";
import { landedCells } from "./fleet/landed-cells.ts";
import { fleetMap, type FleetPlaces } from "./fleet/fleet-map.ts";
import { fleetAgain, fleetProvenance } from "./fleet/fleet-provenance.ts";
import { fleetSatellites, worstSatellites } from "./fleet/fleet-satellites.ts";
import { fleetTable } from "./fleet/fleet-table.ts";
import { stationChart } from "./fleet/station-chart.ts";
import { orderTables } from "./run/order-section.ts";
import { tenantTable } from "./run/tenant-table.ts";
import { objectStyle } from "./run/who-saw-what.ts";

/** Everything that the report of a simulation shows. */
export interface FleetReportInput {
  readonly summary: FleetSummary;
  /** The satellites of each flight of the summary, in its order. */
  readonly flights: readonly (readonly FleetRecord[])[];
  /** `null`: no map is drawn. */
  readonly places: FleetPlaces | null;
  readonly notes: readonly string[];
  readonly reproduce: { readonly command: string; readonly configuration: string };
}

/** When half of all that was made had landed, `a day or more` and the like where it never did. */
const half = (flight: FlightSummary): string => {
  const median = leadingDelays(flight)?.medianSeconds ?? null;
  return median === null ? "never" : durationText(median);
};

const landed = (flight: FlightSummary): string => {
  const delays = leadingDelays(flight);
  return delays === null || delays.made === 0 ? "–" : shareText(delays.delivered / delays.made);
};

/** How soon half of all that was made is on the ground, with crosslinks and without, and how much lands at all. */
const opening = (summary: FleetSummary): Content => {
  const { constellation, flights } = summary;
  const lead = leadingFlight(summary);
  const direct = flights[0] as FlightSummary;
  const delays = leadingDelays(lead);
  if (delays === null || delays.delivered === 0) return typeset(fleetHeadline(summary));
  const kind = codecOf(delays.kind).name;
  const who = `${constellation.satellites.toLocaleString("en-GB")} ${constellation.spacecraft} satellite${constellation.satellites === 1 ? "" : "s"}`;
  const median = leadingDelays(lead)?.medianSeconds ?? null;
  const first =
    median === null
      ? html`${who} never put half of their ${kind} on the ground`
      : html`${who} put half of their ${kind} on the ground after <em>${half(lead)}</em>`;
  if (!lead.crosslinks) return html`${first}; ${landed(lead)} land.`;
  return html`${first} with crosslinks, ${half(direct)} without; ${landed(lead)} and ${landed(direct)} land.`;
};

/** The delay that `share` of `of` products do not exceed, those that never came counted as endless; `null` when it is. */
const delayRank = ({ sorted }: Pick<Delays, "sorted">, share: number, of: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * of) - 1)] ?? null;

/** Share landed against the time since the picture, a line a flight, of what the policy is about. */
const curve = ({ flights }: FleetSummary, records: readonly (readonly FleetRecord[])[]): Content => {
  const lines = flights.flatMap((flight, n) => {
    const [delays] = fleetDelays(records[n] ?? []);
    if (delays === undefined || delays.delivered === 0) return [];
    const steps = Math.min(200, delays.delivered);
    const points = Array.from({ length: steps + 1 }, (_, i) => {
      const share = i / steps;
      return {
        seconds: delayRank(delays, share, delays.delivered) ?? 0,
        fraction: (share * delays.delivered) / delays.made,
      };
    });
    return [
      {
        name: flightName(flight),
        colour: flightColour(flight),
        points,
        medianSeconds: delayRank(delays, 0.5, delays.made),
        isNamed: true,
      },
    ];
  });
  const finding = flights
    .map((flight) => `${flightName(flight)}: ${landed(flight)} landed, half after ${half(flight)}`)
    .join("; ");
  return deliveryCurve(lines, finding) ?? html`<p class="empty">Nothing reached the ground.</p>`;
};

const fit = (summary: FleetSummary): Content => {
  const lead = leadingFlight(summary);
  const unknown = summary.flights.every(({ verdicts }) =>
    verdicts.limits.every(({ verdict }) => verdict === "unknown"),
  );
  if (unknown)
    return html`<p class="empty">
      No verdict: ${lead.verdicts.limits[0]?.reason ?? "it was not asked for"}.
    </p>`;
  return html`<p class="lead"><strong>${fitSentence(flightName(lead), lead.verdicts)}</strong></p>
    ${verdictRows(
      "flight",
      summary.flights.map((flight) => ({
        name: flightName(flight),
        verdicts: flight.verdicts,
        isLead: flight === lead,
      })),
    )}
    <p class="note">Steady state, the worst satellite decides. A bar is full at the limit.</p>`;
};

const orders = (summary: FleetSummary): Content =>
  orderTables(
    summary.flights.map((flight) => ({ name: flightName(flight), orders: flight.orders })),
    flightName(leadingFlight(summary)),
  );

const tenants = (summary: FleetSummary): Content =>
  tenantTable(
    summary.flights.map(({ tenancy, ...flight }) => ({
      policy: flightName(flight),
      ...(tenancy === undefined ? {} : { tenancy }),
    })),
  );

const again = (input: FleetReportInput): Markup =>
  html`${fleetAgain(input.reproduce)}
    <h3>Files</h3>
    <p>
      <a href="summary.json">summary.json</a> <a href="satellites.parquet">satellites.parquet</a>
      <a href="simulation.yaml">simulation.yaml</a>
      ${input.summary.flights.some(({ tenancy }) => tenancy !== undefined) && html`<a href="ledger.jsonl">ledger.jsonl</a>`}
      ${fleetCsv(input).map((table) => html`${csvLink(table)} `)}
    </p>
    <p class="note">The last two are kept inside this page.</p>`;

/**
 * The report of a simulation: one HTML page that needs nothing else, neither network nor script. The same input always makes
 * the same text.
 */
export const renderFleetReport = (given: FleetReportInput): string => {
  const input = {
    ...given,
    summary: withoutFoldersIn(given.summary),
    notes: withoutFoldersIn(given.notes),
    reproduce: withoutFoldersIn(given.reproduce),
  };
  const { summary, flights } = input;
  const { workload, constellation, horizon } = summary;
  const satellites = flights.at(-1) ?? [];
  const hours = ((parseInstant(horizon.to) ?? 0) - (parseInstant(horizon.from) ?? 0)) / 3600;
  const sections: readonly (readonly [id: string, title: string, body: Content])[] = [
    ["fit", "Does it fit?", fit(summary)],
    ["rests", "What it rests on", fleetProvenance(input)],
    [
      "landed",
      "From picture to ground",
      html`${curve(summary, flights)}
        <p class="note">
          Share of all that was made on the ground, by time since the picture. What is still on board counts
          as not there.
        </p>`,
    ],
    [
      "flights",
      summary.flights.length > 1 ? "Without and with crosslinks" : "The flight",
      fleetTable(summary),
    ],
    [
      "satellites",
      "From satellite to satellite",
      html`${landedCells(satellites)}${fleetSatellites(summary, satellites)}
        <h3>Worst off</h3>
        ${worstSatellites(satellites)}`,
    ],
    [
      "stations",
      "Stations",
      html`${input.places && fleetMap(summary, input.places)}${stationChart(summary)}`,
    ],
    ["orders", "Orders", orders(summary)],
    ["tenants", "Tenants", tenants(summary)],
    ["bytes", "What the fleet sent", fleetBytes(summary)],
    ["energy", "Energy", fleetEnergy(summary)],
    ["again", "Run it again, and files", again(input)],
  ];
  return renderPage({
    title: fleetHeadline(summary),
    about: [
      summary.runId,
      `simulate ${constellation.spec} · ${workload.declared ? "declared" : "measured by"} ${workload.name} · ${Number(hours.toFixed(2))} h`,
    ],
    header: html`<h1>${opening(summary)}</h1>
      <p class="sub">${typeset(fleetHeadline(summary))} ${typeset(fleetSubline(summary))}</p>
      ${
        workload.declared &&
        html`<p class="declared">
          <strong>Declared, not measured.</strong> The work of a picture was written down by somebody
          (${workload.source ?? workload.name}); everything below is sized by it.
        </p>`
      }
      ${fleetFigures(summary)}
      <p class="note">
        ${bytesText(leadingFlight(summary).bytes.onLink)} on the link. Counts are of the workload's pictures
        drawn again and again: not the world's objects.
      </p>`,
    sections: sections.flatMap(([id, title, body]) => (body === null ? [] : [{ id, title, body }])),
    foot: `${summary.runId} · this page is one file and loads nothing`,
    style: objectStyle,
  });
};
