import { describe, expect, it } from "vitest";
import { requestBytes } from "../../../../pipeline/link/transfer/tile-request.ts";

describe("requests for tiles", () => {
  it("cost what telecommand units cost, and nothing when there are none", () => {
    expect(requestBytes([])).toBe(0);
    // 1 + 2 + 1 octets in one unit: 2 + ⌈(4 + 7) / 7⌉ · 8 + 8.
    expect(requestBytes([{ acquisition: 300, tile: 7 }])).toBe(26);
  });
});
