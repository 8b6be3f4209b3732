import { html, type Markup } from "./html.ts";
import { legend, type Series } from "./legend.ts";
import { spokenSegments, stackedBar } from "./stacked-bar.ts";

/** One bar of a split: the parts of a whole, in the order of the series. */
export interface SplitRow {
  readonly name: string;
  /** One a series; `null` when there is nothing to show for this row. */
  readonly values: readonly number[] | null;
  /** What stands at the end of the bar. */
  readonly value: string;
}

/** Stacked bars of parts that add up, all on one linear scale. */
export const splitChart = (
  series: readonly Series[],
  rows: readonly SplitRow[],
  format: (value: number) => string,
): Markup => {
  const totals = rows.map(({ values }) => (values ?? []).reduce((sum, value) => sum + value, 0));
  const most = Math.max(...totals) || 1;
  return html`${legend(series)}
    <div class="chart">
      ${rows.map(({ name, values, value }) => {
        const segments = series.map((one, i) => ({
          series: one,
          value: values?.[i] ?? 0,
          text: format(values?.[i] ?? 0),
        }));
        return html`<div class="row">
          <span class="name">${name}</span>
          ${stackedBar(segments, most, spokenSegments(name, segments))}
          <span class="value">${value}</span>
        </div>`;
      })}
    </div>`;
};
