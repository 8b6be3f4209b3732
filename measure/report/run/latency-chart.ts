import { formatDuration } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";
import type { Series } from "../drawing/legend.ts";
import { splitChart } from "../drawing/split-chart.ts";

const stages: readonly Series[] = [
  { name: "queue", colour: "var(--c-sand)", hint: "Waiting for the onboard computer" },
  { name: "compute", colour: "var(--c-violet)", hint: "On the onboard computer" },
  {
    name: "wait for contact",
    colour: "var(--c-amber)",
    hint: "Ready on board, no station in view or others first",
  },
  { name: "transmit", colour: "var(--c-blue)", hint: "On the link, retransmissions included" },
  { name: "ground", colour: "var(--c-green)", hint: "Unpack, detect where the ground does, publish" },
];

/** From capture to subscriber: the mean of each stage as a bar, median and 90th percentile as numbers. */
export const latencyChart = (policies: readonly PolicySummary[]): Markup => {
  const rows = policies.map(({ policy, latencySeconds }) => {
    if (latencySeconds === null) return { name: policy, values: null, value: "nothing arrived" };
    const { mean, median, p90 } = latencySeconds;
    return {
      name: policy,
      values: [mean.queue, mean.compute, mean.waitForContact, mean.transmit, mean.ground],
      value: `${formatDuration(median)} · ${formatDuration(p90)}`,
    };
  });
  return html`${splitChart(stages, rows, formatDuration)}
    <p class="note">
      Bars: mean of each stage over the detections that arrived. Numbers: median · 90th percentile. A policy
      that delivers less is measured on what it delivered.
    </p>`;
};
