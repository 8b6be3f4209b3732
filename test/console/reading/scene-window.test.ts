import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { windowRound } from "../../../console/reading/scene-window.ts";

describe("the part of a scene round a box", () => {
  it("lies in the scene, in whole pixels, no side longer than the server draws, and has the middle of the box", () => {
    const side = fc.integer({ min: 1, max: 12_000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, fc.tuple(share, share, share, share), (widthPx, heightPx, [a, b, c, d]) => {
        const box = [
          Math.min(a, b) * widthPx,
          Math.min(c, d) * heightPx,
          Math.max(a, b) * widthPx,
          Math.max(c, d) * heightPx,
        ] as const;
        const [x0, y0, x1, y1] = windowRound(box, { widthPx, heightPx });
        expect([x0, y0, x1, y1].every(Number.isInteger)).toBe(true);
        expect(x0 >= 0 && y0 >= 0 && x1 <= widthPx && y1 <= heightPx).toBe(true);
        expect(x1 - x0 >= 1 && x1 - x0 <= 1024 && y1 - y0 >= 1 && y1 - y0 <= 1024).toBe(true);
        const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
        expect(x >= x0 - 0.5 && x <= x1 + 0.5 && y >= y0 - 0.5 && y <= y1 + 0.5).toBe(true);
      }),
    );
  });

  it("shows a ship with four of its heights, and at least 160 px of harbour", () => {
    const scene = { widthPx: 10_980, heightPx: 10_980 };
    expect(windowRound([1000, 1000, 1020, 1010], scene)).toEqual([882, 925, 1138, 1085]);
    expect(windowRound([1000, 1000, 1020, 1100], scene)).toEqual([690, 850, 1330, 1250]);
  });
});
