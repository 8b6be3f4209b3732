import { chips } from "./kinds/chips.ts";
import { detections } from "./kinds/detections.ts";
import { losslessTiles } from "./kinds/tile-lossless.ts";
import { lossyTiles } from "./kinds/tile-lossy.ts";

/**
 * Everything that a policy may send down. The place of a kind here is its number in envelopes, four bits: new ones go to the end.
 */
export const products = [detections, chips, losslessTiles, lossyTiles] as const;
