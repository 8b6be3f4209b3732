import { formatBytes, formatCount, formatDuration, formatJoules } from "../../../pipeline/format.ts";
import type { ModelsSummary } from "../../summary/model-summary.ts";
import { html, type Markup } from "../drawing/html.ts";
import { shortTime } from "./one-by-one.ts";

type Row = ModelsSummary[number];

const outcomeWords: Readonly<Record<Row["trials"][number]["outcome"], string>> = {
  promoted: "promoted",
  rejected: "rejected by its rule",
  failed: "failed",
  "under way": "on trial at the end",
};

const changeRows = ({ satellite, changes }: Row): readonly Markup[] =>
  changes.map(
    ({ at, model, sha256, why, order }, n) =>
      html`<tr>
        <th scope="row">${n === 0 ? satellite : ""}</th>
        <td>${shortTime(at)}</td>
        <td>${shortTime(changes[n + 1]?.at ?? null)}</td>
        <td class="text">${model}</td>
        <td><code>${sha256.slice(0, 12)}</code></td>
        <td class="text">${why}${order === null ? "" : ` (order ${order})`}</td>
      </tr>`,
  );

const trialRows = ({ satellite, trials }: Row): readonly Markup[] =>
  trials.map(
    ({
      order,
      model,
      installedAt,
      endedAt,
      acquisitions,
      watched,
      computeSeconds,
      computeJoules,
      outcome,
      why,
    }) =>
      html`<tr>
        <th scope="row">${order}</th>
        <td>${satellite}</td>
        <td class="text">${model}</td>
        <td>${shortTime(installedAt)}</td>
        <td>${shortTime(endedAt)}</td>
        <td>${formatCount(acquisitions)}</td>
        <td>${watched === undefined ? "–" : formatCount(watched)}</td>
        <td>${formatDuration(computeSeconds)}</td>
        <td>${formatJoules(computeJoules)}</td>
        <td class="text">${outcomeWords[outcome]}: ${why}</td>
      </tr>`,
  );

/** Which model each satellite worked with and when, and what came of those that went up. */
export const modelTable = (models: ModelsSummary, policy: string): Markup => {
  const most = Math.max(...models.map(({ mostBytes }) => mostBytes));
  return html`<h3>Models by satellite, under ${policy}</h3>
    <table>
      <thead>
        <tr>
          <th>satellite</th>
          <th>from</th>
          <th>until</th>
          <th>model</th>
          <th>digest</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${models.flatMap(changeRows)}
      </tbody>
    </table>
    <table>
      <thead>
        <tr>
          <th>order</th>
          <th>satellite</th>
          <th>model</th>
          <th>on board</th>
          <th>decided</th>
          <th>images tried</th>
          <th>watched</th>
          <th>computer</th>
          <th>energy</th>
          <th>what became of it</th>
        </tr>
      </thead>
      <tbody>
        ${models.flatMap(trialRows)}
      </tbody>
    </table>
    <p class="note">
      A model that goes up is tried beside the one at work, on the same images, and takes its place where its
      rule holds. Uploads and models took at most ${formatBytes(most)} of a store. Times in UTC.
    </p>`;
};
