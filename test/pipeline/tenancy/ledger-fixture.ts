import { microAmount } from "../../../pipeline/tenancy/amount.ts";
import { LedgerWriter } from "../../../pipeline/tenancy/ledger-writer.ts";
import { operatorName } from "../../../pipeline/tenancy/ledger-entry.ts";
import type { Prices } from "../../../pipeline/tenancy/tariff.ts";
import { makeKey, type SigningKey } from "../../../pipeline/keys/nkey.ts";

export const prices: Prices = {
  operations: "0.0004",
  energy: "0.00002",
  pixels: "0.003",
  tokens: "2.5",
  resultBytes: "1.5",
  chipBytes: "0.9",
  tileBytes: "0.25",
  contact: "0.166666666667",
  store: "0.01",
};

/** A ledger of `acquisitions` acquisitions by three tenants, a pass after every `perPass` of them. */
export const writeLedger = (
  acquisitions: number,
  perPass: number,
  key: SigningKey = makeKey("user"),
): { readonly lines: readonly string[]; readonly key: SigningKey } => {
  const lines: string[] = [];
  const tenants = ["port", "coast", "farm"].map((id, index) => ({
    id,
    budget: microAmount((index + 1) * 50_000_000_000),
    weight: index + 1,
  }));
  const writer = new LedgerWriter(
    { run: "replay-0", currency: "USD", prices, tenants, openKey: false },
    key,
    (line) => lines.push(line),
  );
  writer.begin("detect");
  const open: number[] = [];
  for (let n = 0; n < acquisitions; n++) {
    const at = 1_800_000_000 + n * 10;
    const place = { at, satellite: `W0${n % 3}`, tenant: tenants[n % 3]?.id ?? "", acquisition: n };
    const hold = writer.reserve(place, microAmount(40_000 + (n % 7)));
    const work = { operations: 12_345 + n, energy: 55_000_123, pixels: 4_194_304 };
    writer.charge({ ...place, at: at + 3 }, work, hold);
    if (hold !== null) open.push(hold);
    if ((n + 1) % perPass !== 0) continue;
    const pass = { ...place, tenant: operatorName, acquisition: null };
    writer.charge(pass, { resultBytes: 1279 * 3, contact: 30_720 }, null);
    for (const one of open.splice(0)) writer.release(at + 9, one);
    writer.root(at + 9, `W00.${n}`);
  }
  for (const one of open.splice(0)) writer.release(2_000_000_000, one);
  writer.close(2_000_000_000);
  return { lines, key };
};
