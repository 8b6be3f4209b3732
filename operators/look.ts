import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import type { Raster } from "../pipeline/raster/raster.ts";
import type { TileWork } from "./platform/tile-work.ts";
import type { ExposedAcquisition } from "./radiation/exposed-acquisition.ts";

/** What one look of the onboard model came to. */
export interface Look {
  /** In pixels of the tile. */
  readonly detections: readonly Detection[];
  /** What the model put out are not numbers. */
  readonly isLost: boolean;
}

/**
 * Lets the onboard model look at a tile. Outputs that are not numbers are an error, unless radiation has been at weights or
 * samples: then the tile is lost.
 */
export const lookAt = async (
  detector: Detector,
  hit: ExposedAcquisition | null,
  raster: Raster,
  signal: AbortSignal,
): Promise<Look> => {
  if (hit === null) return { detections: (await detector.detect([raster], signal))[0] ?? [], isLost: false };
  const found = await hit.detect(detector, raster, signal);
  return { detections: found ?? [], isLost: found === null };
};

/** What one look asks of the computer; nothing without a model. */
export const askOf = (detector: Detector | null, modelPixels: number): TileWork => ({
  modelPixels,
  opsPerPixel: detector?.info.opsPerPixel ?? 0,
  precision: detector?.info.precision ?? "fp32",
  encodedSamples: 0,
});
