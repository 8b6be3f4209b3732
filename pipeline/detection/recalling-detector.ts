import type { Detection } from "./detection.ts";
import type { Detector } from "./detector.ts";
import { tileKey } from "./remembering-detector.ts";

/** What a model saw in tiles, by `tileKey`. */
export type SeenTiles = ReadonlyMap<string, readonly Detection[]>;

/** A detector that looks only at tiles that nobody has looked at before. What it gives is shared: nobody may change it. */
export const recallingDetector = (
  detector: Detector,
  recall: (key: string) => readonly Detection[] | undefined,
): Detector => ({
  ...detector,
  detect: async (tile, signal, flips) => {
    if (flips !== undefined && flips.length > 0) return await detector.detect(tile, signal, flips);
    return recall(tileKey(tile)) ?? (await detector.detect(tile, signal));
  },
});

/** A detector that tells what it saw, and in which tile. */
export const tellingDetector = (
  detector: Detector,
  told: (key: string, detections: readonly Detection[]) => void,
): Detector => ({
  ...detector,
  detect: async (tile, signal, flips) => {
    const detections = await detector.detect(tile, signal, flips);
    told(tileKey(tile), detections);
    return detections;
  },
});
