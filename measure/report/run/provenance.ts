import { formatNumber } from "../../../pipeline/format.ts";
import type { RunSummary } from "../../summary/run-summary.ts";
import { type Content, html, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

/** At most a handful of names; the rest as a number. */
const some = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;

const screenedBy = ({ name, sha256, precision }: NonNullable<RunSummary["screening"]>): Content =>
  sha256 === null ? name : html`${name}, ${precision ?? ""}, <code>${sha256}</code>`;

/** What made these numbers, and how to make them again. */
export const provenance = ({ summary, reproduce, notes = [] }: ReportInput): Markup => {
  const { dataset, model, screening, constellation, stations, link, horizon, seed } = summary;
  const labels = dataset.labelled ? "labelled" : "no labels";
  const facts: readonly (readonly [string, Content])[] = [
    [
      "Imagery",
      `${dataset.name}: ${dataset.scenes} scenes, ${formatNumber(dataset.megapixels)} megapixels, ${labels}`,
    ],
    [
      "Model",
      `${model.name} ${model.version}, ${model.precision}, finds ${some(model.classes)}, from score ${model.scoreThreshold}`,
    ],
    ["Weights", html`<code>${model.sha256}</code>`],
    ...(screening === null ? [] : [["Screened by", screenedBy(screening)] as const]),
    ["Satellites", `${constellation.spec}: ${some(constellation.satellites)}`],
    ["Stations", some(stations.map(({ name }) => name))],
    ["Link", `${link.description}; bit errors ${link.bitErrorRate}, lost segments ${link.segmentLossRate}`],
    ["Horizon", `${minute(horizon.from)} to ${minute(horizon.to)} UTC`],
    ["Seed", String(seed)],
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
    </dl>
    <h3>Run it again</h3>
    <p class="note">The same configuration and seed give the same detections and the same bytes.</p>
    <pre>${reproduce.command}</pre>
    <details>
      <summary>Configuration</summary>
      <pre>${reproduce.configuration}</pre>
    </details>`;
};
