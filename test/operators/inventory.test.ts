import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { Inventory } from "../../operators/inventory.ts";
import type { ReadyDraft } from "../../operators/onboard.ts";
import type { StoredProduct } from "../../operators/store.ts";
import { decodeEnvelope } from "../../pipeline/link/envelope.ts";
import { openSpool, type Spool } from "../../pipeline/spool.ts";
import { bytes, instant } from "../../pipeline/units.ts";

const draft = (
  readyAt: number,
  payload: Uint8Array,
  kind: ReadyDraft["kind"] = "tile-lossless",
): ReadyDraft => ({
  kind,
  tile: kind === "tile-lossless" ? 0 : null,
  payload,
  encodedSamples: 0,
  readyAt: instant(readyAt),
});

/** A spool that counts how often it is read. */
const counted = (spool: Spool) => {
  const reads: number[] = [];
  const read: Spool["read"] = (slot) => {
    reads.push(slot.offset);
    return spool.read(slot);
  };
  return { reads, spool: { ...spool, read } };
};

describe("Inventory", () => {
  it("moves products into the store when they are ready, and says when the next one is", async () => {
    await using spool = await openSpool(tmpdir());
    const inventory = new Inventory(spool, bytes(1e6), () => undefined);
    for (const at of [10, 20, 20, 30]) await inventory.add(0, draft(at, new Uint8Array(50)));
    expect(inventory.nextArrival()).toBe(10);
    inventory.settle(instant(20));
    expect(inventory.store.products.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(inventory.nextArrival()).toBe(30);
    inventory.settle(instant(100));
    expect(inventory.nextArrival()).toBeNull();
  });

  it("takes back the acquisition that broke off and gives its numbers to the next", async () => {
    await using spool = await openSpool(tmpdir());
    const inventory = new Inventory(spool, bytes(1e6), () => undefined);
    await inventory.add(0, draft(1, Uint8Array.of(1)));
    await inventory.add(1, draft(2, Uint8Array.of(2)));
    await inventory.add(1, draft(3, Uint8Array.of(3)));
    inventory.withdraw(1);
    await inventory.add(2, draft(2, Uint8Array.of(4)));
    inventory.settle(instant(9));
    expect(inventory.store.products.map(({ number, acquisition }) => [number, acquisition])).toEqual([
      [0, 0],
      [1, 2],
    ]);
    const reading = decodeEnvelope(1, await inventory.read(inventory.store.products[1] as StoredProduct));
    expect(reading).toMatchObject({
      kind: "product",
      product: { acquisition: 2, payload: Uint8Array.of(4) },
    });
  });

  it("writes down what became of each: delivered, on board, given up", async () => {
    await using spool = await openSpool(tmpdir());
    const evicted: number[] = [];
    const inventory = new Inventory(spool, bytes(250), ({ product }) => evicted.push(product.number));
    for (const at of [1, 2, 3]) await inventory.add(0, draft(at, new Uint8Array(79)));
    await inventory.add(1, draft(500, new Uint8Array(79)));
    inventory.settle(instant(5));
    const next = inventory.store.next(instant(5));
    if (next === null) throw new Error("nothing to send");
    inventory.store.markSent(next.product.number, next.range, 100);
    inventory.store.acknowledge(next.product.number, 100);
    expect(inventory.close().map(({ fate }) => fate)).toEqual([
      "delivered",
      "on-board",
      "store-full",
      "on-board",
    ]);
    expect(evicted).toEqual([2]);
  });

  it("keeps what is being sent at hand, and not more than 16 MB beside it", async () => {
    await using file = await openSpool(tmpdir());
    const { spool, reads } = counted(file);
    const inventory = new Inventory(spool, bytes(1e9), () => undefined);
    for (const at of [1, 2, 3]) await inventory.add(0, draft(at, new Uint8Array(7e6)));
    inventory.settle(instant(9));
    const [a, b, c] = inventory.store.products as [StoredProduct, StoredProduct, StoredProduct];
    for (const product of [a, b, a, b, a]) await inventory.read(product);
    expect(reads).toHaveLength(2);
    await inventory.read(c);
    await inventory.read(a);
    expect(reads).toHaveLength(3);
    await inventory.read(b);
    expect(reads).toHaveLength(4);
  });
});
