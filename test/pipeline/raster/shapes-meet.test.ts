import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Geometry, type MapPoint, shapesMeet, shapesOf } from "../../../pipeline/raster/shapes-meet.ts";

const square = (x: number, y: number, side: number): readonly MapPoint[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];
const meet = (a: Geometry, b: Geometry): boolean => {
  const [one, other] = [shapesMeet(shapesOf(a), shapesOf(b)), shapesMeet(shapesOf(b), shapesOf(a))];
  expect(one).toBe(other);
  return one;
};
const ring: Geometry = { type: "Polygon", coordinates: [square(0, 0, 10), square(2, 2, 6).toReversed()] };

describe("geometries", () => {
  it("meet where they share a point: edges, corners, insides, but not in a hole", () => {
    expect(meet(ring, { type: "Point", coordinates: [1, 1] })).toBe(true);
    expect(meet(ring, { type: "Point", coordinates: [5, 5] })).toBe(false);
    expect(meet(ring, { type: "Point", coordinates: [10, 10] })).toBe(true);
    expect(meet(ring, { type: "Polygon", coordinates: [square(4, 4, 2)] })).toBe(false);
    expect(meet(ring, { type: "Polygon", coordinates: [square(4, 4, 20)] })).toBe(true);
    expect(meet(ring, { type: "Polygon", coordinates: [square(-5, -5, 50)] })).toBe(true);
    expect(
      meet(ring, {
        type: "LineString",
        coordinates: [
          [-5, 5],
          [15, 5],
        ],
      }),
    ).toBe(true);
    expect(
      meet(ring, {
        type: "LineString",
        coordinates: [
          [3, 5],
          [7, 5],
        ],
      }),
    ).toBe(false);
    expect(
      meet(ring, {
        type: "MultiPoint",
        coordinates: [
          [5, 5],
          [20, 20],
        ],
      }),
    ).toBe(false);
    const geometries: readonly Geometry[] = [
      { type: "Point", coordinates: [5, 5] },
      { type: "Point", coordinates: [0, 4] },
    ];
    expect(meet(ring, { type: "GeometryCollection", geometries })).toBe(true);
  });

  it("squares meet exactly where both their extents do", () => {
    const whole = fc.integer({ min: 0, max: 12 });
    const side = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(whole, whole, side, whole, whole, side, (ax, ay, a, bx, by, b) => {
        const wanted = ax <= bx + b && bx <= ax + a && ay <= by + b && by <= ay + a;
        const of = (x: number, y: number, s: number): Geometry => ({
          type: "Polygon",
          coordinates: [square(x, y, s)],
        });
        expect(meet(of(ax, ay, a), of(bx, by, b))).toBe(wanted);
      }),
    );
  });
});
