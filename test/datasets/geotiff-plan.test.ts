import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planReads } from "../../datasets/geotiff/read-plan.ts";

const blocks = fc.array(
  fc.record({ offsetBytes: fc.nat(5_000_000), lengthBytes: fc.integer({ min: 1, max: 1_200_000 }) }),
  { maxLength: 40 },
);

describe("planned reads", () => {
  it("hold every block once, whole, and stay short", () => {
    fc.assert(
      fc.property(blocks, (items) => {
        const reads = planReads(items);
        expect(reads.flatMap((read) => read.items).toSorted((a, b) => a.offsetBytes - b.offsetBytes)).toEqual(
          items.toSorted((a, b) => a.offsetBytes - b.offsetBytes),
        );
        for (const read of reads) {
          for (const item of read.items) {
            expect(item.offsetBytes).toBeGreaterThanOrEqual(read.offsetBytes);
            expect(item.offsetBytes + item.lengthBytes).toBeLessThanOrEqual(
              read.offsetBytes + read.lengthBytes,
            );
          }
          expect(read.items.length === 1 || read.lengthBytes <= 1_000_000).toBe(true);
        }
      }),
    );
  });

  it("join neighbours across a small gap only", () => {
    const at = (offsetBytes: number) => ({ offsetBytes, lengthBytes: 1000 });
    expect(planReads([at(3000), at(0), at(1000)])).toHaveLength(1);
    expect(planReads([at(0), at(20_000)])).toHaveLength(2);
  });
});
