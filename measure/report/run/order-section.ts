import { formatBytes, formatCount, formatDuration, formatJoules } from "../../../pipeline/format.ts";
import { orderFateText } from "../../summary/order-fate-text.ts";
import type { OrderRow, OrdersSummary } from "../../summary/order-summary.ts";
import { leadingPolicy } from "../../summary/leading-policy.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { modelTable } from "./model-table.ts";
import { orderMap } from "./order-map.ts";
import { orderTimeline } from "./order-timeline.ts";
import { oneByOne, shortTime } from "./one-by-one.ts";
import type { ReportInput } from "./report-input.ts";

const heads = [
  "orders",
  "done",
  "in time",
  "expired",
  "refused",
  "never on board",
  "order → on board, median",
  "order → image",
  "order → ground",
  "uplink",
  "answers",
  "receivers",
] as const;

const median = (spread: OrdersSummary["secondsToBoard"]): string =>
  spread === null ? "–" : formatDuration(spread.median);

const cellsOf = (orders: OrdersSummary): readonly Content[] => [
  formatCount(orders.given),
  html`<strong>${formatCount(orders.done)}</strong>`,
  formatCount(orders.inTime),
  formatCount(orders.expired),
  formatCount(orders.refusedOnGround + orders.refusedOnBoard),
  formatCount(orders.notHeard),
  median(orders.secondsToBoard),
  median(orders.secondsToImage),
  median(orders.secondsToGround),
  formatBytes(orders.uplink.bytes),
  formatBytes(orders.answers.bytes),
  formatJoules(orders.uplink.receiveJoules),
];

const rowOf = (row: OrderRow): Markup =>
  html`<tr>
    <th scope="row" class="nowrap">${row.id ?? "–"}</th>
    <td class="text">${row.kind ?? "–"}</td>
    <td class="text">${row.tenant ?? "–"}</td>
    <td class="text nowrap">${row.satellite ?? "–"}</td>
    <td>${shortTime(row.issuedAt)}</td>
    <td>${shortTime(row.heardAt)}</td>
    <td>${shortTime(row.takenAt)}</td>
    <td>${shortTime(row.landedAt)}</td>
    <td>${shortTime(row.deadline)}</td>
    <td class="text">${orderFateText(row)}</td>
  </tr>`;

const listHead = html`
  <th>order</th>
  <th class="text">kind</th>
  <th class="text">tenant</th>
  <th class="text">satellite</th>
  <th>given</th>
  <th>on board</th>
  <th>image</th>
  <th>on the ground</th>
  <th>deadline</th>
  <th class="text">what became of it</th>
`;

const listOf = ({ orders }: OrdersSummary, policy: string): Markup =>
  oneByOne(orders, { noun: "order", policy, head: listHead }, rowOf);

/** What satellites were ordered to do, under policies or on flights with their names; `null` without orders. `lead`: whose are drawn and listed. */
export const orderTables = (
  flown: readonly { readonly name: string; readonly orders?: OrdersSummary | undefined }[],
  lead: string,
  more: Content = null,
): Markup | null => {
  const rows = flown.flatMap(({ name, orders }) =>
    orders === undefined ? [] : [{ policy: name, cells: cellsOf(orders) }],
  );
  if (rows.length === 0) return null;
  const orders = flown.find(({ name }) => name === lead)?.orders;
  return html`${cellsTable(heads, rows)} ${orders === undefined ? null : orderMap(orders.orders)}
    ${orders === undefined ? null : orderTimeline(orders.orders)}
    ${orders === undefined ? null : listOf(orders, lead)} ${more}
    <p class="note">
      An order goes up with the first contact that has room, again with the next until the satellite has
      acknowledged it, and is known on board from its last frame on. A look is in time where its first product
      is at the mission centre by the deadline. Times in UTC.
    </p>`;
};

/** What satellites were ordered to do and what came of it: a part in the order in which a reader asks. `null` without orders. */
export const orderSection = ({ summary }: ReportInput): Markup | null => {
  const { policies } = summary;
  return orderTables(
    policies.map(({ policy, orders }) => ({ name: policy, orders })),
    leadingPolicy(summary).policy,
    policies.map(({ policy, models }) => (models === undefined ? null : modelTable(models, policy))),
  );
};
