import fc from "fast-check";
import { expect, it } from "vitest";
import { voteDetections } from "../../../operators/radiation/vote.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { compareDetections } from "../../../pipeline/detection/merge.ts";

const detection = fc.record({
  classId: fc.integer({ min: 0, max: 1 }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  boxPx: fc
    .tuple(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([x0, y0, width, height]) => ({ x0, y0, x1: x0 + width, y1: y0 + height })),
});
const answer = fc.array(detection, { maxLength: 12 });
const sorted = (found: readonly Detection[]) => found.toSorted(compareDetections);

it("two runs that are alike decide, whatever the third says and wherever it stands", () => {
  fc.assert(
    fc.property(
      answer,
      fc.option(answer, { nil: null }),
      fc.integer({ min: 0, max: 2 }),
      (right, wrong, at) => {
        const runs = [right, right].toSpliced(at, 0, wrong as never);
        const { detections, dissenters } = voteDetections(runs);
        expect(detections).toEqual(sorted(right));
        const isAlike = wrong !== null && JSON.stringify(sorted(wrong)) === JSON.stringify(sorted(right));
        expect(dissenters).toEqual(isAlike ? [] : [at]);
      },
    ),
  );
});

it("finds nothing that fewer than two runs found", () => {
  const a: Detection = { classId: 0, score: 0.9, boxPx: { x0: 0, y0: 0, x1: 10, y1: 10 } };
  const near: Detection = { ...a, score: 0.7, boxPx: { x0: 1, y0: 0, x1: 11, y1: 10 } };
  const far: Detection = { ...a, boxPx: { x0: 50, y0: 0, x1: 60, y1: 10 } };
  expect(voteDetections([[a], [near], [far]]).detections).toEqual([a]);
  expect(voteDetections([[a], [{ ...a, classId: 1 }], [far]]).detections).toEqual([]);
  expect(voteDetections([[a], [near], null]).detections).toHaveLength(1);
});

it("has no answer where two runs have none, and distrusts all three", () => {
  expect(voteDetections([[], null, null])).toEqual({ detections: null, dissenters: [0, 1, 2] });
});
