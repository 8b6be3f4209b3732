import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import type { PlacedRaster } from "../pipeline/raster/placed.ts";

/** What a model finds in each of several tiles, all asked for at once. */
export const detectAll = (
  model: Pick<Detector, "detect">,
  tiles: readonly PlacedRaster[],
): Promise<readonly (readonly Detection[])[]> => Promise.all(tiles.map((tile) => model.detect(tile)));
