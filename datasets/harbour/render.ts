import type { Label } from "../../pipeline/detection/detection.ts";
import type { Seeded } from "../../pipeline/seeded.ts";
import { canvas } from "./canvas.ts";
import { type CoastShape, coastWithPort, openSea } from "./coast.ts";
import { paintSky, type Sky } from "./cloud.ts";
import { type FleetSize, planFleet } from "./ship-places.ts";
import { type LandShape, paintLand, paintPort, paintRoads } from "./land.ts";
import type { Grid } from "./noise-field.ts";
import { paintSea, paintWhitecaps, type SeaState } from "./sea.ts";
import { sense } from "./sensor.ts";
import { paintShip, type Ship } from "./ship.ts";
import { paintWake } from "./wake.ts";

/** All that makes one scene besides its seed. */
export interface SceneRecipe {
  readonly size: number;
  /** `null` for the open sea. */
  readonly coast: Omit<CoastShape, "size"> | null;
  readonly land: LandShape;
  readonly sea: SeaState;
  readonly whitecaps: number;
  readonly sky: Sky;
  readonly fleet: FleetSize;
}

/** A rendered scene: pixels and labels. */
export interface RenderedScene {
  /** Counts, in the order of `bandNames`. */
  readonly planes: readonly Uint16Array[];
  readonly labels: readonly Label[];
}

/** Above this opacity nobody can tell a ship from the cloud. */
const hidden = 0.55;

const isHidden = (ship: Ship, opacity: Grid): boolean => {
  const [x, y] = [Math.floor(ship.x), Math.floor(ship.y)];
  return (opacity.values[y * opacity.width + x] ?? 0) > hidden;
};

/** Paints a scene from the ground up: sea, land, port, wakes, ships, sky, sensor. Same recipe and seed, same pixels. */
export const renderScene = (recipe: SceneRecipe, rng: Seeded): RenderedScene => {
  const { size, sea, sky } = recipe;
  const target = canvas(size, size);
  const coast = recipe.coast ? coastWithPort({ ...recipe.coast, size }, rng.split("coast")) : openSea(size);
  const shadow = Math.hypot(sky.shadowX, sky.shadowY) || 1;
  const sun = [-sky.shadowX / shadow, -sky.shadowY / shadow] as const;

  const glint = paintSea(target, coast, sea, rng.split("sea"));
  paintWhitecaps(target, glint, recipe.whitecaps, rng.split("whitecaps"));
  if (recipe.coast) {
    paintLand(target, coast, recipe.land, sun, rng.split("land"));
    paintRoads(target, coast, 9, rng.split("roads"));
    paintPort(target, coast, rng.split("port"));
  }
  const fleet = planFleet(coast, recipe.fleet, rng.split("fleet"));
  for (const ship of fleet) paintWake(target, glint, ship);
  const drawn = fleet.map((ship) => ({ ship, boxPx: paintShip(target, ship, sun) }));
  const opacity = paintSky(target, sky, rng.split("sky"));
  const labels = drawn.flatMap(({ ship, boxPx }) =>
    boxPx ? [{ className: "ship", boxPx, ...(isHidden(ship, opacity) ? { ignore: true } : {}) }] : [],
  );
  return { planes: sense(target, rng.split("sensor")), labels };
};
