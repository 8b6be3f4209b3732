import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxAround, rotatedIou, type RotatedBox } from "../../../models/heads/rotated-box.ts";
import { boxIou } from "../../../pipeline/detection/box.ts";

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const boxes = fc.record({
  x: real(-50, 50),
  y: real(-50, 50),
  width: real(1, 60),
  height: real(1, 60),
  angle: real(-4, 4),
});

const turned = (box: RotatedBox, by: number): RotatedBox => ({
  ...box,
  x: box.x * Math.cos(by) - box.y * Math.sin(by),
  y: box.x * Math.sin(by) + box.y * Math.cos(by),
  angle: box.angle + by,
});

describe("overlap of turned rectangles", () => {
  test("is that of plain boxes where nothing is turned", () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        const [p, q] = [
          { ...a, angle: 0 },
          { ...b, angle: Math.PI / 2 },
        ];
        expect(rotatedIou(p, q)).toBeCloseTo(boxIou(boxAround(p), boxAround(q)), 9);
      }),
    );
  });

  test("does not depend on who comes first nor on how the picture lies; a box overlaps itself whole", () => {
    fc.assert(
      fc.property(boxes, boxes, real(-3, 3), (a, b, by) => {
        const iou = rotatedIou(a, b);
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1 + 1e-9);
        expect(rotatedIou(b, a)).toBeCloseTo(iou, 9);
        expect(rotatedIou(turned(a, by), turned(b, by))).toBeCloseTo(iou, 8);
        expect(rotatedIou(a, a)).toBeCloseTo(1, 9);
      }),
    );
  });

  test("two ships side by side at a slant do not overlap, though the boxes round them do", () => {
    const ship = { x: 0, y: 0, width: 100, height: 12, angle: Math.PI / 4 };
    const beside = { ...ship, x: 10, y: -10 };
    expect(rotatedIou(ship, beside)).toBe(0);
    expect(boxIou(boxAround(ship), boxAround(beside))).toBeGreaterThan(0.5);
  });
});
