import { formatBytes, formatCount, formatDuration, formatPercent } from "../../pipeline/format.ts";
import type { DayPolicy } from "./day-summary.ts";
import { leadingPolicy, rawDayBytes } from "./leading-policy.ts";
import type { PolicySummary, RunSummary } from "./run-summary.ts";

/** What the policy sent, as a part of the baseline; `null` when there is no baseline. */
export const sentFraction = ({ bytes }: PolicySummary): number | null =>
  bytes.rawLosslessFramed === 0 ? null : bytes.onLink.total / bytes.rawLosslessFramed;

/** Of what the policy sent, fill of frames that no product filled up: frames go out whole. `null` when nothing was sent. */
export const idleFraction = ({ bytes: { onLink } }: PolicySummary): number | null =>
  onLink.total === 0 ? null : onLink.idle / onLink.total;

/** Products on the ground, as a part of those made; `null` when none were. */
export const productsFraction = ({ products: { made, delivered } }: PolicySummary): number | null =>
  made === 0 ? null : delivered / made;

const kept = ({ agreementWithRaw, detections, policy }: PolicySummary): string => {
  if (agreementWithRaw === null || policy === "raw" || agreementWithRaw.ofRaw === 0) {
    const found =
      detections.delivered === 1 ? "1 detection" : `${formatCount(detections.delivered)} detections`;
    return `; ${found} reached the ground`;
  }
  if (agreementWithRaw.identical) return " and keeps every detection, bit for bit";
  if (agreementWithRaw.rawFoundFraction === 1) return " and keeps every detection";
  return ` and keeps ${formatPercent(agreementWithRaw.rawFoundFraction)} of the detections`;
};

/** What must be said before any number of a run in which no satellite was over what it photographed; else `null`. */
export const loadTestWarning = ({ schedule }: RunSummary): string | null =>
  schedule.flownOver ? null : "Load test: no satellite was over these scenes.";

/** The scenes in one sentence, from the leading policy. */
export const scenesLine = (summary: RunSummary): string => {
  const lead = leadingPolicy(summary);
  const share = sentFraction(lead);
  const sent = formatBytes(lead.bytes.onLink.total);
  if (share === null) return `${lead.policy} sends ${sent}${kept(lead)}.`;
  return `${lead.policy} sends ${formatPercent(share)} of the lossless raw imagery${kept(lead)}.`;
};

/** The volumes of the scenes, and what the contacts had room for. */
const volumesLine = (summary: RunSummary): string => {
  const lead = leadingPolicy(summary);
  const idle = idleFraction(lead);
  const fill = idle === null || idle < 0.005 ? "" : `, ${formatPercent(idle)} of it idle fill`;
  const baseline = `${formatBytes(lead.bytes.onLink.total)} on the link${fill}, instead of ${formatBytes(lead.bytes.rawLosslessFramed)}`;
  const raw = summary.policies.find(({ policy }) => policy === "raw");
  const share = raw?.deliveredShare.acquisitionsFraction;
  if (!raw || raw === lead || share === null || share === undefined) return `${baseline}.`;
  const delivers = (part: number | null) =>
    part === 1 ? "all acquisitions" : `${formatPercent(part ?? 0)} of the acquisitions`;
  const leadShare = lead.deliveredShare.acquisitionsFraction;
  if (leadShare === share) return `${baseline}. In the same contacts both deliver ${delivers(share)}.`;
  return `${baseline}. In the same contacts raw delivers ${delivers(share)}, ${lead.policy} ${delivers(leadShare)}.`;
};

const landing = ({ medianSeconds, deliveredFraction }: DayPolicy): string =>
  medianSeconds === null
    ? `${formatPercent(deliveredFraction ?? 0)} of what it makes reaches the ground`
    : `half of what it makes is on the ground within ${formatDuration(medianSeconds)}`;

const versusRaw = (raw: DayPolicy): string => {
  const median =
    raw.medianSeconds === null ? "less than half within the day" : formatDuration(raw.medianSeconds);
  const missing = 1 - (raw.deliveredFraction ?? 1);
  // A tail of the last hours waits for its contact under every policy.
  return missing > 0.05 ? `${median}, and ${formatPercent(missing)} not at all` : median;
};

const rawFits = ({ policies }: RunSummary): string =>
  policies.find(({ policy }) => policy === "raw")?.verdicts.fits === true ? ", which fits, too" : "";

/** The full day in one sentence; `null` where there is none. */
export const dayHeadline = (summary: RunSummary): string | null => {
  const { day } = summary;
  if (day === null) return null;
  const lead = leadingPolicy(summary);
  if (lead.verdicts.fits === false)
    return `No policy fits a full day at a duty of ${formatPercent(day.duty)}.`;
  const own = day.policies.find(({ policy }) => policy === lead.policy);
  if (own === undefined) return null;
  const sent = formatBytes(own.bytes.onLink);
  const raw = lead.policy === "raw" ? undefined : day.policies.find(({ policy }) => policy === "raw");
  const baseline = rawDayBytes(day);
  if (raw === undefined || baseline === null)
    return `${lead.policy} sends ${sent} in a full day; ${landing(own)}.`;
  return `${lead.policy} sends ${sent} in a full day instead of ${formatBytes(baseline)} raw; ${landing(own)} (raw${rawFits(summary)}: ${versusRaw(raw)}).`;
};

/** The run in one sentence: of its full day where there is one, else of its scenes. */
export const headline = (summary: RunSummary): string => dayHeadline(summary) ?? scenesLine(summary);

/** What stands beneath: the scenes, where the headline is of the day; their volumes, and what the contacts had room for. */
export const subline = (summary: RunSummary): string =>
  dayHeadline(summary) === null
    ? volumesLine(summary)
    : `Of the scenes: ${scenesLine(summary)} ${volumesLine(summary)}`;
