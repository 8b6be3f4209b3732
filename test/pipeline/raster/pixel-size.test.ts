import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Affine } from "../../../pipeline/raster/georeference.ts";
import { groundPixel, pixelSize } from "../../../pipeline/raster/pixel-size.ts";

interface GoldenPixel {
  readonly name: string;
  readonly proj4: string;
  readonly transform: Affine;
  readonly across: number;
  readonly down: number;
  readonly side: number;
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/raster/pixel-size.json", import.meta.url), "utf8"),
) as readonly GoldenPixel[];

describe("pixels on the ground, against geodesics of PROJ", () => {
  test.each(golden)("$name", ({ proj4, transform, across, down, side }) => {
    const georeference = { crs: null, proj4, transform };
    const pixel = groundPixel(georeference, 0.5, 0.5);
    expect(Math.abs(pixel.across / across - 1)).toBeLessThan(1e-5);
    expect(Math.abs(pixel.down / down - 1)).toBeLessThan(1e-5);
    // The area of so small a polygon has few digits itself.
    expect(Math.abs(pixel.side / side - 1)).toBeLessThan(1e-4);
    expect(pixelSize({ georeference, width: 1, height: 1 })).toBe(pixel.side);
  });
});

test("a scene without a place has no metres", () =>
  expect(pixelSize({ georeference: null, width: 10, height: 10 })).toBeNull());
