import { csvLink } from "../drawing/csv.ts";
import { html, type Markup } from "../drawing/html.ts";
import { contactsLeftOut, csvTables } from "./csv-tables.ts";
import { glossary } from "./glossary.ts";
import type { ReportInput } from "./report-input.ts";

const unmodelled =
  "Errors on the uplink · ageing of batteries · solar storms · polar motion (under half a second of a contact) · handing tiles to a neighbour's computer";

/** How to run it again, what is not in the model, and the files: those beside the page and those inside it. */
export const runAgain = (input: ReportInput): Markup => {
  const { summary, reproduce, files } = input;
  const left = contactsLeftOut(input);
  return html`<div class="two-up">
    <div>
      <h3>The command</h3>
      <pre>${reproduce.command}</pre>
      <p class="note">
        Same dataset, configuration and seed give the same detections and the same bytes. Weights
        <code>${summary.model.sha256}</code>. Run <code>${summary.runId}</code>, ${summary.schema}.
      </p>
      <details>
        <summary>Configuration</summary>
        <pre>${reproduce.configuration}</pre>
      </details>
      <h3>Not in the model</h3>
      <p class="note">${unmodelled}</p>
    </div>
    <div>
      <h3>Files</h3>
      <table class="files">
        <thead class="hidden">
          <tr>
            <th scope="col">file</th>
            <th scope="col">what it holds</th>
          </tr>
        </thead>
        <tbody>
          ${files.map(
            ({ paths, what }) =>
              html`<tr>
                <td>${paths.map((path) => html`<a href="${encodeURI(path)}">${path}</a> `)}</td>
                <td>${what}</td>
              </tr>`,
          )}
          <tr>
            <td>${csvTables(input).map((table) => html`${csvLink(table)} `)}</td>
            <td>the tables above, kept inside this page${left !== null && `; ${left}`}</td>
          </tr>
        </tbody>
      </table>
      <details>
        <summary>Words</summary>
        ${glossary(input)}
      </details>
    </div>
  </div>`;
};
