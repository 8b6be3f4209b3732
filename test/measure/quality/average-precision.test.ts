import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Label } from "../../../pipeline/detection/detection.ts";
import { judge, type JudgedScene } from "../../../measure/quality/matching.ts";
import {
  binnedBySize,
  sizeEdgesPx,
  precisionRecall,
  thinCurve,
} from "../../../measure/quality/average-precision.ts";
import { nameDetections } from "../../../pipeline/detection/named-detection.ts";

const at = (x: number, y: number, side = 10) => ({ x0: x, y0: y, x1: x + side, y1: y + side });

const ship = (score: number, boxPx = at(0, 0)) => ({ className: "ship", score, boxPx });

const label = (boxPx = at(0, 0), ignore = false): Label => ({ className: "ship", boxPx, ignore });

interface GoldenCase {
  readonly name: string;
  readonly scenes: readonly {
    labels: { className: string; boxPx: [number, number, number, number]; ignore: boolean }[];
    detections: { className: string; score: number; boxPx: [number, number, number, number] }[];
  }[];
  readonly expected: {
    labels: number;
    ap50: number;
    bestF1: number;
    recallAtPrecision90: number;
    atHalf: { truePositives: number; falsePositives: number; ignored: number };
  };
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/quality/expected.json", import.meta.url), "utf8"),
) as GoldenCase[];

const unpack = <T extends { boxPx: [number, number, number, number] }>(item: T) => {
  const [x0, y0, x1, y1] = item.boxPx;
  return { ...item, boxPx: { x0, y0, x1, y1 } };
};

describe("against numpy, every threshold matched from scratch", () => {
  test.each(golden)("$name", ({ scenes, expected }) => {
    const judged = scenes.map(({ labels, detections }) => ({
      labels: labels.map(unpack),
      detections: detections.map(unpack),
    }));
    const quality = precisionRecall(judged);
    expect(quality.labels).toBe(expected.labels);
    expect(quality.ap50).toBeCloseTo(expected.ap50, 12);
    expect(quality.bestF1?.f1 ?? 0).toBeCloseTo(expected.bestF1, 12);
    expect(quality.recallAtPrecision90).toBeCloseTo(expected.recallAtPrecision90, 12);
    expect(quality.at(0.5)).toMatchObject(expected.atHalf);
  });
});

describe("matching", () => {
  test("the better score takes the label, the second is a miss", () => {
    const verdicts = judge({ labels: [label()], detections: [ship(0.5), ship(0.9)] });
    expect(verdicts.map(({ kind, detection }) => [kind, detection.score])).toEqual([
      ["hit", 0.9],
      ["miss", 0.5],
    ]);
  });

  test("a box of another class is no hit", () => {
    const plane = { ...ship(0.9), className: "plane" };
    expect(judge({ labels: [label()], detections: [plane] })[0]?.kind).toBe("miss");
  });

  test("IoU 0.5 counts, below does not", () => {
    const half = { x0: 0, y0: 0, x1: 10, y1: 5 };
    const less = { x0: 0, y0: 0, x1: 10, y1: 4.99 };
    expect(judge({ labels: [label()], detections: [ship(1, half)] })[0]?.kind).toBe("hit");
    expect(judge({ labels: [label()], detections: [ship(1, less)] })[0]?.kind).toBe("miss");
  });

  test("ignored labels take any number and count neither way", () => {
    const crowd = label(at(0, 0, 100), true);
    const detections = [ship(0.9, at(5, 5)), ship(0.8, at(50, 50)), ship(0.7, at(300, 300))];
    const quality = precisionRecall([{ labels: [crowd], detections }]);
    expect(quality).toMatchObject({ labels: 0, ap50: null, recallAtPrecision90: null });
    expect(quality.at(0)).toEqual({ truePositives: 0, falsePositives: 1, falseNegatives: 0, ignored: 2 });
  });

  test("class indices become names, unknown ones stay numbers", () => {
    const named = nameDetections(
      [0, 7].map((classId) => ({ classId, score: 1, boxPx: at(0, 0) })),
      ["ship"],
    );
    expect(named.map(({ className }) => className)).toEqual(["ship", "7"]);
  });
});

test("the curve of a worked example: hit, miss, hit of two labels", () => {
  const detections = [ship(0.9, at(0, 0)), ship(0.8, at(500, 0)), ship(0.7, at(100, 0))];
  const quality = precisionRecall([{ labels: [label(at(0, 0)), label(at(100, 0))], detections }]);
  expect(quality.points).toEqual([
    { score: 0.9, precision: 1, recall: 0.5 },
    { score: 0.8, precision: 0.5, recall: 0.5 },
    { score: 0.7, precision: 2 / 3, recall: 1 },
  ]);
  expect(quality.ap50).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
  expect(quality.bestF1).toMatchObject({ threshold: 0.7, recall: 1 });
});

test("sizes: a hit counts in the bin of its label, a miss in the bin of its own box", () => {
  const labels = [label(at(0, 0, 5)), label(at(100, 0, 30))];
  const detections = [ship(0.9, at(0, 0, 5)), ship(0.8, at(100, 0, 28)), ship(0.7, at(300, 300, 15))];
  const bins = binnedBySize([{ labels, detections }], sizeEdgesPx);
  expect(bins.map(({ quality }) => [quality.labels, quality.ap50, quality.at(0).falsePositives])).toEqual([
    [1, 1, 0],
    [0, null, 1],
    [1, 1, 0],
  ]);
});

const box = fc
  .tuple(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([x0, y0, w, h]) => ({ x0, y0, x1: x0 + w, y1: y0 + h }));

const kind = fc.constantFrom("ship", "plane");

const score = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);

const scene: fc.Arbitrary<JudgedScene> = fc.record({
  detections: fc.array(fc.record({ className: kind, score, boxPx: box }), { maxLength: 15 }),
  labels: fc.array(fc.record({ className: kind, boxPx: box, ignore: fc.boolean() }), { maxLength: 10 }),
});

describe("laws", () => {
  test("neither the order of detections nor of scenes matters", () => {
    fc.assert(
      fc.property(fc.array(scene, { maxLength: 4 }), (scenes) => {
        const { at: countsAt, ...curve } = precisionRecall(scenes);
        const turned = scenes.toReversed().map((s) => ({ ...s, detections: s.detections.toReversed() }));
        const { at: countsTurned, ...curveTurned } = precisionRecall(turned);
        expect(curveTurned).toEqual(curve);
        expect(countsTurned(0.5)).toEqual(countsAt(0.5));
      }),
    );
  });

  test("every detection is a hit, a miss or ignored; every label hit once or missed", () => {
    fc.assert(
      fc.property(scene, score, (one, threshold) => {
        const quality = precisionRecall([one]);
        const counts = quality.at(threshold);
        const above = one.detections.filter((d) => d.score >= threshold).length;
        expect(counts.truePositives + counts.falsePositives + counts.ignored).toBe(above);
        expect(counts.truePositives + counts.falseNegatives).toBe(quality.labels);
        expect(counts.falseNegatives).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("labels found exactly give AP 1; recall never falls along the curve", () => {
    fc.assert(
      fc.property(scene, (one) => {
        const labels = one.labels.map((l, i) => ({ ...l, ignore: false, boxPx: at(i * 50, 0, 8) }));
        const detections = labels.map(({ className, boxPx }, i) => ({
          className,
          boxPx,
          score: 1 / (i + 1),
        }));
        expect(precisionRecall([{ labels, detections }]).ap50 ?? -1).toBeCloseTo(
          labels.length === 0 ? -1 : 1,
          12,
        );
        const recalls = precisionRecall([one]).points.map(({ recall }) => recall);
        expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
      }),
    );
  });

  test("a thinned curve keeps its ends and its order, and is as short as asked", () => {
    const point = fc.record({ score, precision: score, recall: score });
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 2, max: 50 }),
        (all, most) => {
          const points = all.toSorted((a, b) => a.recall - b.recall);
          const thin = thinCurve(points, most);
          expect(thin.length).toBeLessThanOrEqual(most);
          expect(thin[0]).toBe(points[0]);
          expect(thin.at(-1)).toBe(points.at(-1));
        },
      ),
    );
  });
});
