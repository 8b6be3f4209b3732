import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSwathError } from "../../../pipeline/errors.ts";
import {
  type Affine,
  applyAffine,
  footprint,
  type Georeference,
  invertAffine,
  lonLatBox,
  lonLatToPixel,
  pixelToLonLat,
} from "../../../pipeline/raster/georeference.ts";
import { proj4Definition, projectionOf } from "../../../pipeline/raster/projection.ts";

interface Golden {
  readonly crs: string;
  readonly transform: Affine;
  readonly pixel: readonly [number, number];
  readonly lonLat: readonly [number, number];
}

const golden: readonly Golden[] = JSON.parse(
  readFileSync(new URL("../../golden/datasets/projection.json", import.meta.url), "utf8"),
);

const georeference = (crs: string, transform: Affine): Georeference => ({
  crs,
  proj4: proj4Definition(crs) ?? "",
  transform,
});

describe("georeference", () => {
  it.each(golden)(
    "agrees with PROJ to a micro-degree: $crs at $pixel",
    ({ crs, transform, pixel, lonLat }) => {
      const geo = georeference(crs, transform);
      const [longitude, latitude] = pixelToLonLat(geo, ...pixel);
      // 1e-8 degrees is about a millimetre.
      expect(longitude).toBeCloseTo(lonLat[0], 7);
      expect(latitude).toBeCloseTo(lonLat[1], 7);
      const [column, row] = lonLatToPixel(geo, [longitude, latitude]);
      expect(column).toBeCloseTo(pixel[0], 4);
      expect(row).toBeCloseTo(pixel[1], 4);
    },
  );

  it("inverts every transform that can be inverted", () => {
    const size = fc.double({ min: 0.01, max: 100, noNaN: true });
    const place = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, size, place, place, place, place, (dx, dy, x0, y0, column, row) => {
        const affine: Affine = [dx, dx / 7, x0, dy / 5, -dy, y0];
        const [x, y] = applyAffine(affine, column, row);
        const back = applyAffine(invertAffine(affine), x, y);
        expect(Math.hypot(back[0] - column, back[1] - row)).toBeLessThan(1e-3);
      }),
    );
  });

  it("refuses a transform that folds the image onto a line", () => {
    expect(() => invertAffine([1, 2, 0, 2, 4, 0])).toThrow(/cannot be inverted/);
  });

  it("draws the footprint closed and counter-clockwise, and boxes it", () => {
    const geo = georeference("EPSG:32631", [10, 0, 400000, 0, -10, 4600000]);
    const ring = footprint(geo, 1536, 1024);
    expect(ring.at(0)).toEqual(ring.at(-1));
    const twiceArea = ring.slice(1).reduce((sum, [x, y], i) => {
      const [px, py] = ring[i] ?? [0, 0];
      return sum + px * y - x * py;
    }, 0);
    expect(twiceArea).toBeGreaterThan(0);
    const [west, south, east, north] = lonLatBox(ring);
    expect([west < east, south < north]).toEqual([true, true]);
  });

  it("keeps a box narrow across the antimeridian", () => {
    const geo = georeference("EPSG:4326", [0.01, 0, 179, 0, -0.01, 10]);
    const [west, , east] = lonLatBox(footprint(geo, 200, 100));
    expect(west).toBeCloseTo(179, 9);
    expect(east).toBeCloseTo(-179, 9);
    const [column] = lonLatToPixel(geo, pixelToLonLat(geo, 150, 20));
    expect(column).toBeCloseTo(150, 6);
  });

  it("says which definition it cannot read", () => {
    expect(proj4Definition("EPSG:2154")).toBeNull();
    expect(() => projectionOf("+proj=nonsense")).toThrow(expect.toSatisfy((e) => isSwathError(e, "raster")));
  });
});
