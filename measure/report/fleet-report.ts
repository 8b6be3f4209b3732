import type { FleetRecord } from "../fleet/fleet-record.ts";
import { fleetHeadline, fleetSubline } from "../summary/fleet-headline.ts";
import type { FleetSummary } from "../summary/fleet-summary.ts";
import { delayChart } from "./fleet/delay-chart.ts";
import { fleetBytes, fleetEnergy } from "./fleet/fleet-bars.ts";
import { fleetFigures } from "./fleet/fleet-figures.ts";
import { fleetProvenance } from "./fleet/fleet-provenance.ts";
import { fleetSatellites, worstSatellites } from "./fleet/fleet-satellites.ts";
import { fleetTable } from "./fleet/fleet-table.ts";
import { html, type Markup } from "./drawing/html.ts";
import { pageHead } from "./drawing/page-head.ts";
import { stationChart } from "./fleet/station-chart.ts";
import { style } from "./drawing/style.ts";

/** Everything that the report of a simulation shows. */
export interface FleetReportInput {
  readonly summary: FleetSummary;
  /** The satellites of each flight of the summary, in its order. */
  readonly flights: readonly (readonly FleetRecord[])[];
  readonly notes: readonly string[];
  readonly reproduce: { readonly command: string; readonly configuration: string };
}

const section = (title: string, body: Markup | null): Markup | null =>
  body &&
  html`<section>
    <h2>${title}</h2>
    ${body}
  </section>`;

/** The policy's name set apart from the sentence that it opens. */
const emphasised = (summary: FleetSummary): Markup => {
  const { policy } = summary.workload;
  const rest = fleetHeadline(summary)
    .slice(policy.length)
    .replace(/(\d) (%|[kMGT]?B\b|h\b)/g, "$1\u00a0$2");
  return html`<h1><em>${policy}</em>${rest}</h1>`;
};

/**
 * The report of a simulation: one HTML page that needs nothing else, neither network nor script. The same input always makes
 * the same text.
 */
export const renderFleetReport = (input: FleetReportInput): string => {
  const { summary, flights } = input;
  const { workload, constellation } = summary;
  const satellites = flights.at(-1) ?? [];
  const kicker = `${constellation.spec} · ${workload.declared ? "declared" : "measured by"} ${workload.name}`;
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(fleetHeadline(summary), style)}
      <body>
        <header>
          <p class="kicker">Swath simulate · ${kicker}</p>
          ${emphasised(summary)}
          <p class="sub">${fleetSubline(summary)}</p>
          ${
            workload.declared &&
            html`<p class="declared">
              <strong>Declared, not measured.</strong> The work of a picture was written down by somebody
              (${workload.source ?? workload.name}); everything below is sized by it.
            </p>`
          }
          ${fleetFigures(summary)}
        </header>
        <main>
          ${section(summary.flights.length > 1 ? "Without and with crosslinks" : "The flight", fleetTable(summary))}
          ${section("From picture to ground", delayChart(summary, flights))}
          ${section("What the fleet sent", fleetBytes(summary))} ${section("Energy", fleetEnergy(summary))}
          ${section("From satellite to satellite", fleetSatellites(summary, satellites))}
          ${section("Stations", stationChart(summary))} ${section("Worst off", worstSatellites(satellites))}
          ${section("How these numbers came about", fleetProvenance(input))}
        </main>
      </body>
    </html> `.markup;
};
