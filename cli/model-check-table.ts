import { type Content, html, type Markup } from "../stations/report/html.ts";

/** A table whose first column names the rows. */
export const table = (head: readonly string[], rows: readonly (readonly Content[])[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** A part of the page under a heading. */
export const section = (title: string, body: Content): Markup =>
  html`<section>
    <h2>${title}</h2>
    ${body}
  </section>`;
