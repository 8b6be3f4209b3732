import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseModelCard } from "../../models/card.ts";
import { headOf } from "../../models/heads/card-head.ts";
import type { Outputs } from "../../models/heads/head.ts";
import { modelError, toyCard } from "./toys.ts";

/** Made by `test/golden/models/heads.py` with numpy and OpenCV. */
interface GoldenCase {
  readonly threshold: number;
  readonly classes: number;
  readonly strideCells?: number;
  readonly nmsIou?: number;
  readonly background?: number | null;
  readonly activation?: string;
  readonly minPixels?: number;
  readonly outlines?: boolean;
  /** Of oriented boxes: score, angle, x and y of each corner. */
  readonly turned?: readonly (readonly number[])[];
  readonly input?: readonly [width: number, height: number];
  readonly outputs: Record<string, { readonly shape: number[]; readonly data: number[] }>;
  /** class, score, x0, y0, x1, y1. */
  readonly expected: readonly (readonly [number, number, number, number, number, number])[];
}
const golden = JSON.parse(
  readFileSync(new URL("../golden/models/heads.json", import.meta.url), "utf8"),
) as Record<string, GoldenCase>;

const outputsOf = (tensors: GoldenCase["outputs"]): Outputs =>
  new Map(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data) },
    ]),
  );

const names = { heatmap: "heatmap", size: "size", offset: "offset" };
const headFor = (name: string, options: Partial<GoldenCase>) => {
  const { strideCells, nmsIou, background, activation, minPixels, outlines } = options;
  const [kind = ""] = /^[\w-]+/.exec(name) ?? [];
  const head = {
    centre: { kind, strideCells, outputs: names },
    yolo: { kind, nmsIou },
    "yolo-obb": { kind, nmsIou },
    yolox: { kind, nmsIou },
    classify: { kind, activation, background },
    segment: { kind, activation, background: background ?? undefined, minPixels, strideCells, outlines },
  }[kind];
  const classes = Array.from({ length: options.classes ?? 1 }, (_, i) => `class ${i}`);
  return headOf(parseModelCard(toyCard({ head, classes }), "test").head);
};
const limits = {
  scoreThreshold: 0.5,
  maxDetections: 1000,
  classCount: 1,
  inputPx: { width: 64, height: 64 },
  tilePx: { x: 0, y: 0, width: 64, height: 64 },
};

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
