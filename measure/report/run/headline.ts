import { parseInstant } from "../../../pipeline/units.ts";
import { leadingPolicy, rawDayBytes } from "../../summary/leading-policy.ts";
import { headline, loadTestWarning, subline } from "../../summary/run-headline.ts";
import type { DayPolicy } from "../../summary/day-summary.ts";
import type { PolicySummary, RunSummary } from "../../summary/run-summary.ts";
import { policyInk, policyName } from "../drawing/colours.ts";
import { bytesText, countWordOf, durationText, typeset } from "../drawing/figures.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import type { ReportInput } from "./report-input.ts";

/** The day under a policy; `null` where no day was flown. */
export const dayOf = ({ day }: RunSummary, policy: PolicySummary["policy"]): DayPolicy | null =>
  day?.policies.find((one) => one.policy === policy) ?? null;

/** What a policy mostly sends, in a sentence. */
const sends: Readonly<Record<string, string>> = {
  raw: "lossless imagery",
  compress: "lossy imagery",
  screen: "imagery without clouds",
  detect: "detections",
  chips: "detections and chips",
  adaptive: "detections and chips",
};

const coloured = (policy: PolicySummary["policy"], text: string): Markup =>
  html`<em style="color:${policyInk(policy)}">${text}</em>`;

const after = (seconds: number | null): string =>
  seconds === null ? "a day or more" : durationText(seconds);

/** The full day in one sentence: the leading policy against `raw`. Numbers wear the hue of what they speak of. */
const daySentence = (summary: RunSummary): Content => {
  const lead = leadingPolicy(summary);
  const [own, raw] = [dayOf(summary, lead.policy), dayOf(summary, "raw")];
  if (own === null) return null;
  const noneFits = summary.policies.every(({ verdicts }) => verdicts.fits === false);
  const opening = noneFits ? "No policy fits: a full day takes" : "A full day takes";
  const volume = html`${opening} ${coloured(lead.policy, bytesText(own.bytes.onLink))} of
  ${sends[policyName(lead.policy)] ?? "products"}`;
  const half = coloured(lead.policy, after(own.medianSeconds));
  const baseline = summary.day && rawDayBytes(summary.day);
  if (raw === null || baseline === null || lead.policy === "raw")
    return html`${volume}. Half has landed after ${half}.`;
  return html`${volume} where lossless imagery takes ${coloured("raw", bytesText(baseline))}. Half has landed
  after ${half}, not ${coloured("raw", after(raw.medianSeconds))}.`;
};

const plainSentence = (summary: RunSummary): Content => {
  const { policy } = leadingPolicy(summary);
  return html`${coloured(policy, policy)}${typeset(headline(summary).slice(policy.length))}`;
};

const hoursText = (horizon: RunSummary["horizon"]): string => {
  const seconds = (parseInstant(horizon.to) ?? 0) - (parseInstant(horizon.from) ?? 0);
  return typeset(`${Number((seconds / 3600).toFixed(1)).toLocaleString("en-GB")} h`);
};

/** What flew, what listened and what was looked at, in a sentence. */
const setting = (summary: RunSummary): string => {
  const { constellation, stations, dataset, horizon } = summary;
  const satellites = constellation.satellites.length;
  return `${countWordOf(satellites, `${constellation.spacecraft} satellite`)}, ${countWordOf(stations.length, "station")}, ${countWordOf(dataset.scenes, "scene")}, ${hoursText(horizon)} from ${horizon.from.slice(0, 16).replace("T", " ")} UTC`;
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The first thing on the page: what must be said before any number, the answer, and what it is of. */
export const opening = ({ summary }: ReportInput): Markup => {
  const warning = loadTestWarning(summary);
  const { policy } = leadingPolicy(summary);
  const against = policy === "raw" ? "" : " against raw";
  const day = daySentence(summary);
  return html`${warning !== null && html`<p class="warning"><span aria-hidden="true">! </span>${warning}</p>`}
    <h1>${day ?? plainSentence(summary)}</h1>
    <p class="sub">
      ${
        day === null
          ? html`${typeset(subline(summary))} ${capital(setting(summary))}.`
          : html`Policy ${policy}${against}, on ${setting(summary)}. <a href="#day">How the day is built</a>`
      }
    </p>`;
};

/** The title of the page, without markup. */
export const pageTitle = (summary: RunSummary): string => headline(summary);
