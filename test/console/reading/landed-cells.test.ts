import fc from "fast-check";
import { expect, it } from "vitest";
import { landedCells } from "../../../console/reading/landed-cells.ts";
import type { PolicyView } from "../../../console/reading/policy-view.ts";
import type { Prepared } from "../../../console/reading/prepared.ts";

/** Only the columns that cells are made from. */
const recordOf = (rows: readonly (readonly [at: number, lon: number, lat: number, count: number])[]) => {
  const column = (place: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(rows, (row) => row[place]);
  const acquisition = Uint32Array.from(rows.keys());
  const plan = { acquisitions: { columns: { longitude_deg: column(1), latitude_deg: column(2) } } };
  const publications = { columns: { at_s: column(0), acquisition, detections: column(3) } };
  return {
    prepared: { plan } as unknown as Prepared,
    view: { record: { tables: { publications } } } as unknown as PolicyView,
  };
};

it("has every detection that was published by then in one cell, and none besides", () => {
  const row = fc.tuple(
    fc.nat(1000),
    fc.double({ min: -180, max: 179, noNaN: true }),
    fc.double({ min: -85, max: 85, noNaN: true }),
    fc.nat(50),
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), fc.nat(1100), (rows, t) => {
      const sorted = rows.toSorted((a, b) => a[0] - b[0]);
      const { prepared, view } = recordOf(sorted);
      const marks = landedCells(prepared, view).at(t);
      const wanted = sorted.reduce((sum, [at, , , count]) => sum + (at <= t ? count : 0), 0);
      expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(wanted);
      expect(marks.every(({ step }) => step >= 1 && step <= 5)).toBe(true);
      expect(new Set(marks.map(({ id }) => id)).size).toBe(marks.length);
    }),
    { numRuns: 40 },
  );
});
