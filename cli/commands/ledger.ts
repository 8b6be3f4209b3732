import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { checkLedgerFile, readSigner } from "../../pipeline/tenancy/ledger-file.ts";
import { readRunFolder } from "../../studies/folder/read-run.ts";
import { makeSigningKey } from "../../studies/tenancy/signing-key.ts";
import { faultText, ledgerJson, soundLedgerText } from "../text/ledger-text.ts";
import { ledgerTable } from "../text/ledger-table.ts";

interface VerifyFlags {
  readonly key?: string;
  readonly json?: boolean;
}

const keyCommand = (): Command =>
  new Command("key")
    .description("Make a key that ledgers are signed with")
    .argument("<file>", "where it goes; the public key goes to FILE.pub")
    .addHelpText("after", "\nExample:\n  $ swath ledger key ledger.key")
    .action(async (file: string) => {
      const publicKey = await makeSigningKey(file);
      console.log(
        `${publicKey}\nsecret ${file}: for --ledger-key\npublic ${file}.pub: for swath ledger verify --key`,
      );
    });

const ledgerOf = (run: string, out: string): string => {
  if (run.endsWith(".jsonl")) return run;
  const { folder } = readRunFolder(run, out);
  const path = join(folder, "ledger.jsonl");
  if (existsSync(path)) return path;
  throw new SwathError("config", {
    what: `${folder} has no ledger`,
    wanted: "a run that was flown for tenants",
    got: "no ledger.jsonl",
    hint: "swath compare ships/ --tenants tenants.yaml writes one",
  });
};

const wrong = (path: string, check: ReturnType<typeof checkLedgerFile>): SwathError =>
  new SwathError("storage", { what: faultText(path, check) });

const showCommand = (): Command =>
  new Command("show")
    .description("Show what each tenant used, paid and got back")
    .argument("<run>", "name, its beginning, a folder, or a ledger.jsonl")
    .option("--out <folder>", "where run folders are", "runs")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  $ swath ledger show compare-3f2a")
    .action((run: string, { out, json }: { readonly out: string; readonly json?: boolean }) => {
      const path = ledgerOf(run, out);
      const check = checkLedgerFile(path, null);
      process.stdout.write(json === true ? ledgerJson(check) : ledgerTable(check));
      if (check.fault !== null) throw wrong(path, check);
    });

const verifyCommand = (): Command =>
  new Command("verify")
    .description("Add a ledger up again, line by line, and check its chain and its signatures")
    .argument("<file>", "ledger.jsonl of a run")
    .option("--key <file>", "public key that must have signed it (default: the one that the ledger names)")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
The same is a program of its own, swath-ledger-verify, for whoever doubts a bill.

Examples:
  $ swath ledger verify runs/compare-3f2a91c0/ledger.jsonl
  $ swath ledger verify runs/compare-3f2a91c0/ledger.jsonl --key ledger.key.pub`,
    )
    .action((path: string, { key, json }: VerifyFlags) => {
      const check = checkLedgerFile(path, key === undefined ? null : readSigner(key));
      if (json === true) process.stdout.write(ledgerJson(check));
      else if (check.fault === null) console.log(soundLedgerText(path, check, key !== undefined));
      if (check.fault !== null) throw wrong(path, check);
    });

/** `swath ledger`: what tenants used and paid, and whether it is as it was written. */
export const ledgerCommand = (): Command =>
  new Command("ledger")
    .description("Show and verify the ledger of a run: what each tenant used and paid")
    .addCommand(showCommand())
    .addCommand(verifyCommand())
    .addCommand(keyCommand());
