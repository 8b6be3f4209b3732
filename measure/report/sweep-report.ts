import { formatCount } from "../../pipeline/format.ts";
import { type SweepFigures, type SweepTable, sweepColumns, usedColumns } from "../summary/sweep-table.ts";
import { type CsvTable, csvLink } from "./drawing/csv.ts";
import { typeset } from "./drawing/figures.ts";
import { html, type Markup, percent } from "./drawing/html.ts";
import { type PageSection, renderPage } from "./drawing/page.ts";
import { withoutFoldersIn } from "./drawing/paths.ts";
import { fitGrids, gridStyle } from "./sweep/fit-grid.ts";
import { sweepScatter } from "./sweep/scatter.ts";

/** A number over a bar of its share of the column's largest. */
const cell = (name: string, value: number | null, most: number, text: (value: number) => string): Markup =>
  value === null
    ? html`<td data-head="${name}">–</td>`
    : html`<td data-head="${name}">
        ${typeset(text(value))}<span class="room" aria-hidden="true"
          ><i style="width:${percent(most > 0 ? value / most : 0)}"></i
        ></span>
      </td>`;

const tableOf = (table: SweepTable): Markup => {
  const columns = usedColumns(table);
  const most = (key: keyof SweepFigures): number =>
    Math.max(...table.rows.map(({ figures }) => figures[key] ?? 0));
  return html`<table class="stack runs">
    <thead>
      <tr>
        ${table.keys.map((key) => html`<th scope="col" class="text">${key}</th>`)}
        ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
        <th scope="col">run</th>
      </tr>
    </thead>
    <tbody>
      ${table.rows.map(
        ({ point: at, run, figures }) =>
          html`<tr>
            ${table.keys.map((key) => html`<th scope="row" class="text">${at[key] ?? ""}</th>`)}
            ${columns.map(({ key, name, text }) => cell(name, figures[key], most(key), text))}
            <td data-head="run"><a href="../${run}/report.html">${run}</a></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const csvOf = ({ keys, rows }: SweepTable): CsvTable => ({
  file: "runs.csv",
  heads: [...keys, "run", ...sweepColumns.map(({ key }) => key)],
  rows: rows.map(({ point, run, figures }) => [
    ...keys.map((key) => point[key] ?? ""),
    run,
    ...sweepColumns.map(({ key }) => figures[key]),
  ]),
});

/** How many runs there are, and how many of them fit: for each value of the policy where it is swept, else of the first option. */
const opening = ({ rows, keys }: SweepTable): string => {
  const what = `${formatCount(rows.length)} run${rows.length === 1 ? "" : "s"} over ${keys.join(" × ")}`;
  const judged = rows.filter(({ figures }) => figures.fits !== null);
  if (judged.length === 0) return `${what}; whether they fit is not known`;
  const by = keys.includes("policy") ? "policy" : keys[0];
  const fitting = judged.filter(({ figures }) => figures.fits === 1).length;
  if (fitting === judged.length) return `${what}: all of them fit`;
  if (fitting === 0) return `${what}: none of them fits`;
  if (by === undefined || keys.length < 2) return `${what}: ${fitting} of ${judged.length} fit`;
  const values = [...new Set(judged.map(({ point }) => point[by] ?? ""))];
  const shares = values.map((value) => {
    const own = judged.filter(({ point }) => point[by] === value);
    return `${value} in ${own.filter(({ figures }) => figures.fits === 1).length} of ${own.length}`;
  });
  return `${what}: ${fitting} of ${judged.length} fit (${shares.join(", ")})`;
};

/** What all runs share, and what the figures mean. */
const rests = ({ common, command }: SweepTable): Markup =>
  html`<dl class="facts">
    <div>
      <dt>all runs</dt>
      <dd><code>${common}</code></dd>
    </div>
    <div>
      <dt>delivered, median, p90</dt>
      <dd>
        Of all that was made, on the ground or
        not${command === "replay" && ", of the full day where one was flown"}. –: later than the horizon.
      </dd>
    </div>
    <div>
      <dt>fits, room</dt>
      <dd>
        Link, computer, power, heat and store in a steady state, the worst satellite decides; room is the
        least of their margins, in times the work.
      </dd>
    </div>
    <div>
      <dt>spacecraft, schedule, model</dt>
      <dd>In the report of each run: the links in the table.</dd>
    </div>
  </dl>`;

/** The page of a sweep: what fits, what it rests on, one plot, one table; needs neither network nor script. */
export const renderSweepReport = (
  given: SweepTable,
  written: { readonly command: string; readonly configuration: string },
): string => {
  const [table, reproduce] = [withoutFoldersIn(given), withoutFoldersIn(written)];
  const grids = fitGrids(table);
  const plot = sweepScatter(table);
  const sections: readonly (PageSection | null)[] = [
    grids && { id: "fit", title: "Does it fit?", body: grids },
    { id: "rests", title: "What it rests on", body: rests(table) },
    plot && { id: "sent", title: "What is sent, and how soon it is there", body: plot },
    { id: "runs", title: "All runs", body: tableOf(table) },
    {
      id: "again",
      title: "Run it again, and files",
      body: html`<pre>${reproduce.command}</pre>
        <details>
          <summary>Configuration</summary>
          <pre>${reproduce.configuration}</pre>
        </details>
        <p>
          <a href="summary.json">summary.json</a> <a href="table.csv">table.csv</a>
          <a href="table.parquet">table.parquet</a> <a href="sweep.yaml">sweep.yaml</a>
          ${csvLink(csvOf(table))}
        </p>
        <p class="note">The last one is kept inside this page.</p>`,
    },
  ];
  const title = `${table.rows.length} runs over ${table.keys.join(" × ")}`;
  return renderPage({
    title,
    about: [table.name, `sweep · ${table.command}`],
    header: html`<h1>${typeset(opening(table))}</h1>
      ${table.declared && html`<p class="declared"><strong>Declared, not measured.</strong> The work of a picture was written down by somebody.</p>`}`,
    sections: sections.flatMap((one) => one ?? []),
    foot: `${table.name} · this page is one file and loads nothing`,
    style: gridStyle,
  });
};
