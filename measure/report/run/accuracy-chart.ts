import { formatCountOf } from "../../../pipeline/format.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import { policyColour } from "../drawing/colours.ts";
import { scoreText, typeset } from "../drawing/figures.ts";
import { html, type Markup, percent } from "../drawing/html.ts";
import { type AccuracyRow, accuracyRows } from "./accuracy-rows.ts";
import type { ReportInput } from "./report-input.ts";

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(", ") : `${names.length} scenes`;

const axisRow = (
  name: string,
  second: string,
  ap50: number | null,
  interval: AccuracyRow["interval"],
  colour: string,
  filled: boolean,
): Markup => {
  const range = interval === null ? "" : `${scoreText(interval.low)} … ${scoreText(interval.high)}`;
  return html`<div class="row accuracy">
    <span class="name">${name}<small>${second}</small></span
    ><svg
      class="plotrow"
      role="img"
      aria-label="${name}: AP50 ${scoreText(ap50)} ${range}"
      width="100%"
      height="22"
    >
      <line class="grid" x1="0" x2="100%" y1="11" y2="11" />
      ${
        interval !== null &&
        html`<rect
          x="${percent(interval.low)}"
          y="8"
          width="${percent(interval.high - interval.low)}"
          height="6"
          style="fill:var(--past)"
        />`
      }
      ${
        ap50 !== null &&
        html`<circle
          cx="${percent(ap50)}"
          cy="11"
          r="5.5"
          style="fill:${filled ? colour : "var(--panel)"};stroke:${filled ? "var(--panel)" : "var(--ink2)"};stroke-width:2"
        />`
      }
    </svg>
    <span class="value"><strong>${scoreText(ap50)}</strong> ${range}</span>
  </div>`;
};

/** Policies whose accuracy differs from the leading policy's over all scenes; equal ones are one row and say so. */
const others = ({ summary }: ReportInput) => {
  const lead = leadingPolicy(summary);
  const judged = summary.policies.filter(({ quality }) => quality !== null);
  const same = judged.filter(({ quality }) => quality?.ap50FromThreshold === lead.quality?.ap50FromThreshold);
  return { same, different: judged.filter((one) => !same.includes(one)) };
};

/** AP50 on one axis: kept apart full, trained on and all hollow, with intervals; policies that differ as rows of their own. */
export const accuracyChart = (input: ReportInput): Markup => {
  const { summary } = input;
  const lead = leadingPolicy(summary);
  const { quality } = lead;
  if (quality === null)
    return html`<h3>Accuracy</h3>
      <p class="empty">No labels to measure against.</p>`;
  const { same, different } = others(input);
  const rows = accuracyRows(input);
  const bySize = quality.bySize.filter(({ labels }) => labels > 0);
  const sizes = bySize
    .map(
      ({ fromPx, toPx, labels, ap50FromThreshold: ap50 }) =>
        `${scoreText(ap50)} ${toPx === null ? `from ${fromPx} px on` : fromPx === 0 ? `under ${toPx} px` : `from ${fromPx} to ${toPx} px`} (${labels})`,
    )
    .join(", ");
  const trained = rows.some(({ what }) => what === "trained on");
  return html`<h3>Accuracy: AP50 at IoU 0.5</h3>
    ${rows.map(({ what, scenes, labels, ap50, interval }) =>
      axisRow(
        what,
        `${scenes.length > 0 ? `${some(scenes)}: ` : ""}${formatCountOf(labels, "label")}`,
        ap50,
        interval,
        policyColour(lead.policy),
        what === "kept apart" || rows.length === 1,
      ),
    )}
    ${different.map(({ policy, quality: own }) => axisRow(policy, "all scenes", own?.ap50FromThreshold ?? null, null, policyColour(policy), true))}
    <div class="row accuracy head" aria-hidden="true">
      <span></span
      ><span class="at plotrow"
        >${[0, 0.25, 0.5, 0.75, 1].map((tick) => html`<span class="${tick === 0 ? "edge" : tick === 1 ? "last" : ""}" style="left:${percent(tick)}">${tick}</span>`)}</span
      ><span></span>
    </div>
    <p class="note">
      ${same.length > 1 && `${same.map(({ policy }) => policy).join(", ")} are one row.`}
      ${rows.some(({ interval }) => interval !== null) && typeset("Bar: 95 % interval.")}
      ${trained && "Hollow: with scenes that the model was trained on."}
      ${sizes !== "" && typeset(`By length, all scenes: ${sizes}.`)} Only detections from the threshold
      ${quality.threshold} on count here; a model card that counts all scores says another figure.
    </p>`;
};
