import { formatJoules } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";
import type { Series } from "../drawing/legend.ts";
import { splitChart } from "../drawing/split-chart.ts";

const loads: readonly Series[] = [
  { name: "camera", colour: "var(--c-sand)" },
  { name: "compute", colour: "var(--c-violet)" },
  { name: "radio", colour: "var(--c-blue)" },
];

/** What each policy took from the battery; `null` when no policy has an energy model. */
export const energyChart = (policies: readonly PolicySummary[]): Markup | null => {
  if (policies.every(({ energyJoules }) => energyJoules === null)) return null;
  const rows = policies.map(({ policy, energyJoules: spent }) => {
    if (spent === null) return { name: policy, values: null, value: "not measured" };
    const each = spent.perMegapixel === null ? "" : ` · ${formatJoules(spent.perMegapixel)}/MP`;
    return {
      name: policy,
      values: [spent.camera, spent.compute, spent.radio],
      value: `${formatJoules(spent.total)}${each}`,
    };
  });
  return html`${splitChart(loads, rows, formatJoules)}
    <p class="note">
      On board only. Numbers: total · per megapixel captured. What the platform uses anyway is not in it.
    </p>`;
};
