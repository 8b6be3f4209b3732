import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaIndex } from "../../../stations/subscribers/area-index.ts";
import {
  boxArea,
  isInArea,
  parseBox,
  readWatchArea,
  type WatchArea,
} from "../../../stations/subscribers/watch-area.ts";

type Corner = readonly [number, number];
const polygon = (...rings: readonly (readonly Corner[])[]) => ({ type: "Polygon", coordinates: rings });
const closed = (...corners: readonly Corner[]): readonly Corner[] => [...corners, corners[0] as Corner];
const has = (area: WatchArea, places: readonly Corner[]): readonly boolean[] =>
  places.map(([x, y]) => isInArea(area, x, y));

describe("an area", () => {
  it("is a polygon with holes, several, a feature or a collection of them", () => {
    const outer = closed([0, 0], [10, 0], [10, 10], [0, 10]);
    const hole = closed([4, 4], [6, 4], [6, 6], [4, 6]);
    const far = closed([20, 0], [30, 0], [25, 10]);
    const places: readonly Corner[] = [
      [1, 1],
      [5, 5],
      [0, 5],
      [25, 2],
      [11, 5],
    ];
    const multi = { type: "MultiPolygon", coordinates: [[outer, hole], [far]] };
    const wanted = [true, false, true, true, false];
    const feature = (geometry: unknown) => ({ type: "Feature", properties: null, geometry });
    for (const value of [
      multi,
      feature(multi),
      { type: "FeatureCollection", features: [feature(polygon(outer, hole)), feature(polygon(far))] },
      { type: "GeometryCollection", geometries: [polygon(outer, hole), polygon(far)] },
    ])
      expect(has(readWatchArea(value), places)).toEqual(wanted);
  });

  it("crosses the antimeridian: cut as RFC 7946 says, drawn over it, counted beyond 180°, or as a box", () => {
    const places: readonly Corner[] = [
      [175, 0],
      [-175, 0],
      [180, 0],
      [-180, 0],
      [0, 0],
      [165, 0],
      [-165, 0],
    ];
    const wanted = [true, true, true, true, false, false, false];
    const east = closed([170, -5], [180, -5], [180, 5], [170, 5]);
    const west = closed([-180, -5], [-170, -5], [-170, 5], [-180, 5]);
    for (const area of [
      readWatchArea({ type: "MultiPolygon", coordinates: [[east], [west]] }),
      readWatchArea(polygon(closed([170, -5], [-170, -5], [-170, 5], [170, 5]))),
      readWatchArea(polygon(closed([170, -5], [190, -5], [190, 5], [170, 5]))),
      readWatchArea(polygon(closed([-190, -5], [-170, -5], [-170, 5], [-190, 5]))),
      boxArea(parseBox("170,-5,-170,5", "bbox")),
    ]) {
      expect(has(area, places)).toEqual(wanted);
      expect(area.boxes.every(([w, , e]) => w <= e && w >= -180 && e <= 180)).toBe(true);
    }
  });

  it("may be the whole world", () => {
    const world = readWatchArea(polygon(closed([-180, -90], [180, -90], [180, 90], [-180, 90])));
    expect(
      has(world, [
        [0, 0],
        [180, 0],
        [-180, 45],
        [12, -90],
      ]),
    ).toEqual([true, true, true, true]);
  });

  it("is refused where it is none, with what is wrong", () => {
    const square = closed([0, 0], [1, 0], [1, 1], [0, 1]);
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [polygon(closed([0, 0], [2, 2], [2, 0], [0, 2])), /does not cross or touch itself/],
      [polygon(closed([0, 0], [4, 0], [4, 4], [2, 0], [0, 4])), /does not cross or touch itself/],
      [polygon(closed([170, 0], [-170, 4], [-170, 0], [170, 4])), /does not cross or touch itself/],
      [polygon(square.slice(0, -1)), /closed rings of four positions or more/],
      [
        polygon([
          [0, 0],
          [1, 1],
          [0, 0],
        ]),
        /closed rings of four positions or more/,
      ],
      [polygon(closed([0, 0], [0, 0], [0, 0], [0, 0])), /rings that enclose an area/],
      [polygon(closed([0, 95], [1, 95], [1, 96])), /degrees, longitude first, got 0,95/],
      [polygon(closed([500_000, 60], [500_100, 60], [500_100, 61])), /WGS 84/],
      [
        polygon(closed([0, 0], [180, 0], [90, 10])),
        /edges that do not span half the Earth, got 0,0 to 180,0/,
      ],
      [polygon(closed([0, 70], [120, 70], [-120, 70])), /goes round a pole/],
      [
        polygon([
          ["a", 0],
          [1, 0],
          [1, 1],
          ["a", 0],
        ] as unknown as Corner[]),
        /positions \[longitude, latitude\]/,
      ],
      [{ type: "LineString", coordinates: square }, /GeoJSON polygons, got a LineString/],
      [{ type: "FeatureCollection", features: [] }, /a polygon, got none/],
      [{ type: "Polygon", coordinates: [] }, /a polygon of rings/],
      [null, /GeoJSON polygons/],
      [
        polygon(
          closed(
            ...Array.from({ length: 10_001 }, (_, i): Corner => [Math.cos(i / 1592), Math.sin(i / 1592)]),
          ),
        ),
        /at most 10000 corners/,
      ],
    ];
    for (const [value, message] of cases)
      expect(() => readWatchArea(value), String(message)).toThrow(message);
    for (const text of ["1,2,3", "0,0,200,1", "0,5,1,4", "a,0,1,1"])
      expect(() => parseBox(text, "bbox")).toThrow(/bbox/);
  });
});

const longitude = fc.integer({ min: -18_000, max: 18_000 }).map((value) => value / 100);
const latitude = fc.integer({ min: -9_000, max: 9_000 }).map((value) => value / 100);
const box = fc
  .tuple(longitude, latitude, longitude, latitude)
  .map(([w, a, e, b]) => [w, Math.min(a, b), e, Math.max(a, b)] as const);

describe("laws of areas", () => {
  it("a box holds what lies between its sides, across the antimeridian too", () => {
    fc.assert(
      fc.property(box, longitude, latitude, (bbox, x, y) => {
        const [w, s, e, n] = bbox;
        const between = w <= e ? x >= w && x <= e : x >= w || x <= e;
        // Sums of longitudes and 360 are rounded: a hair from a side either answer is right.
        fc.pre([x - w, x - e, y - s, y - n].every((gap) => Math.abs(gap) > 1e-9));
        expect(isInArea(boxArea(bbox), x, y)).toBe(between && y >= s && y <= n);
      }),
    );
  });

  it("an index finds everyone whose area holds a place", () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 20 }), longitude, latitude, (boxes, x, y) => {
        const index = areaIndex<number>();
        const areas = boxes.map(boxArea);
        areas.forEach((area, i) => index.add(i, area));
        index.add(-1, null);
        const near = new Set<number>();
        index.forEachNear(x, y, (one) => near.add(one));
        expect(near.has(-1)).toBe(true);
        areas.forEach((area, i) => {
          if (isInArea(area, x, y)) expect(near.has(i)).toBe(true);
        });
        areas.forEach((_, i) => index.remove(i));
        const left: number[] = [];
        index.forEachNear(x, y, (one) => left.push(one));
        expect(left).toEqual([-1]);
      }),
    );
  });
});
