import { formatBytes, formatCount } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { html, type Markup } from "../drawing/html.ts";

const losses = (policies: readonly PolicySummary[]): Markup => {
  const rows = policies.flatMap(({ policy, losses: all }) =>
    all.map(
      ({ what, reason, count, bytes }) =>
        html`<tr>
          <th scope="row">${policy}</th>
          <td class="text">${what}</td>
          <td class="text">${reason}</td>
          <td>${formatCount(count)}</td>
          <td>${formatBytes(bytes)}</td>
        </tr>`,
    ),
  );
  if (rows.length === 0) return html`<p>Nothing was lost, left out or sent twice.</p>`;
  return html`<div class="scroll">
    <table>
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
    </table>
  </div>`;
};

/** Where the payload of each policy ended: the four columns add up. */
const conservation = (policies: readonly PolicySummary[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">policy</th>
          <th scope="col">produced</th>
          <th scope="col">= delivered</th>
          <th scope="col">+ still on board</th>
          <th scope="col">+ dropped</th>
        </tr>
      </thead>
      <tbody>
        ${policies.map(({ policy, conservation: books }) => {
          const dropped = Object.values(books.droppedBytes).reduce((sum, bytes) => sum + bytes, 0);
          const reasons = Object.entries(books.droppedBytes).filter(([, bytes]) => bytes > 0);
          const why = reasons.map(([reason, bytes]) => `${reason} ${formatBytes(bytes)}`).join(", ");
          return html`<tr>
            <th scope="row">${policy}</th>
            <td>${formatBytes(books.producedBytes)}</td>
            <td>${formatBytes(books.deliveredBytes)}</td>
            <td>${formatBytes(books.onBoardBytes)}</td>
            <td>
              ${why === "" ? formatBytes(dropped) : html`<abbr title="${why}">${formatBytes(dropped)}</abbr>`}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;

/** Every loss with its reason, and the balance of payload bytes. */
export const lossTables = (policies: readonly PolicySummary[]): Markup =>
  html` <p class="note">Payload in = delivered + still on board + dropped, checked byte for byte.</p>
    ${conservation(policies)}
    <h3>Losses, counted</h3>
    ${losses(policies)}`;
