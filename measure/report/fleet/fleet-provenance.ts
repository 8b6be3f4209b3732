import { formatBytes, formatCount, formatCountOf, formatDuration } from "../../../pipeline/format.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import { type Content, html, type Markup } from "../drawing/html.ts";

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

const some = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(", ") : `${names.slice(0, 11).join(", ")} and ${names.length - 11} more`;

/** What made the numbers of a simulation. */
export const fleetProvenance = ({
  summary,
  notes,
}: {
  readonly summary: FleetSummary;
  readonly notes: readonly string[];
}): Markup => {
  const { workload, constellation, stations, link, horizon, crosslinks, seed } = summary;
  const facts: readonly (readonly [string, Content])[] = [
    [
      "Work",
      workload.declared
        ? html`<strong>declared</strong>: ${workload.name}, ${workload.precision}; ${workload.source ?? ""}`
        : `measured by run ${workload.name} under policy ${workload.policy}: ${workload.model}, ${workload.precision}; each picture draws one of its ${formatCountOf(workload.entries, "acquisition")}`,
    ],
    [
      "Satellites",
      `${constellation.spec}: ${formatCount(constellation.satellites)} of ${constellation.spacecraft}, stores of ${formatBytes(summary.storeBytes)}`,
    ],
    ["Stations", `${formatCount(stations.length)}: ${some(stations)}`],
    [
      "Link",
      `${link.description}; bit errors ${link.bitErrorRate}, lost segments ${link.segmentLossRate}${link.protection === undefined ? "" : `; frames protected (${link.protection.kind}), ${link.protection.bytesPerFrame} bytes each`}`,
    ],
    [
      "Crosslinks",
      crosslinks === null
        ? "none"
        : `${crosslinks.topology}, ${formatCountOf(crosslinks.planned, "window")}; products change satellites at the end of epochs of ${formatDuration(crosslinks.epochSeconds)}`,
    ],
    ["Horizon", `${minute(horizon.from)} to ${minute(horizon.to)} UTC`],
    ["Seed", String(seed)],
    [
      "Real and simulated",
      "No pixels and no bytes on a wire: work, sizes and finds are those that the workload holds; store, computer, battery, heat, link, frames lost and routes are computed as in a replay.",
    ],
    ...summary.assumptions.map((what) => ["Taken for granted", what] as const),
    ...notes.map((note) => ["Note", note] as const),
    ["Run", html`<code>${summary.runId}</code>, ${summary.schema}`],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
};

/** How to make them again. */
export const fleetAgain = (reproduce: { readonly command: string; readonly configuration: string }): Markup =>
  html`<p class="note">
      The same configuration, workload and seed give the same bytes, on however many machines.
    </p>
    <pre>${reproduce.command}</pre>
    <details>
      <summary>Configuration</summary>
      <pre>${reproduce.configuration}</pre>
    </details>`;
