import { footprint, lonLatBox } from "../../pipeline/raster/georeference.ts";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";

/** Stretches of longitude without a wrap: two of a box across the antimeridian. */
const stretches = ([west, , east]: BoundingBox): readonly (readonly [number, number])[] =>
  west <= east
    ? [[west, east]]
    : [
        [west, 180],
        [-180, east],
      ];

const overlap = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number =>
  Math.max(0, Math.min(b, d) - Math.max(a, c));

/** Square degrees that two boxes share. */
const shared = (a: BoundingBox, b: BoundingBox): number => {
  const high = overlap([a[1], a[3]], [b[1], b[3]]);
  return stretches(a).reduce(
    (sum, one) => sum + stretches(b).reduce((part, other) => part + overlap(one, other) * high, 0),
    0,
  );
};

/**
 * The scene whose pixels stand for a look at an area: the one that covers most of it, the first of several alike; `null` where none reaches it.
 * By boxes in longitude and latitude.
 */
export const sceneFor = (bbox: BoundingBox, scenes: readonly Scene[]): Scene | null => {
  let best: Scene | null = null;
  let most = 0;
  for (const scene of scenes) {
    const { georeference, width, height } = scene;
    if (georeference === null) continue;
    const covered = shared(bbox, lonLatBox(footprint(georeference, width, height)));
    if (covered > most) [best, most] = [scene, covered];
  }
  return best;
};

/** The scenes that reach into an area, by boxes in longitude and latitude. */
export const scenesOver = (bbox: BoundingBox, scenes: readonly Scene[]): readonly Scene[] =>
  scenes.filter(({ georeference, width, height }) => {
    if (georeference === null) return false;
    return shared(bbox, lonLatBox(footprint(georeference, width, height))) > 0;
  });
