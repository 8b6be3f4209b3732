import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Inventory } from "../../../operators/flight/inventory.ts";
import type { OnboardStore, UnsentRange } from "../../../operators/flight/store.ts";
import { framesOf, planTurn, type PlannedPiece } from "../../../operators/flight/turn.ts";
import type { SendOrder, Store } from "../../../pipeline/mission/spacecraft.ts";
import { frameBytes, frameDataBytes } from "../../../pipeline/link/frames/frame.ts";
import { pieceHeaderBytes, pieceLength } from "../../../pipeline/link/frames/piece.ts";
import { timeToSend, type LinkRate } from "../../../pipeline/link/rate/link-rate.ts";
import type { ProductKind } from "../../../pipeline/product/product.ts";
import { bitsPerSecond, bytes, instant, seconds } from "../../../pipeline/units.ts";
import { contactOf } from "../../mission-fixture.ts";

const kinds: readonly ProductKind[] = ["detections", "chips", "tile-lossless"];
const orders: readonly SendOrder[] = [
  { kind: "strict" },
  { kind: "value" },
  { kind: "weighted", weights: { results: 8, chips: 4, tiles: 1 } },
  { kind: "weighted", weights: { results: 0.5, chips: 30, tiles: 7 } },
];
/** The numbers of what would be sent next, piece by piece. */
const whatFollows = (store: OnboardStore): readonly number[] => {
  const numbers: number[] = [];
  const t = instant(20);
  for (let next = store.next(t); next !== null; next = store.next(t)) {
    const { start, end } = next.range;
    store.markSent(next.product.number, next.range, Math.min(900, end - start));
    numbers.push(next.product.number);
  }
  return numbers;
};

const rate: LinkRate = { kind: "fixed", rate: bitsPerSecond(400_000) };
const contact = contactOf(0, 0, 4000);

interface Made {
  readonly priority: number;
  readonly size: number;
  readonly readyAt: number;
  readonly value: number;
}

const inventoryOf = (store: Store, made: readonly Made[]): Inventory => {
  const inventory = new Inventory(store, () => undefined);
  for (const { priority, size, value, readyAt } of made.toSorted((a, b) => a.readyAt - b.readyAt)) {
    const kind = kinds[priority] as ProductKind;
    inventory.add(0, {
      kind,
      tile: null,
      readyAt: instant(readyAt),
      workAt: seconds(0),
      value,
      size,
      slot: null,
    });
  }
  return inventory;
};

/** A turn planned the slow way: the store is asked for every piece of every frame. */
const planSlowly = (inventory: Inventory, to: number): PlannedPiece[][] => {
  const { store } = inventory;
  const frames: PlannedPiece[][] = [];
  const sentAt = (n: number): number =>
    n === 0 ? 0 : (timeToSend(contact, rate, instant(0), bytes(n * frameBytes)) ?? Infinity);
  for (let t = instant(0); sentAt(frames.length + 1) <= to; t = instant(sentAt(frames.length))) {
    inventory.settle(t);
    const pieces: PlannedPiece[] = [];
    let room = frameDataBytes;
    for (let next = store.next(t); next !== null; next = store.next(t)) {
      const { number, size } = next.product;
      const range: UnsentRange = next.range;
      const length = pieceLength(number, size, range.start, range.end, room);
      if (length === 0) break;
      pieces.push({ product: next.product, offset: range.start, length, resend: range.resend });
      store.markSent(number, range, length);
      room -= length + pieceHeaderBytes(number, range.start, size, length);
    }
    if (pieces.length === 0) break;
    frames.push(pieces);
  }
  return frames;
};

describe("a planned turn", () => {
  it("is what asking for every single frame comes to, under every order, with arrivals and what is sent again", () => {
    const made = fc.record({
      priority: fc.constantFrom(0, 1, 2),
      size: fc.integer({ min: 20, max: 300_000 }),
      readyAt: fc.constantFrom(0, 0, 0, 1, 2.5, 4),
      value: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...orders),
        fc.array(made, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.nat(20_000)), { maxLength: 3 }),
        (order, all, lost) => {
          const store: Store = { capacity: bytes(1e9), order };
          const [fast, slow] = [inventoryOf(store, all), inventoryOf(store, all)];
          for (const inventory of [fast, slow]) {
            inventory.settle(instant(0));
            for (const [number, length] of lost) {
              const next = inventory.store.next(instant(0));
              if (next?.product.number !== number) continue;
              const count = Math.min(length + 1, next.range.end - next.range.start);
              inventory.store.markSent(number, next.range, count);
              inventory.store.markMissing(number, next.range.start, next.range.start + count, instant(3));
            }
          }
          const plan = planTurn(fast, contact, rate, { from: instant(0), to: instant(10), firstFrame: 0 });
          const frames = [...framesOf(plan)].map((pieces) =>
            pieces.map(({ product: { number }, offset, length, resend }) => [number, offset, length, resend]),
          );
          const reference = planSlowly(slow, 10).map((pieces) =>
            pieces.map(({ product: { number }, offset, length, resend }) => [number, offset, length, resend]),
          );
          expect(frames).toEqual(reference);
          // And both stores would go on alike.
          expect(whatFollows(fast.store)).toEqual(whatFollows(slow.store));
        },
      ),
      { seed: 21, numRuns: 120 },
    );
  });

  it("of a large image is few runs under every order", () => {
    for (const order of orders) {
      const inventory = inventoryOf({ capacity: bytes(1e9), order }, [
        { priority: 2, size: 400_000, readyAt: 0, value: 1 },
      ]);
      const plan = planTurn(inventory, contact, rate, {
        from: instant(0),
        to: instant(20),
        firstFrame: 0,
      });
      expect(plan.frames).toBeGreaterThan(350);
      expect(plan.runs.length).toBeLessThan(100);
    }
  });
});
