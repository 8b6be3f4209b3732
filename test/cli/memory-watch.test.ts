import { describe, expect, it } from "vitest";
import { memoryWarning } from "../../cli/memory-watch.ts";

describe("a control group", () => {
  const machine = 24e9;
  it("that has room, has no limit, or allows more than there is, is no news", () => {
    expect(memoryWarning({ used: 1e9, allowed: 2e9 }, machine)).toBeNull();
    expect(memoryWarning({ used: 23.9e9, allowed: 0 }, machine)).toBeNull();
    expect(memoryWarning({ used: 23.9e9, allowed: 2 ** 64 }, machine)).toBeNull();
  });

  it("that is nearly full is said before the system ends the command without a word", () => {
    expect(memoryWarning({ used: 1.95e9, allowed: 2e9 }, machine)).toMatch(
      /^memory runs out: 1\.95 GB of 2 GB that this control group allows/,
    );
  });
});
