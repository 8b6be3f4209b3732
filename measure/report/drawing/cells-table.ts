import { policyColour } from "./colours.ts";
import { html, type Content, type Markup } from "./html.ts";

/** The head of a column; with a hint where the words alone might be misread. */
export type Head = string | { readonly name: string; readonly hint: string };

/** One policy's line: a cell a head. */
export interface PolicyCells {
  readonly policy: string;
  readonly cells: readonly Content[];
}

const headName = (head: Head | undefined): string => (typeof head === "object" ? head.name : (head ?? ""));

const headCell = (head: Head): Content =>
  typeof head === "string" ? head : html`<abbr title="${head.hint}">${head.name}</abbr>`;

/** Policies as lines under heads, each with its colour; on a phone a card each, so that nothing scrolls sideways. */
export const cellsTable = (heads: readonly Head[], rows: readonly PolicyCells[]): Markup =>
  html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">policy</th>
        ${heads.map((head) => html`<th scope="col">${headCell(head)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ policy, cells }) =>
          html`<tr>
            <th scope="row">
              <span class="swatch" style="background:${policyColour(policy)}"></span>${policy}
            </th>
            ${cells.map((cell, i) => html`<td data-head="${headName(heads[i])}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
