import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meaningOf, type SaidBox } from "../../../../datasets/labels/formats/coco-boxes.ts";

const size = [640, 480] as const;
/** Boxes inside their image, at least 2 pixels wide, as COCO has them. */
const inside = fc
  .record({
    x: fc.integer({ min: 0, max: 630 }),
    y: fc.integer({ min: 0, max: 470 }),
    width: fc.integer({ min: 2, max: 640 }),
    height: fc.integer({ min: 2, max: 480 }),
  })
  .map(({ x, y, width, height }): SaidBox => ({
    bbox: [x, y, Math.min(width, 640 - x), Math.min(height, 480 - y)],
    size,
  }));

describe("what the four numbers of a COCO box mean", () => {
  it("is COCO's for any boxes that lie in their images", () => {
    fc.assert(
      fc.property(fc.array(inside), (boxes) => {
        expect(meaningOf(boxes)).toBe("pixels");
      }),
    );
  });

  it("is fractions where the same boxes are divided by the size", () => {
    fc.assert(
      fc.property(fc.array(inside, { minLength: 1 }), (boxes) => {
        const parts = boxes.map(({ bbox: [x, y, w, h] }): SaidBox => ({
          bbox: [x / 640, y / 480, w / 640, h / 480],
          size,
        }));
        expect(meaningOf(parts)).toBe("fractions");
      }),
    );
  });

  it("is corners where boxes of the lower right half are written so", () => {
    const low = inside.filter(({ bbox: [x, y] }) => x > 320 && y > 240);
    fc.assert(
      fc.property(fc.array(low, { minLength: 1 }), (boxes) => {
        const corners = boxes.map(({ bbox: [x, y, w, h] }): SaidBox => ({
          bbox: [x, y, x + w, y + h],
          size,
        }));
        expect(meaningOf(corners)).toBe("corners");
      }),
    );
  });

  it("is not asked where images have no size", () => {
    expect(meaningOf([{ bbox: [400, 300, 500, 400], size: null }])).toBe("pixels");
  });
});
