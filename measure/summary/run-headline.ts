import { formatBytes, formatCount, formatPercent } from "../../pipeline/format.ts";
import type { PolicySummary, RunSummary } from "./run-summary.ts";

/** What the policy sent, as a part of the baseline; `null` when there is no baseline. */
export const sentFraction = ({ bytes }: PolicySummary): number | null =>
  bytes.rawLosslessFramed === 0 ? null : bytes.onLink.total / bytes.rawLosslessFramed;

/** Of what the policy sent, fill of frames that no product filled up: frames go out whole. `null` when nothing was sent. */
export const idleFraction = ({ bytes: { onLink } }: PolicySummary): number | null =>
  onLink.total === 0 ? null : onLink.idle / onLink.total;

/** The policy that a headline is about: `detect` where it ran, else the one that sent least. */
export const leadingPolicy = ({ policies }: RunSummary): PolicySummary => {
  const [first, ...others] = policies.toSorted((a, b) => a.bytes.onLink.total - b.bytes.onLink.total);
  if (first === undefined) throw new RangeError("a summary has at least one policy");
  return [first, ...others].find(({ policy }) => policy === "detect") ?? first;
};

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

/** The run in one sentence, from its leading policy. */
export const headline = (summary: RunSummary): string => {
  const lead = leadingPolicy(summary);
  const share = sentFraction(lead);
  const sent = formatBytes(lead.bytes.onLink.total);
  if (share === null) return `${lead.policy} sends ${sent}${kept(lead)}.`;
  return `${lead.policy} sends ${formatPercent(share)} of the lossless raw imagery${kept(lead)}.`;
};

/** What stands beneath: the volumes, and what the contacts had room for. */
export const subline = (summary: RunSummary): string => {
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
