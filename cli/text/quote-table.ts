import Table from "cli-table3";
import { formatCount } from "../../pipeline/format.ts";
import { resources } from "../../pipeline/tenancy/resource.ts";
import type { Tenant } from "../../pipeline/tenancy/tenant-file.ts";
import type { Quote } from "../../studies/tenancy/quote.ts";
import { moneyText } from "./ledger-table.ts";
import { plain } from "./table.ts";

const amountOf = (micro: number): string => {
  const value = micro / 1e6;
  return value >= 100 ? formatCount(Math.round(value)) : value.toPrecision(3);
};

/** A quote as people read it. */
export const quoteTable = (quote: Quote, currency: string, tenant: Tenant | null, rate: string): string => {
  const table = new Table({
    head: ["", "quantity", "unit", currency],
    colAligns: ["left", "right", "left", "right"],
    ...plain,
  });
  for (const { key, unit } of resources) {
    const micro = quote.work[key] ?? 0;
    if (micro > 0) table.push([key, amountOf(micro), unit, moneyText(quote.amounts[key])]);
  }
  table.push(["total", "", "", moneyText(quote.total)]);
  const head = `${quote.images === 1 ? "one image" : `${formatCount(quote.images)} images`} of ${quote.workload}, policy ${quote.policy}; contact time at ${rate}`;
  const within =
    tenant === null
      ? ""
      : quote.total <= tenant.budget
        ? `\nwithin the budget of ${tenant.id}, ${moneyText(tenant.budget)} ${currency}\n`
        : `\nbeyond the budget of ${tenant.id}: wanted ${moneyText(quote.total)} ${currency}, got ${moneyText(tenant.budget)}\n`;
  return `${head}\n\n${table.toString()}\n${within}`;
};
