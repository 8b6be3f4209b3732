import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { Envelopes } from "../../../operators/onboard/envelope-spool.ts";
import { Inventory, type MadeProduct } from "../../../operators/flight/inventory.ts";
import type { StoredProduct } from "../../../operators/flight/store.ts";
import { openSpool, type Spool } from "../../../pipeline/spool.ts";
import { bytes, instant, seconds } from "../../../pipeline/units.ts";

const made = (readyAt: number, size = 100): MadeProduct => ({
  kind: "tile-lossless",
  tile: 0,
  readyAt: instant(readyAt),
  workAt: seconds(readyAt),
  value: 0,
  size,
  slot: null,
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
  it("moves products into the store when they are ready, and says when the next one is", () => {
    const inventory = new Inventory({ capacity: bytes(1e6) }, () => undefined);
    for (const at of [10, 20, 20, 30]) inventory.add(0, made(at));
    expect(inventory.nextArrival()).toBe(10);
    inventory.settle(instant(20));
    expect(inventory.store.products.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(inventory.nextArrival()).toBe(30);
    inventory.settle(instant(100));
    expect(inventory.nextArrival()).toBeNull();
  });

  it("takes back the acquisition that broke off and gives its numbers to the next", () => {
    const inventory = new Inventory({ capacity: bytes(1e6) }, () => undefined);
    inventory.add(0, made(1));
    inventory.add(1, made(2));
    inventory.add(1, made(3));
    inventory.withdraw(1);
    inventory.add(2, made(2));
    inventory.settle(instant(9));
    expect(inventory.store.products.map(({ number, acquisition }) => [number, acquisition])).toEqual([
      [0, 0],
      [1, 2],
    ]);
  });

  it("writes down what became of each: delivered, on board, given up", () => {
    const evicted: number[] = [];
    const inventory = new Inventory({ capacity: bytes(250) }, ({ product }) => evicted.push(product.number));
    for (const at of [1, 2, 3]) inventory.add(0, made(at));
    inventory.add(1, made(500));
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
});

describe("Envelopes", () => {
  it("keeps what is being sent at hand, and not more than 16 MB beside it", async () => {
    await using file = await openSpool(tmpdir());
    const { spool, reads } = counted(file);
    const envelopes = new Envelopes(spool);
    const stored = async (fill: number): Promise<StoredProduct> => ({
      ...made(1, 7e6),
      number: fill,
      acquisition: 0,
      priority: 2,
      slot: await envelopes.write(new Uint8Array(7e6).fill(fill)),
    });
    const [a, b, c] = [await stored(1), await stored(2), await stored(3)];
    for (const product of [a, b, a, b, a]) expect((await envelopes.read(product))[0]).toBe(product.number);
    expect(reads).toHaveLength(2);
    await envelopes.read(c);
    await envelopes.read(a);
    expect(reads).toHaveLength(3);
    await envelopes.read(b);
    expect(reads).toHaveLength(4);
    await expect(envelopes.read({ ...a, slot: null })).rejects.toThrow("no bytes");
  });
});
