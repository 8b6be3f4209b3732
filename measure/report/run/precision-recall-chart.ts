import { formatScore } from "../../../pipeline/format.ts";
import type { PolicySummary, QualitySummary } from "../../summary/run-summary.ts";
import { policyColour } from "../drawing/colours.ts";
import { html, type Markup, point } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";

const frame = { left: 46, top: 12, width: 376, height: 300 } as const;
const x = (recall: number): string => point(frame.left + recall * frame.width);
const y = (precision: number): string => point(frame.top + (1 - precision) * frame.height);

/** A staircase: recall grows at a point, precision holds until the next. */
const path = (points: QualitySummary["prPoints"]): string =>
  points.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.recall)} ${y(p.precision)}`).join("");

const axes = (): Markup =>
  html` ${[0, 0.2, 0.4, 0.6, 0.8, 1].map(
      (tick) =>
        html`<line x1="${x(tick)}" x2="${x(tick)}" y1="${y(0)}" y2="${y(1)}" class="grid" />
          <line x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}" class="grid" />
          <text x="${x(tick)}" y="${Number(y(0)) + 16}" text-anchor="middle">${tick}</text>
          <text x="${frame.left - 7}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`,
    )}
    <text x="${x(0.5)}" y="${Number(y(0)) + 33}" text-anchor="middle" class="title">recall</text>
    <text transform="translate(10 ${y(0.5)}) rotate(-90)" text-anchor="middle" class="title"
      >precision</text
    >`;

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly quality: QualitySummary;
}

/** Policies that see the same pixels with the same model have one curve: drawn once, named together. */
const distinctCurves = (policies: readonly PolicySummary[]): readonly Curve[] => {
  const curves = new Map<string, Curve>();
  for (const { policy, quality } of policies) {
    if (quality === null) continue;
    const key = JSON.stringify([quality.prPoints, quality.precision, quality.recall]);
    const same = curves.get(key);
    const name = same === undefined ? policy : `${same.name} = ${policy}`;
    curves.set(key, { name, colour: policyColour(policy), quality });
  }
  return [...curves.values()];
};

/** Curves of all policies that were judged, with a dot at the model's threshold; `null` without labels. */
export const precisionRecallChart = (policies: readonly PolicySummary[]): Markup | null => {
  const curves = distinctCurves(policies);
  const [first] = curves;
  if (first === undefined) return null;
  const drawn = curves.map(({ name, colour, quality }) => {
    const { precision, recall, threshold, ap50FromThreshold, prPoints } = quality;
    const curve = html`<path d="${path(prPoints)}" class="curve" style="stroke:${colour}"
      ><title>${name}: AP50 from ${threshold} on ${formatScore(ap50FromThreshold)}</title></path
    >`;
    if (precision === null || recall === null) return curve;
    const text = `${name} at ${threshold}: precision ${formatScore(precision)}, recall ${formatScore(recall)}`;
    return html`${curve}<circle cx="${x(recall)}" cy="${y(precision)}" r="4.5" style="fill:${colour}"
        ><title>${text}</title></circle
      >`;
  });
  const spoken = curves
    .map(({ name, quality }) => `${name} AP50 ${formatScore(quality.ap50FromThreshold)}`)
    .join(", ");
  return html`${legend(curves.map(({ name, colour }) => ({ name, colour })))}
    <svg class="plot" role="img" aria-label="Precision against recall. ${spoken}" viewBox="0 0 432 350">
      ${axes()}${drawn}
    </svg>
    <p class="note">
      Dots: the model's own threshold (${first.quality.threshold}). ${first.quality.labels} labels, IoU ≥ 0.5.
      Only detections that reached the ground count, so a policy that could not send everything loses recall
      here.
    </p>`;
};
