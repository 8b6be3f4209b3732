import type { PolicySummary } from "../../summary/run-summary.ts";
import { bytesText, typeset } from "../drawing/figures.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((all, one) => all + one, 0);

const cell = (first: string, second: string): Markup => html`<td>${first}<small>${second}</small></td>`;

/** Where every byte went: made, dropped, delivered, and what the link took on top. */
const books = (policies: readonly PolicySummary[]): Markup =>
  html`<table class="wordy">
    <thead>
      <tr>
        <th scope="col">policy</th>
        <th scope="col">produced<small>on board</small></th>
        <th scope="col">dropped<small>still on board</small></th>
        <th scope="col">delivered<small>products</small></th>
        <th scope="col">+ framing<small>+ idle fill</small></th>
        <th scope="col">+ sent again</th>
        <th scope="col">= on the link<small>uplink</small></th>
      </tr>
    </thead>
    <tbody>
      ${policies.map(({ policy, conservation: own, bytes }) => {
        const { onLink } = bytes;
        return html`<tr>
          <th scope="row">${policy}</th>
          <td>${bytesText(own.producedBytes)}</td>
          ${cell(bytesText(sum(own.droppedBytes)), bytesText(own.onBoardBytes))}
          <td>${bytesText(own.deliveredBytes)}</td>
          ${cell(bytesText(onLink.framing), bytesText(onLink.idle))}
          <td>${bytesText(onLink.retransmission)}</td>
          <td><strong>${bytesText(onLink.total)}</strong><small>${bytesText(bytes.uplink)}</small></td>
        </tr>`;
      })}
    </tbody>
  </table>`;

const lossRows = (policies: readonly PolicySummary[]): readonly Markup[] =>
  policies.flatMap(({ policy, losses }) =>
    losses.map(
      ({ what, reason, count, bytes }) =>
        html`<tr>
          <th scope="row">${policy}</th>
          <td class="text">${what}</td>
          <td class="text">${reason}</td>
          <td>${count.toLocaleString("en-GB")}</td>
          <td>${bytesText(bytes)}</td>
        </tr>`,
    ),
  );

/** Every loss with its reason, and the balance of bytes. */
export const lossTables = (policies: readonly PolicySummary[]): Content => {
  const rows = lossRows(policies);
  return html`<p class="lead">
      ${
        rows.length === 0
          ? html`<strong>Nothing was lost:</strong> no frame, no product, no tile was lost, left out or sent
              twice.`
          : html`<strong>Every loss is counted.</strong> Payload made = delivered + still on board + dropped,
              checked byte for byte.`
      }
    </p>
    ${books(policies)}
    <p class="note">
      ${typeset("Framing: headers, sync marks, checksums and Reed–Solomon parity of transfer frames. Delivered counts payload, each product once; what is on the link counts what was sent.")}
    </p>
    ${
      rows.length > 0 &&
      html`<h3>Losses, counted</h3>
        <table class="wordy">
          <thead>
            <tr>
              <th scope="col">policy</th>
              <th scope="col" class="text">what</th>
              <th scope="col" class="text">why</th>
              <th scope="col">how many</th>
              <th scope="col">how much</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`
    }`;
};
