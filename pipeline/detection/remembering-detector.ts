import { ByteCache } from "../byte-cache.ts";
import { contentKey } from "../raster/content-key.ts";
import type { Detection } from "./detection.ts";
import type { Detector } from "./detector.ts";

/** A name that two tiles share only if a model sees the same in them: their pixels, what these mean, and where they lie in the scene. */
export const tileKey = (tile: Parameters<Detector["detect"]>[0]): string =>
  contentKey(tile, JSON.stringify([tile.bands, tile.sceneMiddlePx ?? null]));

/** What the detections of a tile take in memory, with what holds them; bytes. */
const usualTile = 8000;

/** So much is kept: 8,000 tiles. */
const usualMemory = 64e6;

/**
 * A detector that looks at the same tile once: policies fly over the same scenes, and what a model says depends on the pixels, what they
 * mean and where they lie in the scene alone (see `Detector.detect`). Tiles are known by the whole of their content. With weights turned over
 * it asks anew each time. What it gives is shared: nobody may change it. Disposes of `detector`.
 */
export const rememberingDetector = <Asked extends Detector>(
  detector: Asked,
  memoryBytes: number = usualMemory,
): Asked => {
  const known = new ByteCache<readonly Detection[]>(memoryBytes);
  return {
    ...detector,
    detect: (tile, signal, flips) => {
      if (flips !== undefined && flips.length > 0) return detector.detect(tile, signal, flips);
      return known.get(tileKey(tile), usualTile, () => detector.detect(tile, signal));
    },
    [Symbol.asyncDispose]: async () => {
      known.clear();
      await detector[Symbol.asyncDispose]();
    },
  };
};
