import fc from "fast-check";
import { expect, it } from "vitest";
import { countUpTo, rowsBy, rowsOf } from "../../../console/reading/rows-by.ts";

it("has every row once, under its value, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (column) => {
      const index = rowsBy(column, 8);
      for (let value = 0; value < 8; value++) {
        const wanted = column.flatMap((each, row) => (each === value ? [row] : []));
        expect([...rowsOf(index, value)]).toEqual(wanted);
      }
    }),
  );
});

it("counts what is at or before a moment", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), (values, t) => {
      const column = values.toSorted((a, b) => a - b);
      expect(countUpTo(column, t)).toBe(values.filter((value) => value <= t).length);
    }),
  );
});
