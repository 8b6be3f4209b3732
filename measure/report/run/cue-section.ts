import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
} from "../../../pipeline/format.ts";
import { cueFateText, type CueRow, type CuesSummary } from "../../summary/cue-summary.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { cueArrows } from "./cue-arrows.ts";
import { oneByOne, shortTime } from "./one-by-one.ts";
import type { ReportInput } from "./report-input.ts";

const heads = [
  "tips",
  "followed",
  "confirmed",
  "tip → centre, median",
  "cue up",
  "over crosslinks",
  "images down",
  "energy",
  {
    name: "imaging everything again",
    hint: "Every acquisition of the schedule, at the mean of those that followed",
  },
] as const;

const timeOf = (value: number | null): string => (value === null ? "–" : formatDuration(value));

const cellsOf = ({ cost, everything, ...cues }: CuesSummary): readonly Content[] => [
  formatCount(cues.tips),
  formatCount(cues.followed),
  html`<strong>${formatCount(cues.confirmed)}</strong>`,
  timeOf(cues.secondsToCentre),
  formatBytes(cost.uplinkBytes),
  formatBytes(cost.crosslinkBytes),
  formatBytes(cost.downlinkBytes),
  formatJoules(cost.energyJoules),
  cues.followed === 0
    ? "–"
    : html`${formatCountOf(everything.images, "image")}, ${formatBytes(everything.downlinkBytes)},
      ${formatJoules(everything.energyJoules)}`,
];

const routeName = {
  own: "the same satellite",
  ground: "by the ground",
  crosslinks: "over crosslinks",
} as const;

const routesOf = ({ routes }: CuesSummary): Markup | null =>
  routes.length === 0
    ? null
    : html`<table class="stack">
        <thead>
          <tr>
            <th scope="col">told</th>
            <th scope="col">followed</th>
            <th scope="col">confirmed</th>
            <th scope="col">tip → follower told, median</th>
            <th scope="col">tip → its image</th>
            <th scope="col">tip → confirmation at the centre</th>
          </tr>
        </thead>
        <tbody>
          ${routes.map(
            (one) =>
              html`<tr>
                <th scope="row">${routeName[one.route]}</th>
                <td data-head="followed">${formatCount(one.followed)}</td>
                <td data-head="confirmed">${formatCount(one.confirmed)}</td>
                <td data-head="tip → follower told, median">${timeOf(one.secondsToTold)}</td>
                <td data-head="tip → its image">${timeOf(one.secondsToImage)}</td>
                <td data-head="tip → confirmation at the centre">${timeOf(one.secondsToConfirmation)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;

const rowOf = (row: CueRow): Markup =>
  html`<tr>
    <th scope="row" class="nowrap">${row.id}</th>
    <td class="text">${row.className} ${row.score.toFixed(2)}</td>
    <td>${row.latitude.toFixed(2)}, ${row.longitude.toFixed(2)}</td>
    <td class="text nowrap">${row.satellite}</td>
    <td>${shortTime(row.takenAt)}</td>
    <td class="text nowrap">${row.follower ?? "–"}</td>
    <td class="text nowrap">${row.route === null ? "–" : routeName[row.route]}</td>
    <td>${shortTime(row.toldAt)}</td>
    <td>${shortTime(row.imageAt)}</td>
    <td>${shortTime(row.confirmedAt)}</td>
    <td class="text">${cueFateText[row.fate]}</td>
  </tr>`;

const listHead = html`
  <th>tip</th>
  <th class="text">seen</th>
  <th>where</th>
  <th class="text">by</th>
  <th>at</th>
  <th class="text">follower</th>
  <th class="text">told</th>
  <th>at</th>
  <th>image</th>
  <th>confirmed</th>
  <th class="text">what became of it</th>
`;

const listOf = ({ cues }: CuesSummary, policy: string): Markup =>
  oneByOne(cues, { noun: "tip", policy, head: listHead }, rowOf);

const missesOf = ({ fates }: CuesSummary): string =>
  Object.entries(fates)
    .filter(([fate, count]) => fate !== "confirmed" && count > 0)
    .map(([fate, count]) => `${formatCount(count)} ${cueFateText[fate as CueRow["fate"]]}`)
    .join(", ");

/** What satellites told each other to look at, and what came of it. `null` without cues. */
export const cueSection = (input: ReportInput): Markup | null => {
  const { policies } = input.summary;
  const rows = policies.flatMap(({ policy, cues }) =>
    cues === undefined ? [] : [{ policy, cells: cellsOf(cues) }],
  );
  if (rows.length === 0) return null;
  const lead = policies.find(({ policy }) => policy === leadingPolicy(input.summary).policy);
  const shown =
    lead?.cues === undefined || lead.cues.tips === 0
      ? policies.find(({ cues }) => (cues?.tips ?? 0) > 0)
      : lead;
  const cues = shown?.cues;
  const misses = cues === undefined ? "" : missesOf(cues);
  return html`${cellsTable(heads, rows)}
    ${cues === undefined || shown === undefined ? null : html`${cueArrows(cues.cues, shown.policy)} ${routesOf(cues)} ${listOf(cues, shown.policy)}`}
    <p class="note">
      A tip is an area in which the model on board sees what a cue asks for. Whoever flies over first of those
      that can have heard of it looks again; where the model finds it there and the centre has that, the tip
      is confirmed. ${misses === "" ? null : html`Not confirmed: ${misses}.`}
      ${
        cues === undefined || cues.sameScene === 0
          ? null
          : html`${formatCount(cues.sameScene)} of ${formatCountOf(cues.followed, "image")}
            ${cues.sameScene === 1 ? "has" : "have"} the pixels in which the tip was seen, since the dataset
            has no other image of the place: that they agree says nothing of the model.`
      }
      Policies that detect on the ground raise no tips.
    </p>`;
};
