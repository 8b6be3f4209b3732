import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplayWindow, windowLength } from "../../../../pipeline/link/security/replay-window.ts";

describe("a replay window", () => {
  it("takes every number once, whatever the order", () => {
    const numbers = fc.array(fc.oneof(fc.nat(3000), fc.integer({ min: 2 ** 32 - 3000, max: 2 ** 32 - 1 })), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(numbers, (all) => {
        const window = new ReplayWindow();
        const taken = new Set<number>();
        let highest = -1;
        for (const number of all) {
          const verdict = window.look(number);
          // The law, said with a set: fresh is what was not taken and does not lie behind.
          const behind = number <= highest - windowLength;
          expect(verdict).toBe(behind ? "behind" : taken.has(number) ? "seen" : "fresh");
          if (verdict !== "fresh") continue;
          window.take(number);
          taken.add(number);
          highest = Math.max(highest, number);
        }
      }),
    );
  });

  it("has no edge before it is full: the low end does not run under 0", () => {
    const window = new ReplayWindow();
    window.take(windowLength - 1);
    expect(window.look(0)).toBe("fresh");
    window.take(windowLength);
    expect(window.look(0)).toBe("behind");
    expect(window.look(1)).toBe("fresh");
  });

  it("changes nothing by looking", () => {
    const window = new ReplayWindow();
    for (let look = 0; look < 3; look++) expect(window.look(4_000_000_000)).toBe("fresh");
    expect(window.look(0)).toBe("fresh");
  });

  it("jumps forward to the last number and does not come round", () => {
    const window = new ReplayWindow();
    window.take(0);
    window.take(2 ** 32 - 1);
    expect(window.look(2 ** 32 - 1)).toBe("seen");
    expect(window.look(0)).toBe("behind");
    expect(window.look(2 ** 32 - windowLength)).toBe("fresh");
  });
});
