import { describe, expect, it } from "vitest";
import fc from "fast-check";
import {
  decodeEnvelope,
  encodeEnvelope,
  envelopeOverheadBytes,
} from "../../../../pipeline/link/transfer/envelope.ts";
import { RangeSet } from "../../../../pipeline/link/frames/ranges.ts";
import { uplinkBytes } from "../../../../pipeline/link/transfer/turn-report.ts";
import type { TurnReport } from "../../../../pipeline/link/frames/segment.ts";
import { varintBytes, varintReader, writeVarint } from "../../../../pipeline/link/frames/varint.ts";
import { productKinds } from "../../../../pipeline/product/product.ts";
import type { Product } from "../../../../pipeline/product/product.ts";
import { instant } from "../../../../pipeline/units.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const when = fc.double({ min: -1e10, max: 1e10, noNaN: true }).map((t) => instant(t === 0 ? 0 : t));

describe("varints", () => {
  it("come back as they were, in as many bytes as foretold", () => {
    fc.assert(
      fc.property(u32, (value) => {
        const into = new Uint8Array(8);
        const end = writeVarint(into, 1, value);
        expect(end - 1).toBe(varintBytes(value));
        const reader = varintReader(into, 1, end);
        expect([reader.next(), reader.position(), reader.ok()]).toEqual([value, end, true]);
        const cut = varintReader(into, 1, end - 1);
        cut.next();
        expect(cut.ok()).toBe(false);
      }),
    );
  });
});

describe("product envelopes", () => {
  const product: fc.Arbitrary<Product> = fc.record({
    number: u32,
    kind: fc.constantFrom(...productKinds),
    acquisition: u32,
    tile: fc.option(fc.integer({ min: 0, max: 0xfffe })),
    readyAt: when,
    priority: fc.constant(0),
    payload: fc.uint8Array({ maxLength: 300 }),
  });

  it("come back as they were, for 21 bytes more", () => {
    fc.assert(
      fc.property(product, (sent) => {
        const envelope = encodeEnvelope(sent);
        expect(envelope.length).toBe(sent.payload.length + envelopeOverheadBytes);
        const { priority: _, ...received } = sent;
        expect(decodeEnvelope(sent.number, envelope)).toEqual({ kind: "product", product: received });
      }),
    );
  });

  it("are refused when any bit has changed", () => {
    fc.assert(
      fc.property(product, fc.nat(), (sent, at) => {
        const envelope = encodeEnvelope(sent);
        envelope[at % envelope.length]! ^= 1 << (at % 8);
        expect(decodeEnvelope(sent.number, envelope).kind).toBe("unreadable");
      }),
    );
  });

  it("say why they are refused", () => {
    const envelope = encodeEnvelope({
      number: 1,
      kind: "chips",
      acquisition: 1,
      tile: null,
      readyAt: instant(0),
      priority: 0,
      payload: new Uint8Array(5),
    });
    const changed = (at: number, value: number): Uint8Array => envelope.map((b, i) => (i === at ? value : b));
    const reason = (bytes: Uint8Array): unknown => decodeEnvelope(1, bytes);
    expect(reason(envelope.subarray(0, 9))).toEqual({
      kind: "unreadable",
      reason: "9 bytes are no envelope",
    });
    expect(reason(changed(0, 0))).toMatchObject({ reason: "does not begin as an envelope" });
    expect(reason(changed(2, 0x21))).toMatchObject({ reason: "envelope version 2, this station reads 1" });
    expect(reason(changed(20, 9))).toMatchObject({ reason: "CRC-32 differs" });
  });

  it("do not hold what they cannot address", () => {
    const beyond = {
      number: 1,
      kind: "chips",
      acquisition: 0,
      tile: 0xffff,
      readyAt: instant(0),
      priority: 0,
    } as const;
    expect(() => encodeEnvelope({ ...beyond, payload: new Uint8Array() })).toThrow(/cannot be addressed/);
  });
});

describe("turn reports", () => {
  it("cost what CLTUs of 7-byte blocks cost", () => {
    const of = (missing: TurnReport["missing"], heard = true): number =>
      uplinkBytes({ contact: "a.long.name.that.does.not.count", turn: 3, missing, heard });
    // 2 bytes of report and 7 of telecommand frame are two blocks: 2 + 16 + 8.
    expect(of([])).toBe(26);
    expect(of([[5, 9]])).toBe(26);
    expect(
      of([
        [5, 9],
        [200, 300],
        [400, 700],
      ]),
    ).toBe(34);
    expect(of([], false)).toBe(0);
    // 1,500 ranges of two bytes, and three in front: three telecommand frames, two of them full.
    const many = Array.from({ length: 1500 }, (_, i) => [i * 2, i * 2] as const);
    expect(of(many)).toBe(2 * (2 + 8 * 147 + 8) + (2 + 8 * Math.ceil((3003 - 2 * 1017 + 7) / 7) + 8));
  });
});

describe("range sets", () => {
  it("do what a set of integers does", () => {
    const operations = fc.array(fc.tuple(fc.nat(60), fc.nat(12)), { maxLength: 30 });
    fc.assert(
      fc.property(operations, fc.nat(60), fc.nat(30), (adds, from, length) => {
        const set = new RangeSet();
        const model = new Set<number>();
        for (const [first, more] of adds) {
          const fresh = set.add(first, first + more);
          const freshModel: number[] = [];
          for (let n = first; n <= first + more; n++) {
            if (!model.has(n)) freshModel.push(n);
            model.add(n);
          }
          expect(expand(fresh)).toEqual(freshModel);
        }
        expect(set.size).toBe(model.size);
        expect(expand(set.ranges)).toEqual([...model].toSorted((a, b) => a - b));
        const window = Array.from({ length: length + 1 }, (_, i) => from + i);
        expect(expand(set.missing(from, from + length))).toEqual(window.filter((n) => !model.has(n)));
        expect(window.map((n) => set.has(n))).toEqual(window.map((n) => model.has(n)));
        for (const [i, [first]] of set.ranges.slice(1).entries())
          expect(first).toBeGreaterThan(set.ranges[i]![1] + 1);
      }),
    );
  });

  const expand = (ranges: readonly (readonly [number, number])[]): number[] =>
    ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i));
});
