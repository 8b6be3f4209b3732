import {
  formatBytes,
  formatDuration,
  formatJoules,
  formatPercent,
  formatWithin,
} from "../../../pipeline/format.ts";
import { sentFraction } from "../../summary/run-headline.ts";
import type { PolicySummary, RunSummary } from "../../summary/run-summary.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { type Content, html, type Markup } from "../drawing/html.ts";

interface Column {
  readonly name: string;
  readonly hint: string;
  readonly cell: (policy: PolicySummary) => Content;
}

const optional = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "–" : format(value);

const agreement = ({ agreementWithRaw, policy }: PolicySummary): Content => {
  if (agreementWithRaw === null || policy === "raw") return "–";
  if (agreementWithRaw.identical) return html`<strong>identical</strong>`;
  const { rawFoundFraction, policyConfirmedFraction } = agreementWithRaw;
  return `${formatPercent(rawFoundFraction)} / ${formatPercent(policyConfirmedFraction)}`;
};

const volume: readonly Column[] = [
  {
    name: "on the link",
    hint: "Everything the satellites sent, framing and retransmissions included",
    cell: ({ bytes }) => formatBytes(bytes.onLink.total),
  },
  {
    name: "of baseline",
    hint: "Against the same imagery as lossless tiles, framed",
    cell: (policy) => html`<strong>${optional(sentFraction(policy), formatPercent)}</strong>`,
  },
  {
    name: "delivered",
    hint: "Captured acquisitions of which everything meant to come down did",
    cell: ({ deliveredShare }) => optional(deliveredShare.acquisitionsFraction, formatPercent),
  },
  {
    name: "latency",
    hint: "Capture to subscriber, median of the detections delivered",
    cell: ({ latencySeconds }) => optional(latencySeconds?.median, formatDuration),
  },
  {
    name: "energy / MP",
    hint: "Camera, onboard computer and radio, for a megapixel captured",
    cell: ({ energyJoules }) => optional(energyJoules?.perMegapixel, formatJoules),
  },
  {
    name: "detections",
    hint: "Delivered to subscribers",
    cell: ({ detections }) => detections.delivered.toLocaleString("en-GB"),
  },
];

const quality: readonly Column[] = [
  {
    name: "AP50 from threshold",
    hint: "Average precision at IoU 0.5 of detections from the model's threshold on, all scenes, with its 95 % interval",
    cell: ({ quality: one }) =>
      one === null ? "–" : formatWithin(one.ap50FromThreshold, one.intervals.ap50FromThreshold),
  },
  {
    name: "precision",
    hint: "Right among found, at the model's threshold",
    cell: ({ quality: one }) => (one === null ? "–" : formatWithin(one.precision, one.intervals.precision)),
  },
  {
    name: "recall",
    hint: "Found among labelled, at the model's threshold",
    cell: ({ quality: one }) => (one === null ? "–" : formatWithin(one.recall, one.intervals.recall)),
  },
];

const withRaw: Column = {
  name: "agrees with raw",
  hint: "Detections of raw found by this policy / of this policy found by raw",
  cell: agreement,
};

/** The policies side by side; columns that no policy fills are left out. */
export const policyTable = ({ policies }: RunSummary): Markup => {
  const columns = [
    ...volume,
    ...(policies.some((policy) => policy.quality !== null) ? quality : []),
    ...(policies.some(({ agreementWithRaw, policy }) => agreementWithRaw && policy !== "raw")
      ? [withRaw]
      : []),
  ];
  return cellsTable(
    columns,
    policies.map((policy) => ({ policy: policy.policy, cells: columns.map(({ cell }) => cell(policy)) })),
  );
};
