import { Command } from "commander";
import { parseDuration, parseWhole } from "../../pipeline/quantity.ts";
import { amountText } from "../../pipeline/tenancy/amount.ts";
import { refusalText } from "../../pipeline/tenancy/tenant-file.ts";
import { quoteFor } from "../../studies/tenancy/quote-for.ts";
import { makeSigningKey } from "../../studies/tenancy/signing-key.ts";
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

const keyCommand = (): Command =>
  new Command("key")
    .description("Make a key that a tenant signs its orders with")
    .argument("<file>", "where it goes; the public key goes to FILE.pub")
    .addHelpText(
      "after",
      "\nExample:\n  $ swath tenants key port.key\n  $ swath command look --bbox 5.2,43.2,5.4,43.4 --at 2026-08-10T06:00Z --deadline 6h --tenant port-authority --tenant-key port.key --file orders.yaml",
    )
    .action(async (file: string) => {
      const publicKey = await makeSigningKey(file);
      console.log(
        `${publicKey}\nsecret ${file}: for swath command … --tenant-key\npublic ${file}.pub: for key: in the tenants file`,
      );
    });

/** `swath tenants`: what tenants would pay, and what they sign with. */
export const tenantsCommand = (): Command =>
  new Command("tenants")
    .description("Quote work for tenants of a mission, make their keys")
    .addCommand(quoteCommand())
    .addCommand(keyCommand());
