import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxBetween } from "../../../console/map/box-between.ts";
import { areaPolygon, boxOf } from "../../../console/page/subscriptions.ts";
import { boxArea, isInArea, readWatchArea } from "../../../stations/subscribers/watch-area.ts";

const corner = fc.tuple(
  fc.integer({ min: -1799, max: 1799 }).map((tenths) => tenths / 10),
  fc.integer({ min: -800, max: 800 }).map((tenths) => tenths / 10),
);

describe("a box drawn between two corners", () => {
  it("takes the short way across the antimeridian, for the map, the command line and the server alike", () => {
    const box = boxBetween([170, 10], [-170, -5]);
    expect(box).toEqual([
      [170, -5],
      [170, 10],
      [190, 10],
      [190, -5],
    ]);
    expect(boxOf(box)).toBe("170,-5,-170,10");
    const area = readWatchArea(areaPolygon(box), "area");
    expect([isInArea(area, 179, 0), isInArea(area, -179, 0), isInArea(area, 0, 0)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("is the same from whichever corner it is drawn, spans at most half the Earth, and means one area", () => {
    fc.assert(
      fc.property(corner, corner, corner, (a, b, place) => {
        const box = boxBetween(a, b);
        const [[west], , [east]] = box as [[number, number], unknown, [number, number]];
        expect(east - west).toBeLessThanOrEqual(180);
        if (Math.abs(east - west) < 180) expect(boxOf(boxBetween(b, a))).toBe(boxOf(box));
        fc.pre(east - west > 0.1 && east - west < 179.9 && a[1] !== b[1]);
        const [w, s, e, n] = boxOf(box).split(",").map(Number) as [number, number, number, number];
        const [asBox, asPolygon] = [boxArea([w, s, e, n]), readWatchArea(areaPolygon(box), "area")];
        const [lon, lat] = [place[0] + 0.05, place[1] + 0.05];
        expect(isInArea(asPolygon, lon, lat)).toBe(isInArea(asBox, lon, lat));
      }),
    );
  });
});
