import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { checkLedger } from "../../../pipeline/tenancy/ledger-check.ts";
import "../../property-seed.ts";
import { writeLedger } from "./ledger-fixture.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;
const { lines, key } = writeLedger(40, 8);
const check = (text: string | Uint8Array, signer: string | null = key.publicKey) =>
  checkLedger([typeof text === "string" ? Buffer.from(text) : text], signer);
const whole = Buffer.from(lines.join(""));
const lineAt = fc.nat(lines.length - 1);

describe("a ledger", () => {
  it("is sound as it was written, in chunks of any size, with and without the key", () => {
    const sound = check(whole);
    expect(sound.fault).toBeNull();
    expect(sound).toMatchObject({ entries: lines.length, roots: 6, isClosed: true });
    expect(check(whole, null).fault).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length }), (size) => {
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
          whole.subarray(n * size, (n + 1) * size),
        );
        expect(checkLedger(chunks, key.publicKey)).toEqual(sound);
      }),
      { numRuns: 20 },
    );
  });

  it("comes out the same, byte for byte, with the same key", () => {
    expect(writeLedger(40, 8, key).lines).toEqual(lines);
  });

  it("tells of every flipped bit", () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(check(changed).fault).not.toBeNull();
      }),
      { numRuns: isLong ? 400 : 60 },
    );
    // The end of the file is signed, not chained: every bit of its last line, or one of every byte.
    const { lines: few, key: own } = writeLedger(1, 5);
    const short = Buffer.from(few.join(""));
    for (let at = short.length - (few.at(-1)?.length ?? 0); at < short.length; at++)
      for (let bit = isLong ? 0 : at % 8; bit < 8; bit += isLong ? 1 : 8) {
        const changed = Buffer.from(short);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(check(changed, own.publicKey).fault, `bit ${bit} of byte ${at}`).not.toBeNull();
      }
  });

  it("tells of a line that is gone, repeated, or in another place, wherever it stands", () => {
    fc.assert(
      fc.property(lineAt, (at) => {
        expect(check(lines.toSpliced(at, 1).join("")).fault).not.toBeNull();
        expect(check(lines.toSpliced(at, 0, lines[at] as string).join("")).fault).not.toBeNull();
      }),
    );
    fc.assert(
      fc.property(lineAt, lineAt, (a, b) => {
        fc.pre(a !== b);
        const moved = [...lines];
        moved[a] = lines[b] as string;
        moved[b] = lines[a] as string;
        expect(check(moved.join("")).fault).not.toBeNull();
      }),
    );
  });

  it("tells of an end that is cut off, at any byte, at a root too", () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(check(whole.subarray(0, length)).fault).not.toBeNull();
      }),
    );
    const root = lines.findIndex((line) => line.includes('"kind":"root"'));
    const cut = check(lines.slice(0, root + 1).join(""));
    expect(cut).toMatchObject({ roots: 1, isClosed: false });
    expect(cut.fault?.what).toContain("without its closing line");
  });

  it("is not taken with another key, nor one that was signed again with one", () => {
    const stranger = makeKey("user");
    expect(check(whole, stranger.publicKey).fault).toMatchObject({ line: 1 });
    const forged = writeLedger(40, 8, stranger).lines.join("");
    expect(check(forged).fault?.what).toContain(`wanted ${key.publicKey}`);
    expect(check(forged, null).fault).toBeNull();
  });

  it("tells of a charge that prices do not make, even where the chain was mended", () => {
    const other = makeKey("user");
    const { lines: written } = writeLedger(3, 3, other);
    const line = written.findIndex((one) => one.includes('"kind":"charge"'));
    const raised = (written[line] as string).replace(
      /"charge":(\d+)/,
      (_, n: string) => `"charge":${Number(n) + 1}`,
    );
    expect(check(written.with(line, raised).join(""), other.publicKey).fault).toMatchObject({
      line: line + 1,
    });
  });

  it("adds up: what every tenant is charged is the price of its work, once rounded down for each resource", () => {
    const [flight] = check(whole).flights;
    const port = flight?.tenants.find(({ tenant }) => tenant === "port");
    const { operations = 0, energy = 0, pixels = 0 } = port?.work ?? {};
    const price =
      (BigInt(operations) * 4n) / 10_000n + (BigInt(energy) * 2n) / 100_000n + (BigInt(pixels) * 3n) / 1000n;
    expect(port?.charged).toBe(Number(price));
  });

  it("says in one line what a file is that is no ledger", () => {
    expect(check("").fault).toEqual({
      line: 1,
      what: "is empty, without its closing line: what stood behind is cut off",
    });
    expect(check("hello\n").fault?.what).toBe("is no line of a ledger");
    expect(check("null\n").fault).not.toBeNull();
    expect(check('{"n":0,"prev":"","kind":"flight"}\n').fault?.what).toContain("wanted the opening");
  });
});
