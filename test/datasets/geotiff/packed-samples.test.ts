import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reverseBits, unpackSamples, widenHalves } from "../../../datasets/geotiff/packed-samples.ts";
import { nodataOfType } from "../../../datasets/geotiff/validity.ts";

/** Writes rows of samples as text of bits and reads the text as bytes: slow and plain. */
const pack = (rows: readonly (readonly number[])[], bits: number): Uint8Array =>
  Uint8Array.from(
    rows.flatMap((row) => {
      const text = row.map((sample) => sample.toString(2).padStart(bits, "0")).join("");
      const padded = text.padEnd(Math.ceil(text.length / 8) * 8, "0");
      return Array.from({ length: padded.length / 8 }, (_, i) =>
        Number.parseInt(padded.slice(i * 8, i * 8 + 8), 2),
      );
    }),
  );

describe("samples that do not fill bytes", () => {
  it("come out as they went in, for every number of bits", () => {
    const image = fc.integer({ min: 1, max: 32 }).chain((bits) =>
      fc.record({
        bits: fc.constant(bits),
        rows: fc.integer({ min: 1, max: 9 }).chain((width) =>
          fc.array(
            fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: width, maxLength: width }),
            {
              minLength: 1,
              maxLength: 4,
            },
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(image, ({ bits, rows }) => {
        const samples = unpackSamples(pack(rows, bits), bits, rows[0]!.length, rows.length);
        expect(Array.from(samples)).toEqual(rows.flat());
      }),
    );
  });

  it("turn their bits round and back", () => {
    expect(Array.from(reverseBits(Uint8Array.of(0b1000_0000, 0b1100_1010)))).toEqual([1, 0b0101_0011]);
    // A property that returns a value is judged by it: what a matcher returns is no verdict.
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(reverseBits(reverseBits(data))).toEqual(data);
      }),
    );
  });

  it("of 16-bit floats are those of IEEE 754", () => {
    const halves = [0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0xfc00, 0x3555];
    const data = new Uint8Array(Uint16Array.from(halves).buffer);
    expect(Array.from(widenHalves(data, halves.length, true))).toEqual([
      0,
      1,
      -2,
      65_504,
      2 ** -24,
      Infinity,
      -Infinity,
      0.333251953125,
    ]);
  });
});

describe("nodata that samples cannot hold", () => {
  it.each([
    [-9999, "uint8", null],
    [0.5, "uint16", null],
    [65_536, "uint16", null],
    [255, "uint8", 255],
    [-9999, "int16", -9999],
    [-3.402_823_466_385_29e38, "float32", -3.4028234663852886e38],
    [-1.797_693_134_862_315_7e308, "float32", null],
    [Number.NaN, "float32", Number.NaN],
  ] as const)("%s in %s is %s", (nodata, type, expected) => {
    expect(nodataOfType(nodata, type)).toEqual(expected);
  });
});
