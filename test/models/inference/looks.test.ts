import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insetsOf, mergeLooks } from "../../../models/inference/looks.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";

const grid = 16;
const side = fc.integer({ min: 20, max: 600 });
const looks = fc.constantFrom(1 as const, 4 as const);
const modulo = (value: number): number => ((value % grid) + grid) % grid;

/** Where lines of the grids of a whole scene lie, modulo the grid, as `x,y`. */
const linesOf = (width: number, height: number, count: 1 | 4): readonly string[] =>
  insetsOf({ width, height, sceneMiddlePx: { x: width / 2, y: height / 2 } }, grid, count)
    .map(({ left, top }) => `${modulo(-left)},${modulo(-top)}`)
    .toSorted();

describe("insetsOf", () => {
  it("keeps its grids under a quarter turn of the scene: one look where sides are even, four looks always", () => {
    fc.assert(
      fc.property(side, side, looks, (width, height, count) => {
        if (count === 1 && (width % 2 === 1 || height % 2 === 1)) return;
        // A turn takes (x, y) to (height − y, x).
        const turned = linesOf(width, height, count).map((line) => {
          const [x = 0, y = 0] = line.split(",").map(Number);
          return `${modulo(height - y)},${x}`;
        });
        expect(turned.toSorted()).toEqual(linesOf(height, width, count));
      }),
    );
  });

  it("puts every tile of a scene on the scene's grids", () => {
    fc.assert(
      fc.property(side, side, fc.nat(20), fc.nat(20), looks, (width, height, column, row, count) => {
        const [x, y] = [grid * column, grid * row];
        const whole = insetsOf(
          { width, height, sceneMiddlePx: { x: width / 2, y: height / 2 } },
          grid,
          count,
        );
        const sceneMiddlePx = { x: width / 2 - x, y: height / 2 - y };
        const tile = insetsOf({ width: 10, height: 10, sceneMiddlePx }, grid, count);
        tile.forEach(({ left, top }, look) => {
          expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
          expect(Math.max(left, top)).toBeLessThan(grid);
          expect(modulo(left - x)).toBe(whole[look]?.left);
          expect(modulo(top - y)).toBe(whole[look]?.top);
        });
      }),
    );
  });

  it("looks on four different grids at every stride from 2 on", () => {
    for (const [width, height] of [
      [160, 160],
      [161, 163],
      [160, 161],
    ] as const) {
      const lines = linesOf(width, height, 4).map((line) => line.split(",").map(Number));
      for (const [stride, least] of [
        [2, 2],
        [4, 3],
        [8, 4],
        [16, 4],
      ] as const) {
        const different = new Set(lines.map((line) => line.map((at) => at % stride).join()));
        expect(different.size).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it("leaves a tile that is looked at once, and says not where it lies, in the corner", () => {
    expect(insetsOf({ width: 33, height: 40 }, grid, 1)).toEqual([{ left: 0, top: 0 }]);
    expect(insetsOf({ width: 33, height: 40 }, 1, 4)).toEqual(Array(4).fill({ left: 0, top: 0 }));
  });
});

describe("mergeLooks", () => {
  const found = (score: number, x0: number, classId = 0): Detection => ({
    classId,
    score: Math.fround(score),
    boxPx: { x0, y0: 0, x1: x0 + 10, y1: 10 },
  });

  it("means boxes by score, and scores over all looks", () => {
    const merged = mergeLooks([[found(0.75, 0)], [found(0.25, 4)], [], []], 0.3);
    expect(merged).toEqual([{ classId: 0, score: 0.25, boxPx: { x0: 1, y0: 0, x1: 11, y1: 10 } }]);
  });

  it("counts each look once, and keeps classes apart", () => {
    const merged = mergeLooks([[found(0.5, 0), found(0.25, 1)], [found(0.5, 0, 1)], [], []], 0.3);
    expect(merged.map(({ classId, score }) => [classId, score])).toEqual([
      [0, 0.125],
      [1, 0.125],
    ]);
  });

  it("gives back what all looks agree on, in whatever order they come", () => {
    const one = fc.record({ score: fc.double({ min: 0.01, max: 1, noNaN: true }), at: fc.nat(20) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ at }) => at }), (all) => {
        const look = all.map(({ score, at }) => found(score, 30 * at));
        const merged = mergeLooks([look, look.toReversed(), look, look], 0.3);
        expect(merged).toHaveLength(look.length);
        for (const { score, boxPx } of merged) {
          const same = look.find((other) => Math.abs(other.boxPx.x0 - boxPx.x0) < 1e-9);
          expect(score).toBeCloseTo(same?.score ?? Number.NaN, 6);
        }
      }),
    );
  });
});
