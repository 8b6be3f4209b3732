import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PixelWindow } from "../../../pipeline/raster/raster.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";

const shape = fc
  .integer({ min: 1, max: 40 })
  .chain((sizePx) =>
    fc.record({ sizePx: fc.constant(sizePx), overlapPx: fc.integer({ min: 0, max: sizePx - 1 }) }),
  );
const area = fc.record({
  x: fc.integer({ min: -20, max: 20 }),
  y: fc.integer({ min: -20, max: 20 }),
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
});

const inside = (a: PixelWindow, b: PixelWindow): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

describe("planTiles", () => {
  it("owns every pixel of the area once, in cores that lie in their windows, in windows that lie in the area", () => {
    fc.assert(
      fc.property(area, shape, (whole, { sizePx, overlapPx }) => {
        const plan = planTiles(whole, { sizePx, overlapPx });
        const owners = new Uint8Array(whole.width * whole.height);
        plan.forEach(({ index, window, core }, position) => {
          expect(index).toBe(position);
          expect(inside(core, window) && inside(window, whole)).toBe(true);
          expect(window.width).toBe(Math.min(sizePx, whole.width));
          expect(window.height).toBe(Math.min(sizePx, whole.height));
          for (let y = core.y; y < core.y + core.height; y++) {
            for (let x = core.x; x < core.x + core.width; x++) {
              owners[(y - whole.y) * whole.width + x - whole.x]!++;
            }
          }
        });
        expect(owners.every((count) => count === 1)).toBe(true);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("shows every object up to the overlap whole in some window", () => {
    fc.assert(
      fc.property(area, shape, fc.nat(), (whole, { sizePx, overlapPx }, n) => {
        const side = Math.min(overlapPx, whole.width, whole.height);
        fc.pre(side > 0);
        const x = whole.x + (n % (whole.width - side + 1));
        const y = whole.y + ((n >> 8) % (whole.height - side + 1));
        const object = { x, y, width: side, height: side };
        expect(planTiles(whole, { sizePx, overlapPx }).some(({ window }) => inside(object, window))).toBe(
          true,
        );
      }),
      { seed: 2 },
    );
  });

  it("makes no more tiles than it takes to step through, row by row", () => {
    const plan = planTiles({ x: 0, y: 0, width: 100, height: 60 }, { sizePx: 40, overlapPx: 10 });
    expect(plan.map(({ window: { x, y } }) => [x, y])).toEqual([
      ...[0, 30, 60].map((x) => [x, 0]),
      ...[0, 30, 60].map((x) => [x, 20]),
    ]);
    expect(plan[0]?.core).toEqual({ x: 0, y: 0, width: 35, height: 30 });
  });

  it("on a grid, cuts every window where a cut of the whole area would put it, and leaves each core half the overlap", () => {
    const onGrid = fc
      .record({ gridPx: fc.integer({ min: 2, max: 9 }), sides: fc.integer({ min: 1, max: 6 }) })
      .chain(({ gridPx, sides }) =>
        fc.record({
          gridPx: fc.constant(gridPx),
          sizePx: fc.constant(gridPx * sides),
          overlapPx: fc.integer({ min: 0, max: gridPx * (sides - 1) }),
        }),
      );
    fc.assert(
      fc.property(area, onGrid, (whole, tile) => {
        const margin = Math.floor(tile.overlapPx / 2);
        const [right, bottom] = [whole.x + whole.width, whole.y + whole.height];
        for (const { window, core } of planTiles(whole, tile)) {
          expect([(window.x - whole.x) % tile.gridPx, (window.y - whole.y) % tile.gridPx]).toEqual([0, 0]);
          // Full size, unless the area ends first.
          expect(window.x + window.width).toBe(Math.min(window.x + tile.sizePx, right));
          expect(window.y + window.height).toBe(Math.min(window.y + tile.sizePx, bottom));
          const left = window.x === whole.x ? 0 : margin;
          const above = window.y === whole.y ? 0 : margin;
          const beyond = window.x + window.width === right ? 0 : margin;
          const below = window.y + window.height === bottom ? 0 : margin;
          const surest = {
            x: window.x + left,
            y: window.y + above,
            width: window.width - left - beyond,
            height: window.height - above - below,
          };
          expect(inside(core, surest)).toBe(true);
        }
      }),
      { seed: 3 },
    );
  });

  it("takes no more tiles on a grid than the last one needs", () => {
    const plan = planTiles({ x: 0, y: 0, width: 100, height: 40 }, { sizePx: 40, overlapPx: 10, gridPx: 8 });
    expect(plan.map(({ window: { x, width } }) => [x, width])).toEqual([
      [0, 40],
      [24, 40],
      [48, 40],
      [72, 28],
    ]);
    expect(plan.map(({ core: { x, width } }) => [x, width])).toEqual([
      [0, 32],
      [32, 24],
      [56, 24],
      [80, 20],
    ]);
  });

  it("refuses sizes that make no plan", () => {
    const whole = { x: 0, y: 0, width: 10, height: 10 };
    for (const [sizePx, overlapPx] of [
      [0, 0],
      [-1, 0],
      [2.5, 0],
      [Number.NaN, 0],
      [8, 8],
      [8, -1],
      [8, 0.5],
    ]) {
      const bad = { sizePx: sizePx ?? 0, overlapPx: overlapPx ?? 0 };
      expect(() => planTiles(whole, bad)).toThrow(/SwathError|tile (size|overlap)/);
    }
    for (const gridPx of [0, -8, 1.5, 3]) {
      expect(() => planTiles(whole, { sizePx: 8, overlapPx: 0, gridPx })).toThrow(/tile grid/);
    }
    expect(() => planTiles(whole, { sizePx: 16, overlapPx: 9, gridPx: 8 })).toThrow(/from 0 to 8, got 9/);
  });
});
