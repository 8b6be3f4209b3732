import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteCache } from "../../pipeline/byte-cache.ts";

describe("ByteCache", () => {
  it("never holds more than its bound, and keeps what was used last", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 60 }))), (asked) => {
        const cache = new ByteCache<string>(100);
        for (const [key, bytes] of asked) {
          void cache.get(`${key}`, bytes, async () => "made");
          expect(cache.heldBytes).toBeLessThanOrEqual(100);
          expect(cache.has(`${key}`)).toBe(true);
        }
      }),
    );
  });

  it("makes what is asked for again once, and drops what was not asked for longest", async () => {
    const cache = new ByteCache<string>(20);
    const log: string[] = [];
    const get = (key: string) =>
      cache.get(key, 10, async () => {
        log.push(key);
        return key;
      });
    for (const key of ["a", "b", "a", "c", "a", "b"]) expect(await get(key)).toBe(key);
    expect(log).toEqual(["a", "b", "c", "b"]);
  });

  it("gives what is too large and does not keep it", async () => {
    const cache = new ByteCache<string>(20);
    expect(await cache.get("large", 21, async () => "large")).toBe("large");
    expect([cache.has("large"), cache.heldBytes]).toEqual([false, 0]);
  });

  it("forgets what could not be made, so that the next one tries again", async () => {
    const cache = new ByteCache<string>(100);
    await expect(cache.get("a", 10, () => Promise.reject(new Error("corrupt")))).rejects.toThrow("corrupt");
    expect([cache.has("a"), cache.heldBytes]).toEqual([false, 0]);
    expect(await cache.get("a", 10, async () => "whole")).toBe("whole");
  });
});
