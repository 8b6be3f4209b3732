import { metres, toRadians, degrees, type Metres } from "../units.ts";
import { type Georeference, pixelToLonLat } from "./georeference.ts";
import type { LonLat } from "./projection.ts";
import type { Scene } from "./scene.ts";

/** WGS 84: semi-major axis in metres, and the square of the first eccentricity. */
const semiMajor = 6_378_137;
const eccentricity2 = 0.006_694_379_990_141_316;

/** Metres on the ellipsoid for a radian of latitude and of longitude, at a latitude (its principal radii of curvature). */
const radiiAt = (latitude: number): { readonly north: number; readonly east: number } => {
  const sin = Math.sin(toRadians(degrees(latitude)));
  const flat = 1 - eccentricity2 * sin ** 2;
  const prime = semiMajor / Math.sqrt(flat);
  return {
    north: (prime * (1 - eccentricity2)) / flat,
    east: prime * Math.cos(toRadians(degrees(latitude))),
  };
};

type Step = readonly [east: number, north: number];

const stepBetween = (from: LonLat, to: LonLat): Step => {
  const { north, east } = radiiAt((from[1] + to[1]) / 2);
  const turn = ((((to[0] - from[0] + 180) % 360) + 360) % 360) - 180;
  return [toRadians(degrees(turn)) * east, toRadians(degrees(to[1] - from[1])) * north];
};

/** The ground under a pixel: how far a step along a row and one along a column go. */
export interface GroundPixel {
  readonly across: Metres;
  readonly down: Metres;
  /** The root of its area: the side of a square that covers as much ground. */
  readonly side: Metres;
}

/**
 * A pixel on the ground, on the ellipsoid, wherever its grid is stretched: 10 m of Web Mercator are 5.8 m at 54.5° north.
 * `column` and `row` are the middle of the pixel. `NaN` where the grid is off the Earth.
 */
export const groundPixel = (georeference: Georeference, column: number, row: number): GroundPixel => {
  const at = (dx: number, dy: number): LonLat => pixelToLonLat(georeference, column + dx, row + dy);
  const [ax, ay] = stepBetween(at(-0.5, 0), at(0.5, 0));
  const [bx, by] = stepBetween(at(0, -0.5), at(0, 0.5));
  return {
    across: metres(Math.hypot(ax, ay)),
    down: metres(Math.hypot(bx, by)),
    side: metres(Math.sqrt(Math.abs(ax * by - ay * bx))),
  };
};

/** Side of a pixel on the ground in the middle of the scene. Whatever states metres takes it from here. `null` without a georeference. */
export const pixelSize = ({
  georeference,
  width,
  height,
}: Pick<Scene, "georeference" | "width" | "height">): Metres | null =>
  georeference === null ? null : groundPixel(georeference, width / 2, height / 2).side;
