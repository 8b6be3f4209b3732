import { formatCount, formatScore, formatWithin } from "../../../pipeline/format.ts";
import type { PolicySummary, QualitySummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";

const range = ({ fromPx, toPx }: QualitySummary["bySize"][number]): string =>
  toPx === null ? `≥ ${fromPx} px` : fromPx === 0 ? `< ${toPx} px` : `${fromPx}–${toPx} px`;

/** AP50 by the size of the object, and the threshold that would have served best; `null` without labels. */
export const sizeTable = (policies: readonly PolicySummary[]): Markup | null => {
  const judged = policies.flatMap(({ policy, quality }) => (quality === null ? [] : [{ policy, quality }]));
  const sizes = judged[0]?.quality.bySize;
  if (sizes === undefined) return null;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">AP50 from threshold, by size</th>
          ${sizes.map((bin) => html`<th scope="col"><abbr title="${formatCount(bin.labels)} labels">${range(bin)}</abbr></th>`)}
          <th scope="col"><abbr title="Best F1 over all thresholds, and where">best F1</abbr></th>
        </tr>
      </thead>
      <tbody>
        ${judged.map(
          ({ policy, quality }) =>
            html`<tr>
              <th scope="row">${policy}</th>
              ${quality.bySize.map(
                ({ ap50FromThreshold, interval }) =>
                  html`<td>${formatWithin(ap50FromThreshold, interval)}</td>`,
              )}
              <td>
                ${
                  quality.bestF1 === null
                    ? "–"
                    : `${formatScore(quality.bestF1.f1)} at ${quality.bestF1.threshold.toFixed(2)}`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
};
