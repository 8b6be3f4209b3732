import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaGeometry,
  type BoundingBox,
  boundingBox,
  uniteBoxes,
} from "../../../pipeline/raster/area-geometry.ts";

const longitude = fc.integer({ min: -180, max: 180 });
const box: fc.Arbitrary<BoundingBox> = fc
  .tuple(longitude, fc.integer({ min: 1, max: 90 }), fc.integer({ min: -90, max: 80 }))
  .map(([west, width, south]) => [
    west,
    south,
    west + width > 180 ? west + width - 360 : west + width,
    south + 10,
  ]);

const width = ([west, , east]: BoundingBox): number => east - west + (east < west ? 360 : 0);
const holds = ([west, , east]: BoundingBox, at: number): boolean =>
  west <= east ? at >= west && at <= east : at >= west || at <= east;

describe("the box round several", () => {
  it("holds them all, and is no wider than either way round", () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 8 }), (boxes) => {
        const whole = uniteBoxes(boxes)!;
        for (const one of boxes) {
          expect(holds(whole, one[0]) && holds(whole, one[2])).toBe(true);
          expect(width(whole)).toBeGreaterThanOrEqual(width(one));
        }
        const plain =
          Math.max(...boxes.map((one) => one[0] + width(one))) - Math.min(...boxes.map(([west]) => west));
        expect(width(whole)).toBeLessThanOrEqual(Math.min(360, plain));
      }),
    );
  });

  it("is one box itself, nothing for none, and crosses 180 where that is narrower", () => {
    fc.assert(
      fc.property(box, (one) => {
        expect(uniteBoxes([one])).toEqual(one);
      }),
    );
    expect(uniteBoxes([])).toBeNull();
    expect(
      uniteBoxes([
        [177, -18, -179, -16],
        [177, -17, 178, -15],
      ]),
    ).toEqual([177, -18, -179, -15]);
    expect(
      uniteBoxes([
        [170, 0, 175, 1],
        [-175, 0, -170, 1],
      ]),
    ).toEqual([170, 0, -170, 1]);
  });
});

describe("geometry round a pole", () => {
  it("holds the pole and every longitude", () => {
    const ring = [0, 45, 90, 135, 180, -135, -90, -45].map((at) => [at, 80] as const);
    const area = areaGeometry(ring);
    expect(boundingBox(area)).toEqual([-180, 80, 180, 90]);
    const south = ring.map(([at, latitude]) => [-at, -latitude] as const);
    expect(boundingBox(areaGeometry(south))).toEqual([-180, -90, 180, -80]);
  });
});
