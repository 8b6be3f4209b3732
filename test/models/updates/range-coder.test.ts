import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeInteger, integerChances } from "../../../models/updates/coded-integer.ts";
import { adaptiveBits, RangeDecoder, RangeEncoder } from "../../../models/updates/range-coder.ts";

describe("the arithmetic coder", () => {
  it("gives back the bits that it was given, learned and plain ones", () => {
    const step = fc.oneof(
      fc.record({ bit: fc.integer({ min: 0, max: 1 }), context: fc.integer({ min: 0, max: 3 }) }),
      fc
        .integer({ min: 1, max: 16 })
        .chain((width) => fc.record({ width: fc.constant(width), value: fc.nat({ max: 2 ** width - 1 }) })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const encoder = new RangeEncoder();
        const sent = adaptiveBits(4);
        for (const one of steps) {
          if ("bit" in one) encoder.bit(sent, one.context, one.bit);
          else encoder.plain(one.value, one.width);
        }
        const decoder = new RangeDecoder(encoder.finish());
        const heard = adaptiveBits(4);
        for (const one of steps) {
          if ("bit" in one) expect(decoder.bit(heard, one.context)).toBe(one.bit);
          else expect(decoder.plain(0, one.width)).toBe(one.value);
        }
      }),
    );
  });

  it("carries through long runs of ones", () => {
    const encoder = new RangeEncoder();
    const bits = adaptiveBits(1);
    const wanted = Array.from({ length: 60_000 }, (_, i) => (i % 997 === 0 ? 0 : 1));
    for (const bit of wanted) encoder.bit(bits, 0, bit);
    const coded = encoder.finish();
    expect(coded.length).toBeLessThan(200);
    const decoder = new RangeDecoder(coded);
    const learned = adaptiveBits(1);
    expect(wanted.map(() => decoder.bit(learned, 0))).toEqual(wanted);
  });

  it("gives back whole numbers of up to 33 bits", () => {
    const number = fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.integer(),
      fc.integer({ min: -(2 ** 32), max: 2 ** 32 }),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (numbers) => {
        const encoder = new RangeEncoder();
        const sent = integerChances(2);
        numbers.forEach((value, i) => codeInteger(encoder, sent, i % 2, value));
        const decoder = new RangeDecoder(encoder.finish());
        const heard = integerChances(2);
        numbers.forEach((value, i) => expect(codeInteger(decoder, heard, i % 2, 0)).toBe(value));
      }),
    );
  });

  it("takes less than a bit for what it expects", () => {
    const encoder = new RangeEncoder();
    const chances = integerChances(1);
    for (let i = 0; i < 10_000; i++) codeInteger(encoder, chances, 0, i % 50 === 0 ? 1 : 0);
    expect(encoder.finish().length).toBeLessThan(250);
  });
});
