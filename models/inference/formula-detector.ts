import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { evaluate } from "../heads/band-maths.ts";
import type { FormulaCard } from "../card/card.ts";
import type { DetectorEngine } from "./network-detector.ts";
import { patchesOf } from "../heads/patches.ts";
import { checkTile } from "../card/tile-check.ts";

/**
 * Runs a formula over tiles, in the calling thread: some ten operations a pixel are less than handing the tile to another.
 * A detection is a patch of pixels that count, its score the mean over the patch (see `evaluate`).
 */
export const formulaDetector = (card: FormulaCard, where: string): Omit<DetectorEngine, "card"> => ({
  runtime: null,
  async detect(tile, signal) {
    signal?.throwIfAborted();
    checkTile(tile, card, where);
    return seenIn(tile, card);
  },
  [Symbol.asyncDispose]: async () => {},
});

const seenIn = (tile: Raster, { head, thresholds, maxDetections }: FormulaCard): readonly Detection[] => {
  const [a, b] = [0, 1].map((band) => reflectances(tile, band)) as [Float32Array, Float32Array];
  const { mask, score } = evaluate(head.formula, a, b, tile.valid, head.threshold);
  const limits = { strideCells: 1, scoreThreshold: thresholds.score, maxDetections };
  return patchesOf(mask, score, tile.width, { ...head, ...limits });
};

const reflectances = ({ planes, bands }: Raster, index: number): Float32Array => {
  const { scale = 1, offset = 0 } = bands[index] ?? {};
  // `from` with a function takes ten times as long.
  const out = Float32Array.from(planes[index] ?? []);
  for (let i = 0; i < out.length; i += 1) out[i] = (out[i] as number) * scale + offset;
  return out;
};
