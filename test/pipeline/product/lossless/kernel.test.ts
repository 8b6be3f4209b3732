import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../../../pipeline/product/byte-cursor.ts";
import { encodeBand } from "../../../../pipeline/product/lossless/band-codec.ts";
import { openWorkspace } from "../../../../pipeline/product/lossless/kernel/workspace.ts";
import { baseOf, looseBitsOf, tokenCount } from "../../../../pipeline/product/lossless/residual-token.ts";
import { scenery } from "../rasters.ts";
import { expectPlainly } from "./plain-predictor.ts";

const maxLevel = 4000;
const bandOf = (width: number, height: number, seed: number): Uint16Array =>
  Uint16Array.from(scenery(width, height, seed));

describe("the tile kernel", () => {
  it.each([
    [1, 1, 1],
    [1, 9, 2],
    [9, 1, 3],
    [2, 2, 4],
    [23, 17, 1],
    [23, 17, 4],
    [40, 31, 13],
  ])("expects what a plain predictor expects: %i × %i × %i", (width, height, count) => {
    const bands = Array.from({ length: count }, (_, b) => bandOf(width, height, b + 1));
    const space = openWorkspace(width, height, count);
    let before: Int32Array | null = null;
    for (const [b, levels] of bands.entries()) {
      encodeBand(space, b, levels, maxLevel, new ByteWriter());
      const symbols = new Uint16Array(space.memory.buffer, space.layout.symbols, width * height);
      const plain = expectPlainly(bands.slice(0, b + 1), width, height, maxLevel, before);
      const wanted = plain.expected.map(({ activity }, i) => {
        const value = plain.residuals[i]!;
        const tokens = Array.from({ length: tokenCount }, (_, token) => token);
        const token = tokens.findLast((one) => baseOf(one) <= value) ?? 0;
        expect(value - baseOf(token)).toBeLessThan(1 << looseBitsOf(token));
        return activity * tokenCount + token;
      });
      expect([...symbols], `band ${b}`).toEqual(wanted);
      before = plain.residuals;
    }
  });
});
