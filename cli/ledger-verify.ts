#!/usr/bin/env node
import { parseArgs } from "node:util";
import { isSwathError } from "../pipeline/errors.ts";
import { checkLedgerFile, readSigner } from "../pipeline/tenancy/ledger-file.ts";
import { faultText, ledgerJson, soundLedgerText } from "./text/ledger-text.ts";

/*
 * `swath-ledger-verify FILE [--key FILE]`: a program of its own, which needs a ledger, a key, and no package but this one. Whoever doubts a bill
 * can read all of what it runs.
 */

const usage = "usage: swath-ledger-verify FILE [--key FILE] [--json]";

const verify = (): number => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [path, ...rest] = positionals;
  if (values.help === true || path === undefined || rest.length > 0) {
    console.error(usage);
    return values.help === true ? 0 : 2;
  }
  const check = checkLedgerFile(path, values.key === undefined ? null : readSigner(values.key));
  if (values.json === true) process.stdout.write(ledgerJson(check));
  else if (check.fault === null) console.log(soundLedgerText(path, check, values.key !== undefined));
  if (check.fault !== null) console.error(`swath: ${faultText(path, check)}`);
  return check.fault === null ? 0 : 1;
};

try {
  process.exitCode = verify();
} catch (error) {
  const isUse = error instanceof TypeError || isSwathError(error, "config");
  if (!isUse && !isSwathError(error)) throw error;
  console.error(`swath: ${(error as Error).message}`);
  process.exitCode = isUse ? 2 : 1;
}
