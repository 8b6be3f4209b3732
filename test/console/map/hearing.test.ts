import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hearingOutline } from "../../../console/map/hearing.ts";
import { circlePoints, horizonRadius, placeFrom } from "../../../console/map/sphere.ts";
import { degreesBetween } from "../../../console/map/view.ts";

const place = fc.tuple(
  fc.double({ min: -180, max: 179.9, noNaN: true }),
  fc.double({ min: -85, max: 85, noNaN: true }),
);
const horizon = fc.record({ centre: place, radius: fc.double({ min: 3, max: 25, noNaN: true }) });

describe("the union of horizons", () => {
  it("has each point on one circle and inside none", () => {
    fc.assert(
      fc.property(fc.array(horizon, { minLength: 1, maxLength: 8 }), (horizons) => {
        for (const point of hearingOutline(horizons).flat()) {
          const gaps = horizons.map(({ centre, radius }) => degreesBetween(point, centre) - radius);
          expect(Math.min(...gaps)).toBeGreaterThan(-0.01);
          expect(gaps.some((gap) => Math.abs(gap) < 0.01)).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("is the whole circle of a station that stands alone", () => {
    const [outline = []] = hearingOutline([{ centre: [10, 50], radius: 20 }]);
    expect(outline.length).toBe(181);
    expect(degreesBetween(outline[0] ?? [0, 0], outline.at(-1) ?? [1, 1])).toBeLessThan(1e-6);
  });

  it("of two at the same place is one circle", () => {
    const own = { centre: [10, 50] as const, radius: 20 };
    const length = hearingOutline([own, own]).flat().length;
    expect(length).toBe(181);
  });
});

describe("the sphere", () => {
  it("a place so far away lies so far away", () => {
    fc.assert(
      fc.property(
        place,
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0.1, max: 170, noNaN: true }),
        (from, bearing, distance) => {
          expect(degreesBetween(from, placeFrom(from, bearing, distance))).toBeCloseTo(distance, 5);
        },
      ),
    );
  });

  it("circles close", () => {
    const points = circlePoints([179, -70], 22, 36);
    expect(points.length).toBe(37);
    expect(points.every((point) => Math.abs(degreesBetween(point, [179, -70]) - 22) < 1e-6)).toBe(true);
  });

  it("a satellite at 500 km is seen from 22 degrees away at the horizon, from under itself at the zenith", () => {
    // acos(6371 / 6871) = 21.99°.
    expect(horizonRadius(500_000, 0)).toBeCloseTo(21.99, 1);
    expect(horizonRadius(500_000, 90)).toBeCloseTo(0, 6);
  });
});
