import Table from "cli-table3";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
} from "../../pipeline/format.ts";
import { moneyText } from "./ledger-table.ts";
import { leadingPolicy, type PolicySummary, type RunSummary } from "../../studies/answer.ts";
import { orderFateText } from "../../studies/orders/order-fate-text.ts";
import { indented, plain } from "./table.ts";

type Orders = NonNullable<PolicySummary["orders"]>;
type OrderRow = Orders["orders"][number];
type Cues = NonNullable<PolicySummary["cues"]>;
type Models = NonNullable<PolicySummary["models"]>;
type Tenancy = NonNullable<PolicySummary["tenancy"]>;

/** Orders that are listed one by one; `summary.json` has all. */
const mostRows = 20;

/** From the order to `at`, as a reader counts. */
const since = ({ issuedAt }: OrderRow, at: string | null): string =>
  issuedAt === null || at === null ? "–" : formatDuration((Date.parse(at) - Date.parse(issuedAt)) / 1000);

/** What became of orders under a policy or on a flight of that name. */
export const orderLines = (
  orders: Orders,
  policy: string,
  style: (text: string) => string,
): readonly string[] => {
  const table = new Table({
    head: ["order", "kind", "tenant", "satellite", "on board", "image", "on the ground", ""].map(style),
    colAligns: ["left", "left", "left", "left", "right", "right", "right", "left"],
    ...plain,
  });
  for (const row of orders.orders.slice(0, mostRows)) {
    table.push([
      row.id ?? "–",
      row.kind ?? "–",
      row.tenant ?? "–",
      row.satellites === undefined
        ? (row.satellite ?? "–")
        : `${row.satellites.heard} of ${row.satellites.given}`,
      since(row, row.heardAt),
      since(row, row.takenAt),
      since(row, row.landedAt),
      orderFateText(row),
    ]);
  }
  const more = orders.orders.length - mostRows;
  return [
    `Orders under ${policy}: ${formatCount(orders.done)} of ${formatCount(orders.given)} done, ${formatCount(orders.inTime)} in time; times since the order was given:`,
    ...indented(table),
    ...(more > 0 ? [`  and ${formatCount(more)} more in summary.json`] : []),
  ];
};

const cueLines = (cues: Cues, policy: string, style: (text: string) => string): readonly string[] => {
  const table = new Table({
    head: ["told", "followed", "confirmed", "→ told", "→ image", "→ confirmation"].map(style),
    colAligns: ["left", ...Array.from({ length: 5 }, () => "right" as const)],
    ...plain,
  });
  const time = (value: number | null): string => (value === null ? "–" : formatDuration(value));
  for (const one of cues.routes)
    table.push([
      one.route,
      formatCount(one.followed),
      formatCount(one.confirmed),
      time(one.secondsToTold),
      time(one.secondsToImage),
      time(one.secondsToConfirmation),
    ]);
  const { cost, everything } = cues;
  const same = cues.sameScene > 0 ? `, ${formatCount(cues.sameScene)} on the pixels of the tip itself` : "";
  return [
    `Tip and cue under ${policy}: ${formatCountOf(cues.tips, "tip")}, ${formatCount(cues.followed)} followed${same}, ${formatCount(cues.confirmed)} confirmed; medians since the tip's image:`,
    ...(cues.routes.length === 0 ? [] : indented(table)),
    `  it took ${formatBytes(cost.uplinkBytes)} up, ${formatBytes(cost.crosslinkBytes)} over crosslinks, ${formatBytes(cost.downlinkBytes)} down and ${formatJoules(cost.energyJoules)}`,
    ...(cues.followed === 0
      ? []
      : [
          `  looking at all ${formatCountOf(everything.images, "acquisition")} again: ${formatBytes(everything.downlinkBytes)} down, ${formatJoules(everything.energyJoules)}`,
        ]),
  ];
};

const modelLines = (models: Models): readonly string[] => [
  "Models on board:",
  ...models.flatMap(({ satellite, changes, trials }) => [
    `  ${satellite}: ${changes.map(({ model, why, at }) => `${model} (${why} ${at.slice(5, 16).replace("T", " ")})`).join(" → ")}`,
    ...trials.map(
      ({ model, outcome, acquisitions, why }) =>
        `    ${model} ${outcome} after ${formatCount(acquisitions)} ${acquisitions === 1 ? "acquisition" : "acquisitions"}: ${why}`,
    ),
  ]),
];

/** What tenants got and paid under a policy or on a flight of that name. */
export const tenantLines = (
  { currency, tenants }: Tenancy,
  policy: string,
  style: (text: string) => string,
): readonly string[] => {
  const table = new Table({
    head: [
      "tenant",
      "acquisitions",
      "detections",
      "useful",
      `paid, ${currency}`,
      "given back",
      "refused",
    ].map(style),
    colAligns: ["left", ...Array.from({ length: 6 }, () => "right" as const)],
    ...plain,
  });
  for (const one of tenants) {
    table.push([
      one.tenant,
      formatCount(one.acquisitions),
      formatCount(one.detections),
      formatCount(one.usefulDetections),
      moneyText(one.chargedMicro),
      moneyText(one.refundedMicro),
      formatCount(one.refused),
    ]);
  }
  return [`Tenants under ${policy}:`, ...indented(table)];
};

/** What was ordered and who paid, under the leading policy: lines for a terminal, each part after an empty one. Empty where there is neither. */
export const orderText = (summary: RunSummary, style: (text: string) => string): readonly string[] => {
  const { policy, orders, cues, models, tenancy } = leadingPolicy(summary);
  return [
    ...(orders === undefined ? [] : ["", ...orderLines(orders, policy, style)]),
    ...(cues === undefined ? [] : ["", ...cueLines(cues, policy, style)]),
    ...(models === undefined ? [] : ["", ...modelLines(models)]),
    ...(tenancy === undefined ? [] : ["", ...tenantLines(tenancy, policy, style)]),
  ];
};
