import { formatCount, formatCountOf } from "../../../pipeline/format.ts";
import { html, type Markup } from "../drawing/html.ts";

/** Rows that are listed one by one; `summary.json` has all. */
const mostRows = 200;

/** When something was, `01-31 12:00:00` in UTC; `null`: never. */
export const shortTime = (at: string | null): string =>
  at === null ? "–" : at.slice(5, 19).replace("T", " ");

/** Everything of a kind (`noun`, of one) under a policy, one by one, folded away; `head`: the cells of the first line, `rowOf`: a line. */
export const oneByOne = <Row>(
  rows: readonly Row[],
  { noun, policy, head }: { readonly noun: string; readonly policy: string; readonly head: Markup },
  rowOf: (row: Row) => Markup,
): Markup =>
  html`<details>
    <summary>${formatCountOf(rows.length, noun)} one by one, under ${policy}</summary>
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, mostRows).map(rowOf)}
      </tbody>
    </table>
    ${
      rows.length > mostRows
        ? html`<p class="note">The first ${formatCount(mostRows)}; summary.json has all of them.</p>`
        : null
    }
  </details>`;
