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
const headFor = (name: string, { strideCells, nmsIou }: Partial<GoldenCase>) => {
  const head = name.startsWith("centre")
    ? { kind: "centre", strideCells, outputs: names }
    : { kind: "yolo", nmsIou };
  return headOf(parseModelCard(toyCard({ head }), "test").head);
};
const limits = {
  scoreThreshold: 0.5,
  maxDetections: 1000,
  classCount: 1,
  inputPx: { width: 64, height: 64 },
  tilePx: { width: 64, height: 64 },
};

describe("heads against numpy and OpenCV", () => {
  test.each(Object.entries(golden))("%s", (name, { threshold, classes, outputs, expected, ...shape }) => {
    const head = headFor(name, shape);
    const found = head.decode(outputsOf(outputs), {
      ...limits,
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
