import { formatDuration } from "../../../pipeline/format.ts";
import type { SweepRow, SweepTable } from "../../summary/sweep-table.ts";
import { timesText, typeset } from "../drawing/figures.ts";
import { html, type Markup } from "../drawing/html.ts";

/** Most columns of a grid: more do not fit a sheet, and the table of all runs has them. */
const mostColumns = 12;

/** Values of an option in the order in which the runs have them. */
const valuesOf = ({ rows }: SweepTable, key: string): readonly string[] => [
  ...new Set(rows.map(({ point }) => point[key] ?? "")),
];

const cell = (row: SweepRow | undefined): Markup => {
  if (row === undefined) return html`<td>–</td>`;
  const { fits, room, p90_s: p90 } = row.figures;
  if (fits === null) return html`<td><span class="hidden">not known: </span>–</td>`;
  const spare = room === null ? "at any work" : timesText(room);
  return html`<td class="${fits === 1 ? "fits" : "bad"}">
    <span aria-hidden="true">${fits === 1 ? "✓" : "✕"} </span
    ><span class="hidden">${fits === 1 ? "fits: " : "does not fit: "}</span><strong>${spare}</strong
    ><small>${p90 === null ? "later" : typeset(formatDuration(p90))}</small>
  </td>`;
};

/** One grid: the rows of a table that share all options but two. */
const grid = (
  name: string,
  rows: readonly SweepRow[],
  [down, across]: readonly [string, string],
  table: SweepTable,
): Markup => {
  const columns = valuesOf(table, across);
  return html`<table class="fit-grid">
    <caption>
      ${name}
    </caption>
    <thead>
      <tr>
        <th scope="col">${down} ↓ &nbsp;${across} →</th>
        ${columns.map((value) => html`<th scope="col">${value}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${valuesOf(table, down).map(
        (value) =>
          html`<tr>
            <th scope="row">${value}</th>
            ${columns.map((column) =>
              cell(rows.find(({ point }) => point[down] === value && point[across] === column)),
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

/**
 * Where it fits and where not, a grid for each combination of all options but the last two; `null` where only one option is swept, no
 * run has a verdict, or a grid would be wider than a sheet: the table of all runs says it then.
 */
export const fitGrids = (table: SweepTable): Markup | null => {
  const { keys, rows } = table;
  const [down, across] = [keys.at(-2), keys.at(-1)];
  if (down === undefined || across === undefined || rows.every(({ figures }) => figures.fits === null))
    return null;
  if (valuesOf(table, across).length > mostColumns) return null;
  const others = keys.slice(0, -2);
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const name = others.map((key) => `${key} ${row.point[key] ?? ""}`).join(", ");
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return html`<div class="grids">
      ${[...groups].map(([name, group]) => grid(name, group, [down, across], table))}
    </div>
    <p class="note">
      ✓ link, computer, power, heat and store fit, in a steady state; ✕ one does not. The number: how many
      times the work there is room for. Under it: within which time nine tenths of all that was made are on
      the ground.
    </p>`;
};

/** Rules of the grids. */
export const gridStyle: Markup = {
  markup: `.grids{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:20px 44px;align-items:start}
.fit-grid td.fits{background:var(--faint)}.fit-grid td,.fit-grid th{padding-left:8px}.fit-grid th:first-child{padding-left:0}
.runs td:last-child,.runs th:last-child{white-space:nowrap}
.on-phone{display:none}
@media screen and (max-width:760px){.wide-plot{display:none}.on-phone{display:inline}
.stack.runs .room{display:none}.stack.runs td{display:inline-block;width:49%}.stack.runs td:last-child{width:100%}
.fit-grid td small{font-size:11.5px}.fit-grid th,.fit-grid td{overflow-wrap:anywhere;padding-left:4px}}
@media print{.runs,.runs thead th{font-size:7.2pt}.runs th,.runs td{padding:2px 5px 2px 0}}`,
};
