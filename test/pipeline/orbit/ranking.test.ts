import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ranking } from "../../../pipeline/orbit/ranking.ts";

describe("a ranking", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.MIN_VALUE),
    fc.integer({ min: -3, max: 3 }).map((n) => 45 + n * 1e-13), // one upper half, different doubles
  );

  test("is the order that comparing gives, equal keys in the order of the tie", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (values) => {
        const tie = (a: number, b: number): number => b - a;
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : tie(a, b)));
        const ranked = [...ranking(Float64Array.from(values), tie)];
        expect(ranked.map((i) => values[i]! + 0)).toEqual(expected.map((i) => values[i]! + 0));
        if (!values.includes(0)) expect(ranked).toEqual(expected);
      }),
    );
  });
});
