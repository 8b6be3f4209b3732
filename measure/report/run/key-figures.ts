import { formatDuration, formatJoules, formatPercent, formatWithin } from "../../../pipeline/format.ts";
import { isJudgedApart } from "../../summary/accuracy-headline.ts";
import { leadingPolicy } from "../../summary/run-headline.ts";
import type { RunSummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";

interface Figure {
  readonly name: string;
  readonly value: string;
  /** The same of `raw`, where both ran. */
  readonly beside: string | null;
}

/** Four numbers under the headline: the leading policy, with `raw` beside it. */
export const keyFigures = (summary: RunSummary): Markup => {
  const lead = leadingPolicy(summary);
  const raw = summary.policies.find(({ policy }) => policy === "raw" && policy !== lead.policy) ?? null;
  const pair = (name: string, of: (policy: typeof lead) => string | null): readonly Figure[] => {
    const value = of(lead);
    return value === null ? [] : [{ name, value, beside: raw && of(raw) }];
  };
  const apart = isJudgedApart(lead);
  const figures = [
    ...pair("link volume saved", (p) =>
      p.policy === "raw" || p.savingFraction === null ? null : formatPercent(p.savingFraction),
    ),
    ...pair(
      "median latency",
      ({ latencySeconds }) => latencySeconds && formatDuration(latencySeconds.median),
    ),
    ...pair("energy per megapixel", ({ energyJoules }) =>
      energyJoules?.perMegapixel === null || !energyJoules ? null : formatJoules(energyJoules.perMegapixel),
    ),
    ...pair(
      `AP50 from ${lead.quality?.threshold ?? 0} on${apart ? ", scenes kept apart" : ""}`,
      ({ quality }) => {
        if (quality === null) return null;
        const { ap50FromThreshold, intervals } = (apart ? quality.byTraining.apart : null) ?? quality;
        return ap50FromThreshold === null
          ? null
          : formatWithin(ap50FromThreshold, intervals.ap50FromThreshold);
      },
    ),
  ];
  return html`<ul class="figures">
    ${figures.map(
      ({ name, value, beside }) =>
        html`<li>
          <span class="number">${value}</span
          ><span class="what">${name}</span
          >${beside !== null && html`<span class="beside">raw: ${beside}</span>`}
        </li>`,
    )}
  </ul>`;
};
