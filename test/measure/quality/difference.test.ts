import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { differenceOf } from "../../../measure/quality/difference.ts";

const rule = { threshold: 0.5, iou: 0.9, score: 0.02 };
const at = (score: number, x = 0, classId = 0): Detection => ({
  classId,
  score,
  boxPx: { x0: x, y0: 10, x1: x + 20, y1: 30 },
});
const counts = (reference: readonly Detection[], found: readonly Detection[]) => {
  const { lost, added, moved, same } = differenceOf(reference, found, rule);
  return { lost: lost.length, added: added.length, moved: moved.length, same };
};

const anyDetections = fc.array(
  fc
    .record({
      classId: fc.integer({ min: 0, max: 1 }),
      score: fc.integer({ min: 45, max: 60 }).map((n) => n / 100),
      x: fc.integer({ min: 0, max: 60 }),
    })
    .map(({ classId, score, x }) => at(score, x, classId)),
  { maxLength: 30 },
);

describe("the difference of two looks at a scene", () => {
  test.each([
    ["one and the same", [at(0.8)], [at(0.81)], { lost: 0, added: 0, moved: 0, same: 1 }],
    ["another score", [at(0.8)], [at(0.75)], { lost: 0, added: 0, moved: 1, same: 0 }],
    ["another box: 18 of 22 px shared", [at(0.8)], [at(0.8, 2)], { lost: 0, added: 0, moved: 1, same: 0 }],
    ["another object", [at(0.8)], [at(0.8, 15)], { lost: 1, added: 1, moved: 0, same: 0 }],
    ["another class", [at(0.8)], [at(0.8, 0, 1)], { lost: 1, added: 1, moved: 0, same: 0 }],
    ["only the reference", [at(0.53)], [], { lost: 1, added: 0, moved: 0, same: 0 }],
    ["the reference at the threshold", [at(0.51)], [], { lost: 0, added: 0, moved: 0, same: 0 }],
    ["below the threshold now", [at(0.6)], [at(0.49)], { lost: 1, added: 0, moved: 0, same: 0 }],
    ["above the threshold now", [at(0.49)], [at(0.505)], { lost: 0, added: 0, moved: 0, same: 1 }],
    ["far above the threshold now", [at(0.4)], [at(0.6)], { lost: 0, added: 1, moved: 0, same: 0 }],
    ["below it in both", [at(0.3)], [at(0.45)], { lost: 0, added: 0, moved: 0, same: 0 }],
    ["two for one", [at(0.8)], [at(0.8), at(0.8, 1)], { lost: 0, added: 1, moved: 0, same: 1 }],
  ] as const)("%s", (_, reference, found, wanted) => {
    expect(counts(reference, found)).toEqual(wanted);
  });

  test("is nothing between a set and itself, in any order", () => {
    fc.assert(
      fc.property(anyDetections, (all) => {
        const { lost, added, moved } = counts(all, all.toReversed());
        expect([lost, added, moved]).toEqual([0, 0, 0]);
      }),
    );
  });

  test("counts every certain detection of the reference once", () => {
    fc.assert(
      fc.property(anyDetections, anyDetections, (reference, found) => {
        const { lost, moved, same } = differenceOf(reference, found, rule);
        const certain = reference.filter(({ score }) => score >= 0.52).length;
        const possible = reference.filter(({ score }) => score >= 0.48).length;
        expect(lost.length + moved.length + same).toBeGreaterThanOrEqual(certain);
        expect(lost.length + moved.length + same).toBeLessThanOrEqual(possible);
      }),
    );
  });
});
