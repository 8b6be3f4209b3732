import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaGeometry, type BoundingBox, type Position } from "../../../pipeline/raster/area-geometry.ts";
import { areaColumn } from "../../../stations/archive/area-column.ts";

const position = fc.tuple(
  fc.integer({ min: -200, max: 200 }).map((x) => x / 20),
  fc.integer({ min: -200, max: 200 }).map((y) => y / 20),
);
const triangle = fc
  .tuple(position, position, position)
  .filter(([[ax, ay], [bx, by], [cx, cy]]) => Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > 1e-6);
const box = fc
  .tuple(position, position)
  .map(([[ax, ay], [bx, by]]): BoundingBox => [
    Math.min(ax, bx),
    Math.min(ay, by),
    Math.max(ax, bx),
    Math.max(ay, by),
  ]);

/** Two convex shapes are apart exactly where one of their edges separates them (Gottschalk 1996): another way to the same answer. */
const meet = (a: readonly Position[], b: readonly Position[]): boolean => {
  const normals = [a, b].flatMap((ring) =>
    ring.map(([x, y], i) => {
      const [nextX, nextY] = ring[(i + 1) % ring.length]!;
      return [nextY - y, x - nextX] as const;
    }),
  );
  return normals.every(([nx, ny]) => {
    const along = (ring: readonly Position[]) => ring.map(([x, y]) => x * nx + y * ny);
    const [one, other] = [along(a), along(b)];
    return Math.max(...one) >= Math.min(...other) - 1e-9 && Math.max(...other) >= Math.min(...one) - 1e-9;
  });
};
const cornersOf = ([west, south, east, north]: BoundingBox): readonly Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
];

describe("packed areas", () => {
  it("come out as they went in, split ones and none as well", () => {
    const ring = fc.array(
      fc.tuple(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -89, max: 89, noNaN: true }),
      ),
      { minLength: 3, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(fc.option(ring), { maxLength: 8 }), (rings) => {
        const areas = rings.map((one) => (one === null ? null : areaGeometry(one)));
        const column = areaColumn();
        for (const area of areas) column.add(area);
        expect(areas.map((_, row) => column.at(row))).toEqual(areas);
        expect(areas.map((_, row) => column.has(row))).toEqual(areas.map((area) => area !== null));
      }),
    );
  });

  it("touch a box exactly where they have a point in common", () => {
    fc.assert(
      fc.property(triangle, box, (ring, around) => {
        const column = areaColumn();
        column.add(null);
        column.add(areaGeometry(ring));
        expect(column.touching(around)(1)).toBe(meet(ring, cornersOf(around)));
        expect(column.touching(around)(0)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
