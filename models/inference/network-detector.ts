import type { Detector } from "../../pipeline/detection/detector.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { ModelCard } from "../card/card.ts";
import type { Device } from "../../pipeline/detection/device.ts";
import { InferencePool } from "./pool.ts";
import { unpackDetections } from "./protocol.ts";
import { checkTile } from "../card/tile-check.ts";
import type { InferencePlan } from "./tile-inference.ts";
import type { InputTile } from "./tile-input.ts";
import { weightMemory } from "../runtimes/weight-memory.ts";

/** The part of a detector that runs: everything but its description. */
export interface DetectorEngine extends Omit<Detector, "info"> {
  /** As in `NetworkSession`. */
  readonly runtime: string | null;
}

/**
 * Loads a card's network into `threads` workers (the first one now, the others when there is work for them).
 * To keep them all busy, give several tiles at once or call `detect` again before the last call has answered.
 * Throws `SwathError("model")` when the network cannot be loaded or does not fit the card.
 */
export const openDetector = async (
  card: ModelCard,
  weights: Uint8Array,
  threads: number,
  where: string,
  device: Device,
): Promise<DetectorEngine> => {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new SwathError("config", {
      what: "inference threads",
      wanted: "a whole number ≥ 1",
      got: `${threads}`,
    });
  }
  const pool = new InferencePool(weights, planOf(card, where, device), threads);
  const runtime = await pool.open();
  return {
    runtime,
    weightBits: card.format === "onnx" ? weightMemory(weights, where).bits : 0,
    async detect(tiles, signal, flips) {
      const inputs = tiles.map((tile) => inputTileOf(tile, card, where));
      const rows = await allOrFirstError(inputs.map((tile) => pool.run(tile, signal, flips)));
      return rows.map(unpackDetections);
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
};

/** Like `Promise.all`, but the failures after the first one are heard as well. */
const allOrFirstError = async <T>(promises: readonly Promise<T>[]): Promise<T[]> => {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
};

/** How a card's network is run for detections. */
export const planOf = (card: ModelCard, where: string, device: Device): InferencePlan => ({
  where,
  answer: "detections",
  device,
  format: card.format,
  outputLayout: card.outputLayout,
  quantised: card.quantised,
  fit: card.input.fit,
  anchor: card.input.anchor,
  inputName: card.input.name,
  layout: card.input.layout,
  pixelOrder: card.input.pixelOrder,
  channels: card.bands.length,
  multipleOfPx: card.tile.multipleOfPx,
  head: card.head,
  classCount: card.classes.length,
  scoreThreshold: card.thresholds.score,
  maxDetections: card.maxDetections,
});

/** The grey of the margins that Ultralytics' and YOLOX's networks are trained with. */
const letterboxGrey = 114;

/** A tile with the numbers that turn its samples into input. Throws `SwathError("model")` when it does not fit the card. */
export const inputTileOf = (tile: Raster, card: ModelCard, where: string): InputTile => {
  checkTile(tile, card, where);
  const { width, height, bands, planes, valid } = tile;
  const { scale, mean, std, marginValue = card.units === "uint8" ? letterboxGrey : 0 } = card.input;
  const at = (values: readonly number[], i: number): number => values[i] as number;
  const physical = bands.map((band) => (card.units === "reflectance" ? band : { scale: 1, offset: 0 }));
  return {
    width,
    height,
    planes,
    valid,
    gain: physical.map((band, i) => (band.scale * scale) / at(std, i)),
    bias: physical.map((band, i) => (band.offset * scale - at(mean, i)) / at(std, i)),
    blank: card.bands.map((_, i) => -at(mean, i) / at(std, i)),
    margin: card.bands.map((_, i) => (marginValue * scale - at(mean, i)) / at(std, i)),
  };
};
