import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeKey } from "../../pipeline/keys/nkey.ts";
import { microAmount } from "../../pipeline/tenancy/amount.ts";
import { checkLedgerFile } from "../../pipeline/tenancy/ledger-file.ts";
import { LedgerWriter } from "../../pipeline/tenancy/ledger-writer.ts";
import { prices } from "../pipeline/tenancy/ledger-fixture.ts";
import { reportFigures } from "./figures.ts";

/** How long it takes to write and to verify a ledger of a million entries, as missions write them. Bar: verified in 5 s. */
const wanted = 1_000_000;
const key = makeKey("user");
const folder = mkdtempSync(join(tmpdir(), "swath-ledger-"));
const path = join(folder, "ledger.jsonl");
try {
  const file = openSync(path, "w");
  const tenants = Array.from({ length: 12 }, (_, n) => ({
    id: `tenant-${n}`,
    budget: microAmount(9e12),
    weight: 1 + (n % 4),
  }));
  let held: string[] = [];
  const flush = (): void => {
    writeSync(file, held.join(""));
    held = [];
  };
  let entries = 0;
  const begun = performance.now();
  const writer = new LedgerWriter(
    { run: "compare-0", currency: "USD", prices, tenants, openKey: false },
    key,
    (line) => {
      entries++;
      if (held.push(line) === 4096) flush();
    },
  );
  writer.begin("detect");
  for (let n = 0; entries < wanted - 8; n++) {
    const at = 1_798_761_600 + n * 1.25;
    const place = {
      at,
      satellite: `walker-${n % 12}`,
      tenant: tenants[(n * 7) % 12]?.id ?? "",
      acquisition: n,
    };
    const hold = writer.reserve(place, microAmount(45_000 + (n % 1000)));
    writer.charge(
      { ...place, at: at + 3.2 },
      { operations: 41_943_040 + n, energy: 98_765_432, pixels: 16_777_216 },
      hold,
    );
    writer.charge(
      { ...place, at: at + 900 },
      { resultBytes: 2558, contact: 10_240, energy: 61_440, store: 1 + (n % 5) },
      hold,
    );
    if (hold !== null) writer.release(at + 900, hold);
    if (n % 250 === 249) writer.root(at + 900, `walker-${n % 12}.Svalbard.${n}`);
  }
  writer.close(1_900_000_000);
  flush();
  closeSync(file);
  const written = performance.now() - begun;
  console.log(
    `${entries.toLocaleString("en")} entries, ${(statSync(path).size / 1e6).toFixed(0)} MB, written in ${(written / 1000).toFixed(2)} s`,
  );
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const from = performance.now();
    const cpu = process.cpuUsage();
    const check = checkLedgerFile(path, key.publicKey);
    if (check.fault !== null || check.entries !== entries) throw new Error(JSON.stringify(check.fault));
    const { user, system } = process.cpuUsage(cpu);
    times.push((user + system) / 1e6);
    console.log(
      `verified in ${((performance.now() - from) / 1000).toFixed(2)} s, ${check.roots.toLocaleString("en")} signatures, ${((user + system) / 1e6).toFixed(2)} s of processor (bar: 5 s)`,
    );
  }
  reportFigures([
    {
      what: `a ledger of ${entries.toLocaleString("en")} entries verified, median of 3`,
      value: times.toSorted((a, b) => a - b)[1] as number,
      unit: "s of processor",
      bar: { most: 5 },
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
