import { leadingPolicy } from "../../summary/leading-policy.ts";
import { html, type Content } from "../drawing/html.ts";
import { accuracyChart } from "./accuracy-chart.ts";
import { bytesChart } from "./bytes-chart.ts";
import { chapters } from "./chapters.ts";
import { contactSection } from "./contacts.ts";
import { crosslinkTable } from "./crosslink-table.ts";
import { fullDay } from "./day.ts";
import { energyChart } from "./energy-chart.ts";
import { latencyChart } from "./latency-chart.ts";
import { lossTables } from "./loss-table.ts";
import { cueSection } from "./cue-section.ts";
import { orderSection } from "./order-section.ts";
import { platformChart } from "./platform-chart.ts";
import { policyTable } from "./policy-table.ts";
import type { ReportInput } from "./report-input.ts";
import { requestTable } from "./request-table.ts";
import { restsOn } from "./rests-on.ts";
import { runAgain } from "./run-again.ts";
import { tenantTable } from "./tenant-table.ts";
import { upsetTable } from "./upset-table.ts";
import { verdictTable } from "./verdict-table.ts";
import { whatWasSeen } from "./what-was-seen.ts";
import { whoSawWhat } from "./who-saw-what.ts";

/** A part of the report of a run. `render` gives `null` where the run has nothing of the kind; then the section is left out. */
export interface ReportSection {
  /** The anchor. */
  readonly id: string;
  readonly title: string;
  readonly render: (input: ReportInput) => Content;
}

const charts = (input: ReportInput): Content => {
  const { policies } = input.summary;
  return html`<div class="two-up">
      <div class="keep">${bytesChart(policies)}</div>
      <div class="keep">${energyChart(policies)}</div>
    </div>
    <div class="two-up">
      <div>${latencyChart(input)}</div>
      <div>${accuracyChart(input)}</div>
    </div>`;
};

/** The sections of a run's report in the order in which a reader asks; a new one is a file and a line here. */
export const reportSections: readonly ReportSection[] = [
  { id: "fit", title: "Does it fit?", render: verdictTable },
  { id: "chapters", title: "The mission in four chapters", render: chapters },
  { id: "rests", title: "What it rests on", render: restsOn },
  { id: "policies", title: "Policies side by side", render: policyTable },
  { id: "day", title: "The full day", render: fullDay },
  { id: "scenes", title: "The scenes, pixel by pixel", render: charts },
  { id: "saw", title: "Who saw what, when, and who heard it", render: whoSawWhat },
  { id: "contacts", title: "Contacts", render: contactSection },
  { id: "asked", title: "Tiles asked for", render: ({ summary }) => requestTable(summary.policies) },
  { id: "orders", title: "Orders", render: orderSection },
  { id: "cues", title: "Tip and cue", render: cueSection },
  { id: "tenants", title: "Tenants", render: ({ summary }) => tenantTable(summary.policies) },
  { id: "between", title: "Between satellites", render: ({ summary }) => crosslinkTable(summary.policies) },
  {
    id: "platform",
    title: "Battery and temperature",
    render: ({ summary, platform }) =>
      platformChart(summary.policies, platform, leadingPolicy(summary).policy),
  },
  { id: "radiation", title: "Radiation", render: ({ summary }) => upsetTable(summary.policies) },
  { id: "seen", title: "What was seen", render: whatWasSeen },
  {
    id: "losses",
    title: "Losses, and where every byte went",
    render: ({ summary }) => lossTables(summary.policies),
  },
  { id: "again", title: "Run it again, and files", render: runAgain },
];
