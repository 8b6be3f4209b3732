import { formatScore } from "../../../pipeline/format.ts";
import type { CheckQuality } from "../../check/check-result.ts";
import type { QualitySummary } from "../../summary/run-summary.ts";
import { html, type Markup, point } from "../drawing/html.ts";

const frame = { left: 46, top: 12, width: 376, height: 300 } as const;
const x = (recall: number): string => point(frame.left + recall * frame.width);
const y = (precision: number): string => point(frame.top + (1 - precision) * frame.height);

const pathOf = ({ prPoints }: QualitySummary): string =>
  prPoints.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.recall)} ${y(p.precision)}`).join("");

/**
 * Precision against recall of one model, a dot at its threshold; with the report's style sheet. `excused`: the same where
 * some false alarms do not count, dashed.
 */
export const checkCurve = (quality: CheckQuality, excused: QualitySummary | null): Markup => {
  const { precision, recall, threshold, ap50 } = quality;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (tick) =>
      html`<line x1="${x(tick)}" x2="${x(tick)}" y1="${y(0)}" y2="${y(1)}" class="grid" />
        <line x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}" class="grid" />
        <text x="${x(tick)}" y="${Number(y(0)) + 16}" text-anchor="middle">${tick}</text>
        <text x="${frame.left - 7}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`,
  );
  const dot =
    precision !== null &&
    recall !== null &&
    html`<circle cx="${x(recall)}" cy="${y(precision)}" r="4.5" class="dot" style="fill:var(--c-teal)"
      ><title>
        at ${threshold}: precision ${formatScore(precision)}, recall ${formatScore(recall)}
      </title></circle
    >`;
  return html`<svg
    class="plot"
    role="img"
    aria-label="Precision against recall, AP50 ${formatScore(ap50)}"
    viewBox="0 0 432 350"
  >
    ${ticks}
    <text x="${x(0.5)}" y="${Number(y(0)) + 33}" text-anchor="middle" class="title">recall</text>
    <text transform="translate(10 ${y(0.5)}) rotate(-90)" text-anchor="middle" class="title">precision</text>
    ${
      excused !== null &&
      html`<path d="${pathOf(excused)}" class="curve" style="stroke:var(--c-amber);stroke-dasharray:5 3" />
        <text x="${x(0.04)}" y="${y(0.05)}" style="fill:var(--c-amber)"
          >dashed: some false alarms excused</text
        >`
    }
    <path d="${pathOf(quality)}" class="curve" style="stroke:var(--c-teal)" />
    ${dot}
  </svg>`;
};
