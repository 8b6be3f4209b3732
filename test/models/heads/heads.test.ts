import { describe, expect, test } from "vitest";
import { golden, headFor, limits, outputsOf } from "./head-cases.ts";
import { modelError } from "../toys.ts";

describe("heads against numpy and OpenCV", () => {
  test.each(Object.entries(golden))("%s", (name, { threshold, classes, outputs, expected, ...shape }) => {
    const head = headFor(name, { ...shape, classes });
    const [width, height] = shape.input ?? [64, 64];
    const found = head.decode(outputsOf(outputs), {
      ...limits,
      inputPx: { width, height },
      tilePx: { x: 0, y: 0, width, height },
      scoreThreshold: threshold,
      classCount: classes,
    });
    expect(expected.length).toBeGreaterThan(20);
    expect(found).toHaveLength(expected.length);
    for (const [classId, score, ...box] of expected) {
      const match = found.find(({ classId: c, boxPx: { x0, y0, x1, y1 } }) => {
        const distance = [x0, y0, x1, y1].map((v, i) => Math.abs(v - (box[i] ?? Number.NaN)));
        return c === classId && Math.max(...distance) <= 0.5;
      });
      expect(Math.abs((match?.score ?? Number.NaN) - score), `${classId} at ${box.join(", ")}`).toBeLessThan(
        1e-3,
      );
    }
  });
});

describe("centre head", () => {
  const head = headFor("centre", { strideCells: 2 });
  const grid = (heat: readonly (readonly number[])[]) => {
    const [rows, columns] = [heat.length, heat[0]?.length ?? 0];
    const two = { shape: [1, 2, rows, columns], data: new Float32Array(2 * rows * columns).fill(0.5) };
    const heatmap = { shape: [1, 1, rows, columns], data: Float32Array.from(heat.flat()) };
    return new Map(Object.entries({ heatmap, size: two, offset: two }));
  };

  test("a plateau is one object: its first cell", () => {
    const found = head.decode(
      grid([
        [0, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
      ]),
      limits,
    );
    expect(found.map(({ boxPx }) => boxPx)).toEqual([{ x0: 2.75, y0: 2.75, x1: 3.25, y1: 3.25 }]);
  });

  test("an object in the corner counts; a cell beside a higher one does not", () => {
    const found = head.decode(
      grid([
        [0.9, 0.8],
        [0.7, 0.6],
      ]),
      limits,
    );
    expect(found.map(({ score }) => score)).toEqual([Math.fround(0.9)]);
  });

  test("reports the best when there are more than allowed", () => {
    const heat = [[0.6, 0, 0.9, 0, 0.7, 0, 0.8]];
    const found = head.decode(grid(heat), { ...limits, maxDetections: 2 });
    expect(found.map(({ score }) => score)).toEqual([0.9, 0.8].map(Math.fround));
  });

  test("says so when the network's outputs are not numbers or not of the shape", () => {
    expect(() => head.decode(grid([[Number.NaN, 0.9]]), limits)).toThrow(
      modelError(/finite numbers, got NaN/),
    );
    const broken = grid([[0.9, 0]]);
    broken.get("size")?.data.fill(Number.POSITIVE_INFINITY);
    expect(() => head.decode(broken, limits)).toThrow(modelError(/"size" or "offset".*NaN/));
    expect(() => head.decode(grid([[0.9]]), { ...limits, classCount: 3 })).toThrow(
      modelError(/wanted \[1, 3, 1, 1\], got \[1, 1, 1, 1\]/),
    );
    expect(() => head.decode(new Map(), limits)).toThrow(modelError(/"heatmap".*got none/));
  });
});

describe("yolo head", () => {
  const one = (shape: number[], data: number[]) =>
    new Map([["output0", { shape, data: Float32Array.from(data) }]]);
  const box = { x0: 5, y0: 16, x1: 15, y1: 24 };

  test("tells v5, v8 and transposed v8 by their shapes", () => {
    const head = headFor("yolo", {});
    const twoClasses = { ...limits, classCount: 2 };
    const v8 = head.decode(one([1, 6, 1], [10, 20, 10, 8, 0.1, 0.8]), twoClasses);
    const turned = head.decode(one([1, 1, 6], [10, 20, 10, 8, 0.1, 0.8]), twoClasses);
    const v5 = head.decode(one([1, 1, 7], [10, 20, 10, 8, 0.75, 0.1, 0.8]), twoClasses);
    expect(v8).toEqual([{ classId: 1, score: Math.fround(0.8), boxPx: box }]);
    expect(turned).toEqual(v8);
    expect(v5).toEqual([{ classId: 1, score: Math.fround(Math.fround(0.8) * 0.75), boxPx: box }]);
  });

  test("refuses other shapes, and values that are not numbers", () => {
    const head = headFor("yolo", {});
    expect(() => head.decode(one([1, 9, 9], Array(81).fill(0)), limits)).toThrow(
      modelError(/wanted \[1, 5, anchors\] or \[1, anchors, 6\], got \[1, 9, 9\]/),
    );
    expect(() => head.decode(one([1, 5, 1], [1, 1, Number.NaN, 1, 1]), limits)).toThrow(
      modelError(/got NaN/),
    );
  });
});

describe("yolox head", () => {
  const output = (cells: number, values: number) =>
    new Map([["output", { shape: [1, cells, values], data: new Float32Array(cells * values) }]]);

  test("wants a cell for each of its grids, however the input is padded", () => {
    const head = headFor("yolox", {});
    expect(head.decode(output(84, 6), limits)).toEqual([]);
    expect(() => head.decode(output(83, 6), limits)).toThrow(
      modelError(/wanted \[1, 84, 6\], got \[1, 83, 6\]/),
    );
    const wide = { ...limits, inputPx: { width: 96, height: 64 } };
    expect(head.decode(output(96 + 24 + 6, 6), wide)).toEqual([]);
  });

  test("the score is objectness times class, the side exponential", () => {
    const tensors = output(84, 6);
    // The cell (1, 2) of the grid of stride 16, which follows the 64 cells of stride 8.
    tensors.get("output")?.data.set([0.5, 0.25, Math.log(2), 0, 0.9, 0.8], (64 + 2 * 4 + 1) * 6);
    const [found] = headFor("yolox", {}).decode(tensors, limits);
    expect(found?.score).toBeCloseTo(0.72, 6);
    expect(found?.boxPx.x0).toBeCloseTo(1.5 * 16 - 16, 5);
    expect(found?.boxPx.x1).toBeCloseTo(1.5 * 16 + 16, 5);
    expect(found?.boxPx.y0).toBeCloseTo(2.25 * 16 - 8, 5);
    expect(found?.boxPx.y1).toBeCloseTo(2.25 * 16 + 8, 5);
  });
});
