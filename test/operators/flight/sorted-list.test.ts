import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedList } from "../../../operators/flight/sorted-list.ts";

describe("SortedList", () => {
  it("is a sorted array, whatever is added and removed", () => {
    const operation = fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 4000 }) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300 }), fc.nat(3000), (operations, removed) => {
        const list = new SortedList<number>((a, b) => a - b);
        const model = new Set<number>();
        const put = (n: number): void => {
          if (!model.has(n)) list.add(n);
          model.add(n);
        };
        const take = (n: number): void => {
          list.remove(n);
          model.delete(n);
        };
        for (let n = 0; n < 3000; n++) put(n);
        for (let n = 0; n < removed; n++) take(n);
        for (const { add, value } of operations) (add ? put : take)(value);
        const sorted = [...model].toSorted((a, b) => a - b);
        expect([...list]).toEqual(sorted);
        const isOdd = (n: number): boolean => n % 2 === 1;
        expect(list.find(isOdd)).toBe(sorted.find(isOdd));
        expect(list.findLast(isOdd)).toBe(sorted.findLast(isOdd));
      }),
      { seed: 4, numRuns: 30 },
    );
  });
});
