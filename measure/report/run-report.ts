import { pageHead } from "./drawing/page-head.ts";
import { headline, leadingPolicy, subline } from "../summary/run-headline.ts";
import { bytesChart } from "./run/bytes-chart.ts";
import { contactTimeline } from "./run/contact-timeline.ts";
import { crosslinkTable } from "./run/crosslink-table.ts";
import { energyChart } from "./run/energy-chart.ts";
import { keyFigures } from "./run/key-figures.ts";
import { glossary } from "./run/glossary.ts";
import { html, type Markup } from "./drawing/html.ts";
import { latencyChart } from "./run/latency-chart.ts";
import { lossTables } from "./run/loss-table.ts";
import { platformChart } from "./run/platform-chart.ts";
import { policyTable } from "./run/policy-table.ts";
import { precisionRecallChart } from "./run/precision-recall-chart.ts";
import { provenance } from "./run/provenance.ts";
import type { ReportInput } from "./run/report-input.ts";
import { requestTable } from "./run/request-table.ts";
import { sceneFigure } from "./run/scene-figure.ts";
import { sizeTable } from "./run/size-table.ts";
import { style } from "./drawing/style.ts";
import { upsetTable } from "./run/upset-table.ts";

const section = (title: string, body: Markup | null): Markup | null =>
  body &&
  html`<section>
    <h2>${title}</h2>
    ${body}
  </section>`;

/** Numbers keep to their units where a line ends. */
const unbroken = (text: string): string => text.replace(/(\d) (%|[kMGT]?B\b)/g, "$1\u00a0$2");

/** The policy's name set apart from the sentence that it opens. */
const emphasised = (input: ReportInput): Markup => {
  const name = leadingPolicy(input.summary).policy;
  return html`<h1><em>${name}</em>${unbroken(headline(input.summary).slice(name.length))}</h1>`;
};

/**
 * The report of a run: one HTML page that needs nothing else, neither network nor script. Sections without data (labels,
 * energy, contacts, pictures) are left out. The same input always makes the same text.
 * Throws `SwathError("config")` when a picture is not a data URI.
 */
export const renderReport = (input: ReportInput): string => {
  const { summary, scenes, contacts } = input;
  const { policies, dataset, model } = summary;
  const curve = precisionRecallChart(policies);
  const page = html`<!doctype html>
    <html lang="en">
      ${pageHead(headline(summary), style)}
      <body>
        <header>
          <p class="kicker">Swath · ${dataset.name} · ${model.name} ${model.version}</p>
          ${emphasised(input)}
          <p class="sub">${unbroken(subline(summary))}</p>
          ${keyFigures(summary)}
        </header>
        <main>
          ${section(policies.length > 1 ? "Policies side by side" : "The policy", policyTable(summary))}
          ${section("Bytes on the link", bytesChart(policies))}
          ${section("From capture to subscriber", latencyChart(policies))}
          ${section("Contacts", contactTimeline(summary, contacts))}
          ${section("Tiles asked for", requestTable(policies))}
          ${section("Between satellites", crosslinkTable(policies))}
          ${section(
            "Precision and recall",
            curve &&
              html`<div class="beside-plot">
                <div>${curve}</div>
                ${sizeTable(policies)}
              </div>`,
          )}
          ${section("Energy", energyChart(policies))}
          ${section("Battery and temperature", platformChart(policies, input.platform))}
          ${section("Radiation", upsetTable(policies))}
          ${section("What was seen", scenes.length === 0 ? null : html`<div class="scenes">${scenes.map(sceneFigure)}</div>`)}
          ${section("Where every byte went", lossTables(policies))}
          ${section("How these numbers came about", provenance(input))} ${section("Words", glossary(input))}
        </main>
      </body>
    </html> `;
  return page.markup;
};
