import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxIou } from "../../../pipeline/detection/box.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { mergeDetections, mergeTileDetections } from "../../../pipeline/detection/merge.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";

/** On a coarse grid, so that boxes overlap all the time. */
const anyDetections = fc.array(
  fc
    .tuple(fc.nat(2), fc.integer({ min: 1, max: 8 }), fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 40 }))
    .map(([classId, eighths, x, y, side]): Detection => ({
      classId,
      score: eighths / 8,
      boxPx: { x0: x, y0: y, x1: x + side, y1: y + 2 * side },
    })),
  { maxLength: 80 },
);

/** A turned box as the oriented head makes it, its box round the corners. */
const turnedBox = (score: number, x: number, y: number, width: number, height: number, angle: number) => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (u: number, v: number) =>
    [x + (u * width * cos - v * height * sin) / 2, y + (u * width * sin + v * height * cos) / 2] as const;
  const outlinePx = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
  const [xs, ys] = [outlinePx.map(([px]) => px), outlinePx.map(([, py]) => py)];
  const boxPx = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
  return { classId: 0, score, boxPx, outlinePx };
};

describe("turned boxes", () => {
  const slant = Math.PI / 4;

  test("side by side at a slant stay apart, seen twice they are one", () => {
    const [one, other] = [turnedBox(0.9, 100, 100, 80, 10, slant), turnedBox(0.8, 108, 92, 80, 10, slant)];
    expect(boxIou(one.boxPx, other.boxPx)).toBeGreaterThan(0.6);
    expect(mergeDetections([one, other], 0.5)).toEqual([one, other]);
    const again = turnedBox(0.7, 101, 100, 78, 10, slant);
    expect(mergeDetections([again, other, one], 0.5)).toEqual([one, other]);
  });

  test("of two tiles are merged as they lie", () => {
    const tiles = planTiles({ x: 0, y: 0, width: 300, height: 200 }, { sizePx: 200, overlapPx: 100 });
    const ships = [turnedBox(0.9, 140, 100, 80, 10, slant), turnedBox(0.8, 148, 92, 80, 10, slant)];
    const parts = tiles.map((tile) => ({
      tile,
      detections: ships.map(({ score }, i) =>
        turnedBox(score, 140 + 8 * i - tile.window.x, 100 - 8 * i - tile.window.y, 80, 10, slant),
      ),
    }));
    expect(parts).toHaveLength(2);
    expect(mergeTileDetections(parts, 0.5)).toHaveLength(2);
  });

  test("that are not turned are merged as boxes are", () => {
    const square = (d: Detection): Detection => {
      const { x0, y0, x1, y1 } = d.boxPx;
      return {
        ...d,
        outlinePx: [
          [x0, y0],
          [x1, y0],
          [x1, y1],
          [x0, y1],
        ],
      };
    };
    fc.assert(
      fc.property(anyDetections, (detections) => {
        const merged = mergeDetections(detections.map(square), 0.37);
        expect(merged.map(({ boxPx }) => boxPx)).toEqual(
          mergeDetections(detections, 0.37).map(({ boxPx }) => boxPx),
        );
        expect(mergeDetections(merged, 0.37)).toEqual(merged);
      }),
    );
  });
});
