import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockedFrom } from "../../../planning/crosslinks/link-lock.ts";
import { instant, seconds } from "../../../pipeline/units.ts";

const link = (n: number, length: number) => ({
  id: `a.b.${n}`,
  pointingFrom: instant(1000),
  to: instant(1000 + length),
});

describe("terminals that look for each other", () => {
  it("find each other at the first try where every try succeeds", () => {
    expect(lockedFrom(link(0, 600), seconds(15), { share: 1, seed: 1 })).toBe(1015);
  });

  it("try again, each try as long as the first, and never where the link ends before", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.constantFrom(0, 5, 15),
        fc.integer({ min: 20, max: 900 }),
        (n, seed, share, tryTime, length) => {
          const one = link(n, length);
          const at = lockedFrom(one, seconds(tryTime), { share, seed });
          expect(at).toBe(lockedFrom(one, seconds(tryTime), { share, seed }));
          expect(at).toBeLessThanOrEqual(one.to);
          expect(at).toBeGreaterThanOrEqual(1000 + tryTime);
          if (tryTime > 0 && at < one.to) expect((at - 1000) % tryTime).toBe(0);
        },
      ),
      { seed: 5 },
    );
  });

  it("succeed as often as their share says", () => {
    const first = Array.from({ length: 4000 }, (_, n) =>
      lockedFrom(link(n, 600), seconds(15), { share: 0.93, seed: 7 }),
    ).filter((at) => at === 1015).length;
    // Four standard deviations of 4,000 tries.
    expect(Math.abs(first / 4000 - 0.93)).toBeLessThan(4 * Math.sqrt((0.93 * 0.07) / 4000));
  });
});
