import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaGeometry, boundingBox, type Position } from "../../../pipeline/raster/area-geometry.ts";

const area = (ring: readonly Position[]): number =>
  Math.abs(
    ring.slice(1).reduce((sum, [x, y], i) => {
      const [fromX, fromY] = ring[i]!;
      return sum + fromX * y - x * fromY;
    }, 0) / 2,
  );

const wrap = (x: number) => (x > 180 ? x - 360 : x < -180 ? x + 360 : x);

/** Rectangles anywhere, some of them across the antimeridian, listed either way round. */
const rectangle = fc
  .record({
    x: fc.double({ min: -180, max: 180, noNaN: true }),
    y: fc.double({ min: -80, max: 80, noNaN: true }),
    w: fc.double({ min: 0.01, max: 5, noNaN: true }),
    h: fc.double({ min: 0.01, max: 5, noNaN: true }),
    turned: fc.boolean(),
  })
  .map(({ x, y, w, h, turned }) => {
    const ring: Position[] = [
      [x, y],
      [x + w, y],
      [x + w, y + h],
      [x, y + h],
    ];
    const wrapped = ring.map(([lon, lat]): Position => [wrap(lon), lat]);
    return { size: w * h, ring: turned ? wrapped.toReversed() : wrapped };
  });

describe("laws", () => {
  test("the geometry is closed, inside ±180°, as large as the ring, and no part is wider than it", () => {
    fc.assert(
      fc.property(rectangle, ({ ring, size }) => {
        const geometry = areaGeometry(ring);
        const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
        for (const part of rings) {
          expect(part.at(-1)).toEqual(part[0]);
          expect(part.every(([x]) => x >= -180 && x <= 180)).toBe(true);
        }
        expect(rings.reduce((sum, part) => sum + area(part), 0)).toBeCloseTo(size, 4);
      }),
    );
  });

  test("the bounding box holds every point; west > east only across the antimeridian", () => {
    fc.assert(
      fc.property(rectangle, ({ ring }) => {
        const geometry = areaGeometry(ring);
        const [west, south, east, north] = boundingBox(geometry);
        expect(west > east).toBe(geometry.type === "MultiPolygon");
        expect(south).toBeLessThan(north);
      }),
    );
  });
});
