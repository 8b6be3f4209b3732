import { Command } from "commander";
import { parseDuration, parseWhole } from "../../pipeline/quantity.ts";
import { amountText } from "../../pipeline/tenancy/amount.ts";
import { refusalText } from "../../pipeline/tenancy/tenant-file.ts";
import { quoteFor } from "../../studies/tenancy/quote-for.ts";
import { quoteTable } from "../text/quote-table.ts";

interface QuoteFlags {
  readonly tenants: string;
  readonly tenant?: string;
  readonly policy?: string;
  readonly images: string;
  readonly spacecraft?: string;
  readonly rate?: string;
  readonly stored: string;
  readonly json?: boolean;
}

const quoteCommand = (): Command =>
  new Command("quote")
    .description("Say what a workload would be charged: by its operations, energy, pixels, link and store")
    .argument("<workload>", "folder of a run, its workload.json, or a YAML file that declares a model's work")
    .requiredOption("--tenants <file>", "tenants file, which names the price file")
    .option("--tenant <id>", "whose budget it is held against")
    .option("--policy <policy>", "which policy of the workload (default: detect, or its only one)")
    .option("--images <n>", "how many images, each like the mean of the workload", "1")
    .option("--spacecraft <name>", "preset or file (default: the cubesat)")
    .option("--rate <rate>", "of the downlink (default: the spacecraft's radio)")
    .option("--stored <duration>", "how long products wait on board", "1h")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ swath tenants quote runs/compare-3f2a91c0 --tenants tenants.yaml --images 100 --tenant port-authority",
    )
    .action(async (workload: string, flags: QuoteFlags) => {
      const { quote, currency, tenant, refused, rateText } = await quoteFor(workload, {
        tenants: flags.tenants,
        tenant: flags.tenant,
        policy: flags.policy,
        images: parseWhole("--images", flags.images, 1, 1e9),
        spacecraft: flags.spacecraft ?? null,
        rate: flags.rate ?? null,
        storedFor: parseDuration("--stored", flags.stored),
      });
      for (const one of refused) console.error(refusalText(one));
      if (flags.json !== true) {
        process.stdout.write(quoteTable(quote, currency, tenant, rateText));
        return;
      }
      const { amounts, total, ...rest } = quote;
      const written = Object.fromEntries(
        Object.entries(amounts).map(([key, amount]) => [key, amountText(amount)]),
      );
      const isWithin = tenant === null ? null : total <= tenant.budget;
      process.stdout.write(
        `${JSON.stringify({ ...rest, currency, amounts: written, total: amountText(total), withinBudget: isWithin }, null, 2)}\n`,
      );
    });

/** `swath tenants`: what tenants would pay. */
export const tenantsCommand = (): Command =>
  new Command("tenants").description("Quote work for tenants of a mission").addCommand(quoteCommand());
