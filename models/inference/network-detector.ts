import type { Detector } from "../../pipeline/detection/detector.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { PlacedRaster } from "../../pipeline/raster/placed.ts";
import type { ModelCard } from "../card/card.ts";
import { cpu, type Device } from "../../pipeline/detection/device.ts";
import type { InputGuess } from "../card/input-guess.ts";
import { elementTypeName, isWholeType } from "../runtimes/element-types.ts";
import { InferencePool } from "./pool.ts";
import { unpackDetections } from "./protocol.ts";
import { checkTile } from "../card/tile-check.ts";
import type { NetworkFile } from "../card/network-file.ts";
import { headFromTrial, type HeadSource, trialOf } from "./readiness.ts";
import type { Trial } from "./trial.ts";
import type { InferencePlan } from "./tile-inference.ts";
import type { InputTile } from "./tile-input.ts";
import { weightMemory } from "../runtimes/weight-memory.ts";

/** The part of a detector that runs: everything but its description. */
export interface DetectorEngine extends Omit<Detector, "info"> {
  /** As in `NetworkSession`. */
  readonly runtime: string | null;
  /** With the head that a trial told. */
  readonly card: ModelCard;
}

/** A card with its network. */
export interface CardNetwork {
  readonly card: ModelCard;
  readonly headFrom: HeadSource;
  readonly headOptions?: Readonly<Record<string, unknown>>;
  readonly network: NetworkFile;
  /** Names the model in messages. */
  readonly where: string;
}

/**
 * Workers for a card's network, `threads` at most: the first one is started, has tried a tile, and the head is told by its answer.
 * Throws `SwathError("model")` when the network cannot be loaded, does not fit the card, or fits no head for certain.
 */
export const openPool = async (
  loaded: CardNetwork,
  threads: number,
  device: Device,
  answer: InferencePlan["answer"],
): Promise<OpenPool> => {
  const { card, network, where } = loaded;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new SwathError("config", {
      what: "inference threads",
      wanted: "a whole number ≥ 1",
      got: `${threads}`,
    });
  }
  const plan = { ...planOf(card, where, device), answer, trial: trialOf(card) };
  const pool = new InferencePool(network.bytes, plan, threads);
  try {
    const { runtime, trial } = await pool.open();
    const { metadata } = network.description;
    const { head, why } = headFromTrial({ ...loaded, metadata }, trial as Trial);
    pool.settle(head);
    return { pool, runtime, card: { ...card, head }, why };
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
};

/** What a network without a card answers to a tile of 0…1, or of 0…255 where it takes whole numbers. Throws `SwathError("model")`. */
export const tryNetwork = async (
  { format, bytes, description }: NetworkFile,
  { layout, channels, width, height }: InputGuess,
  sidePx: number,
  where: string,
): Promise<Trial> => {
  const [input] = description.inputs;
  const count = channels ?? 3;
  const most = isWholeType(elementTypeName(input?.elementType ?? 1)) ? 255 : 1;
  const pool = new InferencePool(
    bytes,
    {
      where,
      answer: "detections",
      trial: {
        sizePx: { width: width ?? sidePx, height: height ?? sidePx },
        low: Array.from({ length: count }, () => 0),
        high: Array.from({ length: count }, () => most),
      },
      isStrict: true,
      device: cpu,
      format,
      outputLayout: format === "tfjs" ? "NHWC" : "NCHW",
      quantised: "integer",
      fit: "pad",
      anchor: "centre",
      inputName: input?.name ?? "",
      layout,
      pixelOrder: "layout",
      channels: count,
      multipleOfPx: 1,
      head: { kind: "classify", activation: "none" },
      classCount: 1,
      scoreThreshold: 0,
      maxDetections: 1,
      mergeIou: 1,
    },
    1,
  );
  try {
    return (await pool.open()).trial as Trial;
  } finally {
    await pool[Symbol.asyncDispose]();
  }
};

/** A pool of workers with a loaded network, and the head that reads its outputs. */
export interface OpenPool {
  readonly pool: InferencePool;
  readonly runtime: string | null;
  /** With the head that was told. */
  readonly card: ModelCard;
  /** Why it is this head. */
  readonly why: string;
}

/**
 * Opens a card's network for detections. Throws `SwathError("model")` as `openPool` does.
 */
export const openDetector = async (
  loaded: CardNetwork,
  threads: number,
  device: Device,
): Promise<DetectorEngine> => {
  const { network, where } = loaded;
  const { pool, runtime, card } = await openPool(loaded, threads, device, "detections");
  return {
    runtime,
    card,
    weightBits: card.format === "onnx" ? weightMemory(network.bytes, where).bits : 0,
    async detect(tile, signal, flips) {
      return unpackDetections(await pool.run(inputTileOf(tile, card, where), signal, flips));
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
};

/** How a card's network is run for detections. */
export const planOf = (card: ModelCard, where: string, device: Device): InferencePlan => ({
  where,
  answer: "detections",
  trial: null,
  isStrict: true,
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
  mergeIou: card.thresholds.mergeIou,
});

/** The grey of the margins that Ultralytics' and YOLOX's networks are trained with. */
const letterboxGrey = 114;

/** A tile with the numbers that turn its samples into input. Throws `SwathError("model")` when it does not fit the card. */
export const inputTileOf = (tile: PlacedRaster, card: ModelCard, where: string): InputTile => {
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
    ...(tile.sceneMiddlePx === undefined ? {} : { sceneMiddlePx: tile.sceneMiddlePx }),
    gain: physical.map((band, i) => (band.scale * scale) / at(std, i)),
    bias: physical.map((band, i) => (band.offset * scale - at(mean, i)) / at(std, i)),
    blank: card.bands.map((_, i) => -at(mean, i) / at(std, i)),
    margin: card.bands.map((_, i) => (marginValue * scale - at(mean, i)) / at(std, i)),
  };
};
