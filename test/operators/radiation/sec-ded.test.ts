import fc from "fast-check";
import { expect, it } from "vitest";
import {
  codeBits,
  dataBits,
  decodeFlips,
  decodeWord,
  encodeWord,
} from "../../../operators/radiation/sec-ded.ts";

const word = fc.array(fc.constantFrom(0, 1), { minLength: dataBits, maxLength: dataBits });
const place = fc.integer({ min: 0, max: codeBits - 1 });

const turned = (code: Uint8Array, places: readonly number[]): Uint8Array => {
  const copy = code.slice();
  for (const one of places) copy[one]! ^= 1;
  return copy;
};

it("gives back what it was given", () => {
  fc.assert(
    fc.property(word, (data) => {
      const code = encodeWord(data);
      expect(code).toHaveLength(codeBits);
      expect(decodeWord(code)).toEqual({ data: Uint8Array.from(data), verdict: "clean" });
    }),
  );
});

it("puts any single bit of any word right", () => {
  fc.assert(
    fc.property(word, (data) => {
      const code = encodeWord(data);
      for (let at = 0; at < codeBits; at++) {
        expect(decodeWord(turned(code, [at]))).toEqual({ data: Uint8Array.from(data), verdict: "corrected" });
      }
    }),
    { numRuns: 20 },
  );
});

it("notices any two bits", () => {
  const code = encodeWord(Array.from({ length: dataBits }, (_, i) => (i % 3) & 1));
  for (let a = 0; a < codeBits; a++) {
    for (let b = a + 1; b < codeBits; b++) expect(decodeWord(turned(code, [a, b])).verdict).toBe("detected");
  }
});

it("leaves the same bits wrong whatever the word, as a linear code does", () => {
  fc.assert(
    fc.property(word, fc.uniqueArray(place, { maxLength: 5 }), (data, places) => {
      const { data: read, verdict } = decodeWord(turned(encodeWord(data), places));
      const wrong = data.flatMap((bit, i) => (bit === read[i] ? [] : [i]));
      expect(decodeFlips(places)).toEqual({ verdict, left: wrong });
    }),
  );
});
