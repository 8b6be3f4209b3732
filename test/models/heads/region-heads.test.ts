import { describe, expect, test } from "vitest";
import { type GoldenCase, golden, headFor, limits, outputsOf } from "./head-cases.ts";
import { modelError } from "../toys.ts";

describe("classification head", () => {
  const scores = (...data: number[]) =>
    new Map([["scores", { shape: [1, data.length], data: Float32Array.from(data) }]]);
  const whole = { x0: 0, y0: 0, x1: 40, y1: 64 };
  const tile = { ...limits, tilePx: { x: 0, y: 0, width: 40, height: 64 } };

  test("a class that passes is a box as large as the tile, without the padding", () => {
    const head = headFor("classify", { background: 0 });
    expect(head.decode(scores(0.2, 0.8), tile)).toEqual([
      { classId: 0, score: Math.fround(0.8), boxPx: whole },
    ]);
    expect(head.decode(scores(0.8, 0.2), tile)).toEqual([]);
  });

  test("softmax and sigmoid make scores of any numbers", () => {
    const three = { ...tile, classCount: 3 };
    const soft = headFor("classify", { activation: "softmax", classes: 3 }).decode(
      scores(1000, 999, 0),
      three,
    );
    expect(soft).toHaveLength(1);
    expect(soft[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    const each = headFor("classify", { activation: "sigmoid", classes: 3 }).decode(scores(2, 1, -1), three);
    expect(each.map(({ classId }) => classId)).toEqual([0, 1]);
  });

  test("refuses another number of scores, and values that are not numbers", () => {
    const head = headFor("classify", { background: 0 });
    expect(() => head.decode(scores(1, 0, 0), tile)).toThrow(
      modelError(/1 classes and the background: wanted \[1, 2\]/),
    );
    expect(() => head.decode(scores(1, Number.NaN), tile)).toThrow(modelError(/got NaN/));
  });
});

describe("oriented boxes", () => {
  test("bring their corners, the first edge along the width, so that the angle can be read off", () => {
    const { threshold, classes, outputs, turned = [] } = golden["yolo-obb"] as GoldenCase;
    const head = headFor("yolo-obb", { nmsIou: 0.5, classes });
    const found = head.decode(outputsOf(outputs), {
      ...limits,
      scoreThreshold: threshold,
      classCount: classes,
    });
    expect(turned).toHaveLength(found.length);
    for (const [score = 0, angle = 0, ...corners] of turned) {
      const middle = (at: 0 | 1): number =>
        [0, 2, 4, 6].reduce((sum, i) => sum + (corners[i + at] ?? Number.NaN), 0) / 4;
      const { outlinePx = [] } =
        found.find(
          ({ score: s, boxPx: { x0, y0, x1, y1 } }) =>
            Math.abs(s - score) < 1e-3 &&
            Math.hypot((x0 + x1) / 2 - middle(0), (y0 + y1) / 2 - middle(1)) < 0.5,
        ) ?? {};
      expect(outlinePx).toHaveLength(4);
      for (const [x, y] of outlinePx) {
        const away = [0, 2, 4, 6].map((i) =>
          Math.hypot(x - (corners[i] ?? Number.NaN), y - (corners[i + 1] ?? Number.NaN)),
        );
        expect(Math.min(...away)).toBeLessThan(0.5);
      }
      const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = outlinePx;
      const turn = Math.abs(Math.atan2(by - ay, bx - ax) - angle) % (2 * Math.PI);
      expect(Math.min(turn, 2 * Math.PI - turn)).toBeLessThan(1e-4);
    }
  });
});

describe("segmentation head", () => {
  const blob = (columns: number, rows: number, x: number, y: number, side: number): Float32Array => {
    const data = new Float32Array(columns * rows);
    for (let row = y; row < y + side; row += 1) data.fill(1, row * columns + x, row * columns + x + side);
    return data;
  };

  test("brings outlines in pixels, or none; nothing of the padding", () => {
    const outputs = new Map([["mask", { shape: [1, 1, 16, 16], data: blob(16, 16, 10, 2, 6) }]]);
    const input = { ...limits, tilePx: { x: 0, y: 0, width: 52, height: 64 } };
    const [seen] = headFor("segment", { strideCells: 4 }).decode(outputs, input);
    expect(seen?.boxPx).toEqual({ x0: 40, y0: 8, x1: 52, y1: 32 });
    expect(seen?.outlinePx).toHaveLength(4);
    for (const [x, y] of seen?.outlinePx ?? []) {
      expect([40, 52].some((edge) => Math.abs(x - edge) <= 2)).toBe(true);
      expect([8, 32].some((edge) => Math.abs(y - edge) <= 2)).toBe(true);
    }
    const [bare] = headFor("segment", { strideCells: 4, outlines: false }).decode(outputs, input);
    expect(bare?.boxPx).toEqual(seen?.boxPx);
    expect(bare).not.toHaveProperty("outlinePx");
  });

  test("objects that touch at a corner are one; the score threshold does not change shapes", () => {
    const head = headFor("segment", {});
    const data = [0.875, 0, 0, 0, 0, 0.75, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.55];
    const outputs = new Map([["mask", { shape: [1, 1, 4, 4], data: Float32Array.from(data) }]]);
    const small = { ...limits, inputPx: { width: 4, height: 4 }, scoreThreshold: 0.6 };
    expect(head.decode(outputs, small)).toMatchObject([
      { classId: 0, score: 0.8125, boxPx: { x0: 0, y0: 0, x1: 2, y1: 2 } },
    ]);
    expect(head.decode(outputs, { ...small, scoreThreshold: 0.1 })).toHaveLength(2);
    expect(() => head.decode(outputs, limits)).toThrow(
      modelError(/wanted \[1, 1, 64, 64\], got \[1, 1, 4, 4\]/),
    );
  });
});
