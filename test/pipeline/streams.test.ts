import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapOrdered } from "../../pipeline/streams.ts";

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
};

describe("mapOrdered", () => {
  it("keeps the order of the source and the bound on what is under way, however long each takes", async () => {
    const delays = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 6 }), async (waits, inFlight) => {
        let [underWay, most] = [0, 0];
        const stream = mapOrdered(waits.entries(), inFlight, async ([index, wait]) => {
          most = Math.max(most, ++underWay);
          await turns(wait);
          underWay--;
          return index;
        });
        expect(await collect(stream)).toEqual([...waits.keys()]);
        expect(most).toBe(Math.min(inFlight, waits.length));
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("asks the source for the next item only when a place is free", async () => {
    const asked: number[] = [];
    const source = function* (): Generator<number> {
      for (let i = 0; i < 10; i++) {
        asked.push(i);
        yield i;
      }
    };
    const stream = mapOrdered(source(), 3, async (item) => item);
    expect(await stream.next()).toEqual({ done: false, value: 0 });
    await turns(5);
    expect(asked).toEqual([0, 1, 2]);
    await stream.return(undefined);
  });

  it("throws the first failure in order, once all others have settled, and asks for no more", async () => {
    let settled = 0;
    const started: number[] = [];
    const stream = mapOrdered([0, 1, 2, 3, 4, 5], 3, async (item) => {
      started.push(item);
      await turns(item === 1 ? 1 : 20);
      settled++;
      if (item >= 1) throw new Error(`item ${item}`);
      return item;
    });
    await expect(collect(stream)).rejects.toThrow("item 1");
    expect(started).toEqual([0, 1, 2, 3]);
    expect(settled).toBe(4);
  });

  it("closes the source when the reader leaves early or the source fails, with nothing left under way", async () => {
    let isClosed = false;
    let underWay = 0;
    const source = async function* (): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) {
          if (i === 50) throw new Error("source");
          yield i;
        }
      } finally {
        isClosed = true;
      }
    };
    const work = async (item: number): Promise<number> => {
      underWay++;
      await turns(3);
      underWay--;
      return item;
    };
    for await (const item of mapOrdered(source(), 4, work)) if (item === 2) break;
    expect([isClosed, underWay]).toEqual([true, 0]);
    await expect(collect(mapOrdered(source(), 4, work))).rejects.toThrow("source");
    expect(underWay).toBe(0);
  });
});
