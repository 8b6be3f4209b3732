import { geoContains } from "d3-geo";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nightAt } from "../../../console/map/night.ts";
import { swathBand } from "../../../console/map/swath-band.ts";
import { sunElevation } from "../../../pipeline/orbit/sun.ts";
import { degrees, instant } from "../../../pipeline/units.ts";

const moment = fc.integer({ min: 1_767_225_600, max: 1_900_000_000 }).map(instant);
const lon = fc.integer({ min: -179, max: 179 });
const lat = fc.integer({ min: -89, max: 89 });

describe("night", () => {
  it("is where the Sun is down by the ephemeris that acquisitions are planned with, but for a rim", () => {
    fc.assert(
      fc.property(moment, lon, lat, (t, x, y) => {
        const height = sunElevation(degrees(x), degrees(y), t);
        // The vertical of the ellipsoid leans by 0.2° at most, and the polygon has corners.
        fc.pre(Math.abs(height) > 0.5 && Math.abs(height - 10) > 0.5);
        const { dark, low } = nightAt(t);
        expect(geoContains(dark, [x, y])).toBe(height < 0);
        expect(geoContains(low, [x, y])).toBe(height < 10);
      }),
    );
  });

  it("has the Sun overhead where it says", () => {
    fc.assert(
      fc.property(moment, (t) => {
        const [x, y] = nightAt(t).sun;
        expect(sunElevation(degrees(x), degrees(y), t)).toBeGreaterThan(89.7);
      }),
    );
  });
});

describe("the swath", () => {
  it("holds the track and not the world beside it", () => {
    const track = Array.from({ length: 10 }, (_, i) => ({
      lonLat: [10, i] as const,
      height: 500_000,
      heading: 0,
      sunlit: true,
    }));
    const band = swathBand(track, 111_195);
    if (band === null) throw new Error("no band");
    expect(geoContains(band, [10, 4.5])).toBe(true);
    expect(geoContains(band, [10.8, 4.5])).toBe(true);
    expect(geoContains(band, [11.3, 4.5])).toBe(false);
    expect(geoContains(band, [-170, -4.5])).toBe(false);
  });
});
