import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxIou } from "../../../pipeline/detection/box.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import {
  compareDetections,
  mergeDetections,
  mergeTileDetections,
} from "../../../pipeline/detection/merge.ts";
import { planTiles, type Tile } from "../../../pipeline/raster/tile-plan.ts";

const detection = (score: number, x: number, y: number, side: number, classId = 0): Detection => ({
  classId,
  score,
  boxPx: { x0: x, y0: y, x1: x + side, y1: y + side },
});

/** Few distinct values, so that ties, duplicates and overlaps come up all the time. */
const anyDetection = fc
  .record({
    classId: fc.integer({ min: 0, max: 2 }),
    score: fc.integer({ min: 1, max: 8 }).map((n) => n / 8),
    x: fc.integer({ min: -20, max: 200 }),
    y: fc.integer({ min: -20, max: 200 }),
    width: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 400 })),
    height: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 400 })),
  })
  .map(({ classId, score, x, y, width, height }): Detection => ({
    classId,
    score,
    boxPx: { x0: x, y0: y, x1: x + width, y1: y + height },
  }));
const anyDetections = fc.array(anyDetection, { maxLength: 120 });
const anyIou = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.3, 0.5, 1));

/** The definition, in quadratic time. */
const plainMerge = (detections: readonly Detection[], iou: number): Detection[] => {
  const kept: Detection[] = [];
  for (const d of detections.toSorted(compareDetections)) {
    if (!kept.some((k) => k.classId === d.classId && boxIou(k.boxPx, d.boxPx) > iou)) kept.push(d);
  }
  return kept;
};

describe("mergeDetections", () => {
  test("gives what the quadratic definition gives", () => {
    fc.assert(
      fc.property(anyDetections, anyIou, (detections, iou) => {
        expect(mergeDetections(detections, iou)).toEqual(plainMerge(detections, iou));
      }),
      { numRuns: 300 },
    );
  });

  test("does not depend on the order of what it is given", () => {
    fc.assert(
      fc.property(
        anyDetections.chain((d) => fc.tuple(fc.constant(d), fc.shuffledSubarray(d, { minLength: d.length }))),
        anyIou,
        ([detections, shuffled], iou) => {
          expect(mergeDetections(shuffled, iou)).toEqual(mergeDetections(detections, iou));
        },
      ),
    );
  });

  test("is idempotent and gives back only what it was given", () => {
    fc.assert(
      fc.property(anyDetections, anyIou, (detections, iou) => {
        const merged = mergeDetections(detections, iou);
        expect(mergeDetections(merged, iou)).toEqual(merged);
        expect(merged.every((d) => detections.includes(d))).toBe(true);
        expect(merged.length > 0).toBe(detections.length > 0);
      }),
    );
  });

  test("keeps boxes of other classes, however they overlap", () => {
    const two = [detection(0.9, 10, 10, 20, 0), detection(0.8, 10, 10, 20, 1)];
    expect(mergeDetections(two, 0.5)).toEqual(two);
  });
});

describe("mergeTileDetections", () => {
  test("outlines move with their boxes", () => {
    const tile: Tile = {
      index: 0,
      window: { x: 100, y: 200, width: 64, height: 64 },
      core: { x: 100, y: 200, width: 64, height: 64 },
    };
    const outlinePx = [
      [20, 20],
      [30.5, 24],
      [22, 30],
    ] as const;
    const [merged] = mergeTileDetections(
      [{ tile, detections: [{ ...detection(0.5, 20, 20, 10), outlinePx }] }],
      0.5,
    );
    expect(merged?.outlinePx).toEqual(outlinePx.map(([x, y]) => [x + 100, y + 200]));
  });

  const shape = { sizePx: 100, overlapPx: 40 };
  const tiles = planTiles({ x: 0, y: 0, width: 160, height: 100 }, shape);
  const [left, right] = tiles as [Tile, Tile];

  test("the plan of these tests: cores meet at x = 80", () => {
    expect(left.core).toEqual({ x: 0, y: 0, width: 80, height: 100 });
    expect(right.window.x).toBe(60);
  });

  test("half a ship at a tile's edge does not win over the ship, however sure the model is of it", () => {
    // The ship lies at 85…115; the left tile sees its first half only.
    const half = { classId: 0, score: 0.99, boxPx: { x0: 85, y0: 40, x1: 100, y1: 50 } };
    const whole = { classId: 0, score: 0.6, boxPx: { x0: 25, y0: 40, x1: 55, y1: 50 } };
    const merged = mergeTileDetections(
      [
        { tile: left, detections: [half] },
        { tile: right, detections: [whole] },
      ],
      0.5,
    );
    expect(merged).toEqual([{ classId: 0, score: 0.6, boxPx: { x0: 85, y0: 40, x1: 115, y1: 50 } }]);
  });

  test("part of an object longer than the overlap gives way to the whole of it", () => {
    // 60 px long, at 55…115; both tiles cut it, and the left one sees most of it with its centre in its own core.
    const most = { classId: 0, score: 0.9, boxPx: { x0: 56, y0: 40, x1: 100, y1: 50 } };
    const rest = { classId: 0, score: 0.95, boxPx: { x0: 0, y0: 40, x1: 55, y1: 50 } };
    const parts = [
      { tile: left, detections: [most] },
      { tile: right, detections: [rest] },
    ];
    // The rest's centre, 87.5, is the right tile's; the first's, 78, the left one's: both cut, the surer one stays.
    expect(mergeTileDetections(parts, 0.9)).toEqual([
      { classId: 0, score: 0.95, boxPx: { x0: 60, y0: 40, x1: 115, y1: 50 } },
    ]);
  });

  test("an object at the scene's edge is whole, as far as anyone can see", () => {
    const big = { classId: 0, score: 0.5, boxPx: { x0: 0, y0: 30, x1: 60, y1: 70 } };
    const atEdge = { classId: 0, score: 0.4, boxPx: { x0: 0, y0: 40, x1: 40, y1: 60 } };
    const parts = [{ tile: left, detections: [big, atEdge] }];
    expect(mergeTileDetections(parts, 0.5)).toEqual([big, atEdge]);
  });

  test("an object on the border of two cores is found once, wherever each tile puts its centre", () => {
    for (const [leftShift, rightShift] of [
      [-1, -1],
      [-1, 1],
      [1, -1],
      [1, 1],
      [0, 0],
    ] as const) {
      const merged = mergeTileDetections(
        [
          { tile: left, detections: [detection(0.7, 70 + leftShift, 40, 20)] },
          { tile: right, detections: [detection(0.8, 10 + rightShift, 40, 20)] },
        ],
        0.5,
      );
      expect(merged, `${leftShift}, ${rightShift}`).toHaveLength(1);
    }
  });

  test("no object is lost or doubled: each seen by every tile that holds it, with noise", () => {
    const area = { x: 7, y: 3, width: 500, height: 300 };
    const plan = planTiles(area, shape);
    const object = fc.record({
      column: fc.integer({ min: 0, max: 11 }),
      row: fc.integer({ min: 0, max: 6 }),
      side: fc.integer({ min: 8, max: 30 }),
    });
    const distinct = { selector: (o: { column: number; row: number }) => `${o.column} ${o.row}` };
    fc.assert(
      fc.property(
        fc.uniqueArray(object, { ...distinct, maxLength: 40 }),
        fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 500, maxLength: 500 }),
        fc.boolean(),
        (objects, noise, reversed) => {
          let draw = 0;
          const jitter = () => noise[draw++ % noise.length] as number;
          const parts = plan.map((tile) => ({
            tile,
            detections: objects.flatMap(({ column, row, side }) => {
              const x = area.x + column * 40 + 2 - tile.window.x + jitter();
              const y = area.y + row * 40 + 2 - tile.window.y + jitter();
              const inside = x > -1 && y > -1 && x + side < 101 && y + side < 101;
              return inside ? [detection(0.5 + jitter() / 2, x, y, side)] : [];
            }),
          }));
          const merged = mergeTileDetections(reversed ? parts.toReversed() : parts, 0.3);
          expect(merged).toHaveLength(objects.length);
          expect(merged).toEqual(merged.toSorted(compareDetections));
          expect(mergeDetections(merged, 0.3)).toEqual(merged);
        },
      ),
    );
  });

  test("does not depend on the order of tiles, nor of the detections in a tile", () => {
    const plan = planTiles({ x: 0, y: 0, width: 250, height: 250 }, shape);
    fc.assert(
      fc.property(
        fc.array(anyDetections, { minLength: plan.length, maxLength: plan.length }),
        anyIou,
        (lists, iou) => {
          const parts = plan.map((tile, i) => ({ tile, detections: lists[i] ?? [] }));
          const turned = parts.toReversed().map(({ tile, detections }) => ({
            tile,
            detections: detections.toReversed(),
          }));
          const merged = mergeTileDetections(parts, iou);
          expect(mergeTileDetections(turned, iou)).toEqual(merged);
          expect(mergeDetections(merged, iou)).toEqual(merged);
        },
      ),
    );
  });
});
