import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { faultText, ledgerJson, soundLedgerText } from "../../cli/text/ledger-text.ts";
import { checkLedgerFile, readSigner } from "../../pipeline/tenancy/ledger-file.ts";
import { writeLedger } from "../pipeline/tenancy/ledger-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-ledger-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** All that a file imports, by file and by package. */
const importsOf = (path: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, type, name = ""] of text.matchAll(/^import\s+(type\s)?[^"]*"([^"]+)"/gm)) {
    if (type !== undefined) continue;
    if (name.startsWith(".")) importsOf(posix.normalize(posix.join(posix.dirname(path), name)), found);
    else found.add(name);
  }
  return found;
};

describe("swath-ledger-verify", () => {
  const { lines, key } = writeLedger(12, 4);
  const path = join(folder, "ledger.jsonl");
  writeFileSync(path, lines.join(""));
  const keyFile = join(folder, "ledger.key.pub");
  writeFileSync(keyFile, `${key.publicKey}\n`);

  it("is small, and needs no package", () => {
    const all = [...importsOf("cli/ledger-verify.ts")];
    const packages = all.filter((name) => !name.endsWith(".ts"));
    expect(packages.toSorted()).toEqual(["node:crypto", "node:fs", "node:util"]);
    expect(all.length - packages.length).toBeLessThan(16);
  });

  it("says whose a sound ledger is, and where another is not sound", () => {
    const sound = checkLedgerFile(path, readSigner(keyFile));
    expect(sound.fault).toBeNull();
    expect(soundLedgerText("L", sound, true)).toBe(
      `L: sound, ${lines.length} lines, 4 signatures, closed; signed by the key that was given`,
    );
    expect(soundLedgerText("L", sound, false)).toContain(key.publicKey);
    expect(JSON.parse(ledgerJson(sound))).toMatchObject({ run: "replay-0", fault: null });
    writeFileSync(path, lines.toSpliced(5, 1).join(""));
    const cut = checkLedgerFile(path, null);
    expect(faultText("L", cut)).toBe("L: line 6 has number 6, wanted 5; 5 lines before it are sound");
  });

  it("refuses a key file that holds no key, and a ledger that is not there, in a line each", () => {
    writeFileSync(join(folder, "none.key"), "hello\n");
    expect(() => readSigner(join(folder, "none.key"))).toThrow(/wanted a public key on its first line/);
    expect(() => checkLedgerFile(join(folder, "absent.jsonl"), null)).toThrow(/cannot read ledger/);
  });
});
