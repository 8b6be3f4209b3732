import Table from "cli-table3";
import { formatBytes, formatCountOf, formatDuration, formatJoules, formatSi } from "../../pipeline/format.ts";
import { amountText } from "../../pipeline/tenancy/amount.ts";
import type { FlightTotal, LedgerCheck, TenantTotal } from "../../pipeline/tenancy/ledger-check.ts";
import type { Work } from "../../pipeline/tenancy/resource.ts";
import { plain } from "./table.ts";

/** Money for people: two places, more where the amount is small. */
export const moneyText = (micro: number): string =>
  Math.abs(micro) >= 1e6 || micro === 0 ? (micro / 1e6).toFixed(2) : amountText(micro);

const linkBytes = ({ resultBytes = 0, chipBytes = 0, tileBytes = 0 }: Work): number =>
  resultBytes + chipBytes + tileBytes;

const row = ({ tenant, budget, charged, overrun, refunded, refused, work }: TenantTotal): string[] => [
  tenant,
  budget === null ? "–" : moneyText(budget),
  moneyText(charged),
  moneyText(refunded),
  overrun === 0 ? "–" : moneyText(overrun),
  `${refused}`,
  formatSi((work.operations ?? 0) * 1e6, "op"),
  formatJoules((work.energy ?? 0) / 1e6),
  formatSi(work.pixels ?? 0, "px"),
  formatBytes(linkBytes(work)),
  formatDuration((work.contact ?? 0) / 1e6),
];

const flightText = ({ flight, tenants }: FlightTotal, currency: string): string => {
  const table = new Table({
    head: [
      flight,
      `budget ${currency}`,
      "charged",
      "given back",
      "overrun",
      "refused",
      "operations",
      "energy",
      "pixels of a band",
      "link",
      "sending",
    ],
    colAligns: ["left", ...Array.from({ length: 10 }, () => "right" as const)],
    ...plain,
  });
  table.push(...tenants.map(row));
  return `${table.toString()}\n`;
};

/** What each tenant used and paid, flight by flight. */
export const ledgerTable = ({ flights, opening, entries, roots }: LedgerCheck): string => {
  const currency = opening?.currency ?? "";
  const head = `run ${opening?.run ?? "?"}, ${formatCountOf(entries, "line")}, ${formatCountOf(roots, "signature")}\n\n`;
  return `${head}${flights.map((flight) => flightText(flight, currency)).join("\n")}`;
};
