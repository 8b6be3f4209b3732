import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaptureReserve } from "../../operators/capture-reserve.ts";
import { instant } from "../../pipeline/units.ts";

describe("CaptureReserve", () => {
  it("holds: never more than the room, taken = kept + given up, the youngest kept", () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 80 }), room: fc.integer({ min: 0, max: 150 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const reserve = new CaptureReserve();
        for (const [n, { size, room }] of steps.entries()) {
          reserve.shrink(room, instant(n));
          reserve.keep(n, size, room, instant(n));
          expect(reserve.heldBytes).toBeLessThanOrEqual(room);
          expect(reserve.has(n)).toBe(size <= room);
          const kept = reserve.records.filter(({ givenUpAt }) => givenUpAt === null);
          expect(kept.reduce((sum, one) => sum + one.size, 0)).toBe(reserve.heldBytes);
          expect(reserve.records).toHaveLength(n + 1);
          // Of scenes that fitted, none goes before one that is older.
          const fitted = reserve.records.filter(
            ({ acquisition, size: own }) => own <= steps[acquisition]!.room,
          );
          const gone = fitted.map(({ givenUpAt }) => givenUpAt !== null);
          expect(gone).toEqual(gone.toSorted((a, b) => Number(b) - Number(a)));
        }
      }),
      { seed: 9 },
    );
  });

  it("gives nothing up for a scene that would not fit alone, and takes one back that broke off", () => {
    const reserve = new CaptureReserve();
    reserve.keep(0, 60, 100, instant(1));
    reserve.keep(1, 200, 100, instant(2));
    expect([reserve.has(0), reserve.has(1), reserve.heldBytes]).toEqual([true, false, 60]);
    reserve.forget(0);
    expect([reserve.has(0), reserve.heldBytes, reserve.records.length]).toEqual([false, 0, 1]);
  });
});
