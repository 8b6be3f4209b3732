import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { correctCodeblock } from "../../../../pipeline/link/frames/reed-solomon-correction.ts";
import {
  codeblockBytes,
  encodeCheckSymbols,
  messageBytes,
} from "../../../../pipeline/link/frames/reed-solomon.ts";
import { seeded } from "../../../../pipeline/seeded.ts";

interface Case {
  readonly message: string;
  readonly check: string;
}
const golden: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../golden/link/reed-solomon.json", import.meta.url), "utf8"),
);

const codeblock = (seed: number): Uint8Array => {
  const random = seeded(seed);
  const block = new Uint8Array(codeblockBytes);
  for (let i = 0; i < messageBytes; i++) block[i] = random.integer(256);
  encodeCheckSymbols(block, 0);
  return block;
};

/** Changes `count` different symbols of each codeword. */
const damage = (block: Uint8Array, counts: readonly number[], seed: number): Uint8Array => {
  const random = seeded(seed, "damage");
  const damaged = block.slice();
  for (const [codeword, count] of counts.entries()) {
    const symbols = new Set<number>();
    while (symbols.size < count) symbols.add(random.integer(255));
    for (const symbol of symbols) damaged[symbol * 5 + codeword]! ^= 1 + random.integer(255);
  }
  return damaged;
};

describe("Reed–Solomon (255, 223), dual basis, depth 5", () => {
  it("gives the check symbols of libfec and of schoolbook division, each codeword in its own lane", () => {
    expect(golden).toHaveLength(5);
    const block = new Uint8Array(codeblockBytes + 3);
    const rows = golden.map(({ message }) => Buffer.from(message, "hex"));
    for (const [lane, row] of rows.entries()) for (const [j, b] of row.entries()) block[3 + j * 5 + lane] = b;
    encodeCheckSymbols(block, 3);
    for (const [lane, { check }] of golden.entries()) {
      const got = Buffer.from(Array.from({ length: 32 }, (_, j) => block[3 + messageBytes + j * 5 + lane]!));
      expect(got.toString("hex")).toBe(check);
    }
  });

  it("puts right up to 16 wrong symbols in every codeword", () => {
    const errorCounts = fc.array(fc.integer({ min: 0, max: 16 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(errorCounts, fc.nat(), (counts, seed) => {
        const sent = codeblock(seed);
        const received = damage(sent, counts, seed);
        expect(correctCodeblock(received, 0)).toBe(counts.reduce((a, b) => a + b));
        expect(Buffer.from(received).equals(sent)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("works on a Buffer, whose slices do not copy, as on any other bytes", () => {
    const sent = codeblock(1);
    const received = Buffer.from(damage(sent, [16, 0, 3, 0, 1], 1));
    expect(correctCodeblock(received, 0)).toBe(20);
    expect(received.equals(sent)).toBe(true);
  });

  it("refuses, or at least never restores, a codeword with more", () => {
    for (let seed = 0; seed < 40; seed++) {
      const sent = codeblock(seed);
      const received = damage(sent, [0, 0, 17 + (seed % 30), 0, 0], seed);
      correctCodeblock(received, 0);
      expect(Buffer.from(received).equals(sent)).toBe(false);
    }
  });
});
