import { formatCountOf } from "../../../pipeline/format.ts";
import { scheduleText } from "../../summary/schedule-summary.ts";
import { softwareText, spacecraftText } from "../../summary/provenance-summary.ts";
import { countWordOf, typeset } from "../drawing/figures.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { accuracyRows } from "./accuracy-rows.ts";
import type { ReportInput } from "./report-input.ts";

const some = (names: readonly string[], most = 6): string =>
  names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;

const spacecraft = ({ summary }: ReportInput): Content => {
  const { published, figures, name } = summary.provenance.spacecraft;
  const assumed = [...(summary.schedule.camera?.assumed ?? []), ...(summary.day?.assumed ?? [])];
  const taken = assumed.length === 0 ? "" : ` Taken for granted: ${some([...new Set(assumed)], 8)}.`;
  if (published === null || figures === null)
    return html`${spacecraftText({ name, published, figures })}.${taken}`;
  return html`<strong>${published} of ${figures} figures of ${name} published</strong>, the others
    assumed.${taken}`;
};

const schedule = ({ summary, scenes }: ReportInput): Content => {
  const { unseen } = summary.schedule;
  const total = scenes.length + unseen.length;
  const seen =
    unseen.length === 0
      ? scenes.length === 1
        ? "It was flown."
        : `All ${countWordOf(scenes.length, "acquisition")} flown.`
      : `${scenes.length} of ${formatCountOf(total, "scene")} seen.`;
  return typeset(`${scheduleText(summary.schedule)}. ${seen}`);
};

const trainedText = ({ summary, scenes }: ReportInput): Content => {
  const { training } = summary.provenance;
  if (!training.listed) return "Its card does not list the scenes that it was trained on.";
  const all = training.trainedOn.length + training.apart + training.unknown.length;
  if (training.trainedOn.length === 0)
    return `Not trained on ${all === 1 ? "this scene" : `any of these ${all} scenes`}.`;
  const apart = [...new Set(scenes.filter(({ trainedOn }) => trainedOn === false).map(({ scene }) => scene))];
  return html`<strong
      >Trained on ${training.trainedOn.length} of ${all === 1 ? "1 scene" : `these ${all} scenes`}.</strong
    >${
      apart.length > 0 && ` Accuracy that counts is ${some(apart)}.`
    }${training.unknown.length > 0 && ` ${training.unknown.length} cannot be told.`}`;
};

const model = (input: ReportInput): Content => {
  const { model: info } = input.summary;
  return html`${info.name} ${info.version},
  ${info.precision}${info.runtime !== undefined && `, on ${info.runtime}`}; finds ${some(info.classes)} from a
  score of ${info.scoreThreshold} on. ${trainedText(input)}`;
};

const intervals = (input: ReportInput): Content => {
  const accuracy = accuracyRows(input);
  if (accuracy.length === 0) return "No labels, so no accuracy. Bytes and times are exact for this seed.";
  const drawn = [...new Set(accuracy.map(({ drawnOver }) => drawnOver))];
  return typeset(`On AP50: 95 %, ${drawn.join("; ")}. Bytes and times are exact for this seed.`);
};

const protectionText = (protection: ReportInput["summary"]["link"]["protection"]): string =>
  protection === undefined
    ? ""
    : `; frames ${protection.kind === "auth" ? "authenticated" : "encrypted"}, ${protection.bytesPerFrame} bytes each`;

const linkAndOrbits = ({ summary }: ReportInput): Content => {
  const { constellation, stations, link } = summary;
  const errors =
    link.bitErrorRate === 0 && link.segmentLossRate === 0
      ? "no bit errors, no segments lost"
      : `bit errors ${link.bitErrorRate}, lost segments ${link.segmentLossRate}`;
  return typeset(
    `${constellation.spec}: ${formatCountOf(constellation.satellites.length, "satellite")} over ${formatCountOf(stations.length, "station")}. ${link.description}; ${errors}${protectionText(link.protection)}.`,
  );
};

const software = ({ summary }: ReportInput): Content => {
  const { model: info, screening } = summary;
  return html`Swath ${softwareText(summary.provenance.swath)}, seed ${summary.seed}; weights
    <code>${info.sha256.slice(0, 8)}</code>${
      screening !== null &&
      html`, clouds by
      ${screening.name}${screening.sha256 !== null && html` <code>${screening.sha256.slice(0, 8)}</code>`}`
    }.`;
};

/** The longest of the facts: it has a row of its own, so that the others stay side by side on one sheet. */
const taken = "taken for granted";

/** What the answer rests on: spacecraft, schedule, model and training, intervals, link and orbits, versions; then every note. */
export const restsOn = (input: ReportInput): Markup => {
  const facts: readonly (readonly [string, Content])[] = [
    ["spacecraft", spacecraft(input)],
    ["schedule", schedule(input)],
    ["model", model(input)],
    ["intervals", intervals(input)],
    ["link, orbits", linkAndOrbits(input)],
    ["software", software(input)],
    ...(input.summary.provenance.assumptions.length === 0
      ? []
      : [[taken, typeset(`${input.summary.provenance.assumptions.join("; ")}.`)] as const]),
  ];
  const { notes = [] } = input;
  return html`<dl class="rests">
      ${facts.map(
        ([name, value]) =>
          html`<div class="${name === taken && "whole"}">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${
      notes.length > 0 &&
      html`<details ${notes.length <= 3 && "open"}>
        <summary>
          ${notes.length} note${notes.length === 1 ? "" : "s"} of the run: what was left out or assumed
        </summary>
        <ul class="note">
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>
      </details>`
    }`;
};
