import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OnboardStore, type StoredProduct } from "../../../operators/flight/store.ts";
import { evictionRules, type SendOrder, type Store } from "../../../pipeline/mission/spacecraft.ts";
import type { ProductKind } from "../../../pipeline/product/product.ts";
import { bytes, instant, type Instant } from "../../../pipeline/units.ts";

const kinds: readonly ProductKind[] = ["detections", "chips", "tile-lossless"];
const orders: readonly SendOrder[] = [
  { kind: "strict" },
  { kind: "value" },
  { kind: "weighted", weights: { results: 8, chips: 4, tiles: 1 } },
  { kind: "weighted", weights: { results: 0.5, chips: 30, tiles: 7 } },
];
const rules = fc.record({
  eviction: fc.constantFrom(...evictionRules),
  order: fc.constantFrom(...orders),
});

const product = (number: number, more: Partial<StoredProduct> = {}): StoredProduct => ({
  number,
  kind: kinds[more.priority ?? 2] ?? "tile-lossless",
  acquisition: 0,
  tile: null,
  readyAt: instant(number),
  priority: 2,
  value: 0,
  size: 100,
  slot: null,
  ...more,
});

const storeOf = (capacity: number, more: Omit<Store, "capacity"> = {}): OnboardStore =>
  new OnboardStore({ capacity: bytes(capacity), ...more });

/** What would be sent next, and how it would go on. */
const sendAll = (store: OnboardStore, t: Instant, pieceBytes: number): StoredProduct[] => {
  const sent: StoredProduct[] = [];
  for (let next = store.next(t); next !== null; next = store.next(t)) {
    store.markSent(next.product.number, next.range, Math.min(pieceBytes, next.range.end - next.range.start));
    sent.push(next.product);
  }
  return sent;
};

describe("eviction", () => {
  it("holds under every rule: never above the ceiling, what came in is gone, held or given up, what was begun is finished", () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 70 }),
      priority: fc.constantFrom(0, 1, 2),
      value: fc.integer({ min: 0, max: 5 }),
      send: fc.constantFrom(0, 0, 10, 1000),
      acknowledge: fc.boolean(),
    });
    fc.assert(
      fc.property(rules, fc.array(step, { maxLength: 80 }), (chosen, steps) => {
        const store = storeOf(150, chosen);
        const begun = new Map<number, number>();
        let [taken, gone, dropped] = [0, 0, 0];
        for (const [number, { size, priority, value, send, acknowledge }] of steps.entries()) {
          taken += size;
          for (const { product: victim } of store.put(product(number, { size, priority, value }))) {
            dropped += victim.size;
            expect(begun.has(victim.number)).toBe(false);
          }
          expect(store.heldBytes).toBeLessThanOrEqual(150);
          const next = send === 0 ? null : store.next(instant(number));
          if (next !== null) {
            const { number: sending } = next.product;
            const count = Math.min(send, next.range.end - next.range.start);
            store.markSent(sending, next.range, count);
            begun.set(sending, (begun.get(sending) ?? 0) + count);
          }
          if (!acknowledge) continue;
          for (const [sending, count] of begun) {
            const size = store.products.find((one) => one.number === sending)?.size ?? 0;
            if (count !== size) continue;
            expect(store.acknowledge(sending, count)).toBe(true);
            begun.delete(sending);
            gone += size;
          }
        }
        expect(gone + dropped + store.heldBytes).toBe(taken);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  const victims = (eviction: Store["eviction"]): readonly number[] => {
    const store = storeOf(300, eviction === undefined ? {} : { eviction });
    store.put(product(0, { priority: 0, value: 1 }));
    store.put(product(1, { priority: 2, value: 9 }));
    store.put(product(2, { priority: 1, value: 5 }));
    return [3, 4].flatMap((number) =>
      store.put(product(number, { value: 4 })).map((one) => one.product.number),
    );
  };

  it("lowest-priority, as when nothing is said: the latest image, be it the new one", () => {
    expect(victims("lowest-priority")).toEqual([3, 4]);
    expect(victims(undefined)).toEqual([3, 4]);
  });
  it("oldest: what has waited longest, whatever it is", () => {
    expect(victims("oldest")).toEqual([0, 1]);
  });
  it("lowest-value: what is worth least a byte, and of equals the latest", () => {
    expect(victims("lowest-value")).toEqual([0, 4]);
  });
});

describe("order of sending", () => {
  it("strict, as when nothing is said: by priority, then by age", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2), { maxLength: 40 }), (priorities) => {
        const [plain, strict] = [storeOf(1e6), storeOf(1e6, { order: { kind: "strict" } })];
        const products = priorities.map((priority, number) => product(number, { priority, size: 50 }));
        for (const one of products) for (const store of [plain, strict]) store.put(one);
        const expected = products.toSorted((a, b) => a.priority - b.priority || a.number - b.number);
        expect(sendAll(plain, instant(100), 50)).toEqual(expected);
        expect(sendAll(strict, instant(100), 50)).toEqual(expected);
      }),
      { seed: 2 },
    );
  });

  it("value: by what a byte is worth, then by age", () => {
    const store = storeOf(1e6, { order: { kind: "value" } });
    const worth = [
      [10, 100],
      [50, 1000],
      [10, 50],
      [20, 200],
    ] as const;
    for (const [number, [value, size]] of worth.entries()) store.put(product(number, { value, size }));
    expect(sendAll(store, instant(9), 1000).map(({ number }) => number)).toEqual([2, 0, 3, 1]);
  });

  it("weighted: the shares of classes that always have something to send are their weights, within a frame each", () => {
    const weight = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        fc.record({ results: weight, chips: weight, tiles: weight }),
        fc.integer({ min: 2000, max: 60_000 }),
        (weights, size) => {
          const store = storeOf(1e12, { order: { kind: "weighted", weights } });
          for (let number = 0; number < 3000; number++) {
            store.put(product(number, { priority: number % 3, size: number < 3 ? 1e9 : size }));
          }
          const sent = [0, 0, 0];
          for (let n = 0; n < 40_000; n++) {
            const next = store.next(instant(1e4)) as NonNullable<ReturnType<typeof store.next>>;
            const { start, end } = next.range;
            const count = Math.min(1000, end - start);
            store.markSent(next.product.number, next.range, count);
            sent[next.product.priority] = (sent[next.product.priority] ?? 0) + count;
          }
          const total = sent.reduce((a, b) => a + b, 0);
          const whole = weights.results + weights.chips + weights.tiles;
          for (const [at, one] of [weights.results, weights.chips, weights.tiles].entries()) {
            expect(Math.abs((sent[at] ?? 0) / total - one / whole)).toBeLessThan(0.01);
          }
        },
      ),
      { seed: 6, numRuns: 12 },
    );
  });

  it("weighted: who has nothing to send saves nothing up, and who is alone has all of the link", () => {
    const store = storeOf(1e12, { order: orders[2] as SendOrder });
    store.put(product(0, { size: 1e9 }));
    const send = (t: number): number => {
      const next = store.next(instant(t)) as NonNullable<ReturnType<typeof store.next>>;
      store.markSent(next.product.number, next.range, 1000);
      return next.product.priority;
    };
    for (let n = 0; n < 5000; n++) expect(send(0)).toBe(2);
    store.put(product(1, { priority: 0, size: 1e9, readyAt: instant(5) }));
    const later = Array.from({ length: 3000 }, () => send(5));
    const share = later.filter((priority) => priority === 0).length / later.length;
    expect(Math.abs(share - 8 / 9)).toBeLessThan(0.03);
  });
});
