import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";

/*
 * What products are worth to the ground, for the rules of the store that weigh them: assumed, on one scale. An object that is
 * certain to be there counts one, and so does a megapixel of ground that can be seen.
 */

/** Of a batch: the objects that it is expected to hold, and one for knowing that the scene was looked at. */
export const worthOfDetections = (detections: readonly Detection[]): number =>
  detections.reduce((sum, { score }) => sum + score, 1);

/** Of chips: what looking at each can settle, all of it at a score of one half and nothing where the model is certain. */
export const worthOfChips = (scores: readonly number[]): number =>
  scores.reduce((sum, score) => sum + 1 - Math.abs(2 * score - 1), 0);

/** Of a tile: the megapixels that hold a measurement, less the share that is under cloud where somebody looked. */
export const worthOfTile = ({ width, height, valid }: Raster, cloudShare: number): number => {
  let measured = width * height;
  if (valid !== null) measured = valid.reduce((sum, one) => sum + one, 0);
  return (measured / 1e6) * (1 - cloudShare);
};
