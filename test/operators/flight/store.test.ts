import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaptureReserve } from "../../../operators/flight/capture-reserve.ts";
import { OnboardStore, type StoredProduct } from "../../../operators/flight/store.ts";
import { bytes, instant } from "../../../pipeline/units.ts";

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

const product = (number: number, size: number, priority = 2, readyAt = number): StoredProduct => ({
  number,
  kind: priority === 0 ? "detections" : "tile-lossless",
  acquisition: 0,
  tile: null,
  readyAt: instant(readyAt),
  priority,
  value: 0,
  size,
  slot: { offset: 0, size },
});

describe("OnboardStore", () => {
  it("gives up the least urgent first, the new product among them", () => {
    const store = new OnboardStore({ capacity: bytes(100) });
    expect(store.put(product(0, 60))).toEqual([]);
    expect(store.put(product(1, 30, 0))).toEqual([]);
    expect(store.put(product(2, 30)).map((e) => e.product.number)).toEqual([2]);
    expect(store.put(product(3, 30, 0)).map((e) => e.product.number)).toEqual([0]);
    expect(store.heldBytes).toBe(60);
  });

  it("never gives up what is being sent", () => {
    const store = new OnboardStore({ capacity: bytes(100) });
    store.put(product(0, 80));
    const next = store.next(instant(0));
    if (next === null) throw new Error("nothing to send");
    store.markSent(0, next.range, 10);
    expect(store.put(product(1, 90, 0)).map((e) => e.product.number)).toEqual([1]);
    expect(store.heldBytes).toBe(80);
  });

  it("holds: in = gone + held + given up, and never more than the ceiling", () => {
    const operation = fc.record({
      size: fc.integer({ min: 1, max: 60 }),
      priority: fc.constantFrom(0, 1, 2),
      send: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const store = new OnboardStore({ capacity: bytes(150) });
        let [taken, gone, dropped] = [0, 0, 0];
        operations.forEach(({ size, priority, send }, number) => {
          taken += size;
          for (const eviction of store.put(product(number, size, priority))) dropped += eviction.product.size;
          expect(store.heldBytes).toBeLessThanOrEqual(150);
          const next = send ? store.next(instant(number)) : null;
          if (next === null) return;
          const count = next.range.end - next.range.start;
          store.markSent(next.product.number, next.range, count);
          expect(store.acknowledge(next.product.number, count)).toBe(true);
          gone += next.product.size;
        });
        expect(gone + dropped + store.heldBytes).toBe(taken);
        expect(store.products.reduce((sum, p) => sum + p.size, 0)).toBe(store.heldBytes);
      }),
      { seed: 3 },
    );
  });

  it("joins what is missing frame after frame into one range, and sends no byte twice unless it is missing", () => {
    const store = new OnboardStore({ capacity: bytes(1e6) });
    store.put(product(0, 1000));
    const whole = store.next(instant(5));
    if (whole === null) throw new Error("nothing to send");
    store.markSent(0, whole.range, 1000);
    for (const start of [0, 100, 200, 500]) store.markMissing(0, start, start + 100, instant(9));
    const first = store.next(instant(9));
    expect(first?.range).toMatchObject({ start: 0, end: 300 });
    if (first === null) throw new Error("nothing to send");
    store.markSent(0, first.range, 300);
    expect(() => store.markSent(0, first.range, 300)).toThrow(/no such bytes/);
    expect(store.next(instant(9))?.range).toMatchObject({ start: 500, end: 600 });
  });

  it("offers a missing range again, but not before its time", () => {
    const store = new OnboardStore({ capacity: bytes(1000) });
    store.put(product(0, 100));
    const first = store.next(instant(5));
    if (first === null) throw new Error("nothing to send");
    store.markSent(0, first.range, 100);
    expect(store.next(instant(5))).toBeNull();
    store.markMissing(0, 20, 60, instant(9));
    expect(store.next(instant(5))).toBeNull();
    expect(store.nextReady(instant(5))).toBe(9);
    expect(store.next(instant(9))?.range).toMatchObject({ start: 20, end: 60, resend: true });
    expect(store.acknowledge(0, 60)).toBe(false);
    expect(store.acknowledge(0, 40)).toBe(true);
  });
});
