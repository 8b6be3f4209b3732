import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path";
import type { Detector, DetectorInfo } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import {
  type FormulaCard,
  isFormulaCard,
  opsOfCard,
  type AnyCard,
  type ModelCard,
  readCard,
} from "./card/card.ts";
import { cpu, type Device, deviceText } from "../pipeline/detection/device.ts";
import { reportingOnly, requireClasses } from "./inference/asked-classes.ts";
import { formulaDetector } from "./inference/formula-detector.ts";
import { locateModel } from "./card/location.ts";
import { openDetector } from "./inference/network-detector.ts";
import { checkNetwork, type NetworkFile, readCardNetwork, readNetwork } from "./card/network-file.ts";
import { cardFromMetadata } from "./card/ultralytics.ts";
import type { HeadSource } from "./inference/readiness.ts";
import { batchOf } from "./runtimes/fixed-batch.ts";
import { ensureOnnxLibrary } from "./runtimes/onnx-library.ts";
import { cardOfFile, cardOfVariant } from "./card/variant.ts";

/** How a model is opened. What is not given is the card's. */
export interface ModelOptions {
  /** Instead of the card's; a network of fixed size keeps its own. */
  readonly tileSizePx?: number;
  readonly overlapPx?: number;
  /** Score below which nothing is reported, instead of the card's. */
  readonly threshold?: number;
  /** The classes that are reported; all when not given. */
  readonly classes?: readonly string[];
  /** Inference threads; every core when not given. Changes no result. */
  readonly threads?: number;
  /** Where the network runs; the CPU when not given. Scores may differ in their last digits. */
  readonly device?: Device;
  /** Told what is fetched before the network can run. */
  readonly note?: (text: string) => void;
}

/** Sessions on a device that is not the CPU: one runs while the other's tile is made ready. */
const sessionsADevice = 2;

/** A detector with all that is known of it. */
export interface Model extends Detector {
  readonly card: AnyCard;
}

/**
 * Opens a model: a folder with a `model.json`, the name of a shipped model, or an ONNX file that has a card beside it or
 * metadata that says enough (Ultralytics exports). Its weights are read, checked against the card and loaded once.
 * Throws `SwathError("model")`: not there, card or checksum wrong, unsupported operator, input does not fit the bands, a device
 * that is not there.
 */
export const openModel = async (reference: string, options: ModelOptions = {}): Promise<Model> => {
  const loaded = await loadModel(reference);
  const { where } = loaded;
  requireClasses(options.classes ?? [], loaded.card.classes, where);
  const device = options.device ?? cpu;
  if (!("network" in loaded)) {
    requireCpu(device, "a formula", where);
    const card = withOptions(loaded.card, noSides, options, where);
    return reporting({ ...formulaDetector(card, where), info: infoOf(card, 1, null), card }, options);
  }
  const { network } = loaded;
  if (network.format === "tfjs") requireCpu(device, "a TensorFlow.js model", where);
  else await ensureOnnxLibrary(options.note ?? (() => undefined));
  const fixed = fixedSides(loaded.card, network);
  const asked = options.threads ?? availableParallelism();
  const threads = deviceText(device) === "cpu" ? asked : Math.min(asked, sessionsADevice);
  const chosen = { ...loaded, card: withOptions(loaded.card, fixed, options, where) };
  const { card, ...detector } = await openDetector(chosen, threads, device);
  // A network of one size sees every tile on its own grid; its last tiles are better shifted than padded.
  const gridPx = isAnyFixed(fixed) ? 1 : card.tile.multipleOfPx;
  const info = infoOf(card, gridPx, detector.runtime);
  const opsPerPixel = info.opsPerPixel * inputPixelsATilePixel(card, fixed) * batchSize(card, network);
  return reporting({ ...detector, info: { ...info, opsPerPixel }, card }, options);
};

/** The model, with the classes that are asked for alone. */
const reporting = (model: Model, { classes }: ModelOptions): Model =>
  classes === undefined
    ? model
    : { ...model, detect: reportingOnly({ info: model.info, detect: model.detect.bind(model) }, classes) };

/** Throws `SwathError("config")` for any other device. */
const requireCpu = (device: Device, what: string, where: string): void => {
  if (deviceText(device) === "cpu") return;
  const wanted = `cpu, where ${what} runs`;
  throw new SwathError("config", { what: `--device for ${where}`, wanted, got: deviceText(device) });
};

/** A letterbox makes a network compute on more or fewer pixels than the tile has. */
const inputPixelsATilePixel = ({ input, tile }: ModelCard, { width, height }: FixedSides): number =>
  input.fit === "pad" ? 1 : ((width ?? 1) * (height ?? 1)) / (tile.sizePx * (tile.heightPx ?? tile.sizePx));

/**
 * What a network says of itself, without loading it. Throws `SwathError("model")` as `openModel` does, and for a formula, which
 * has no network (`inspectModel` describes both).
 */
export const readModelCard = async (reference: string): Promise<ModelCard> => {
  const { card, where } = await loadModel(reference);
  if (!isFormulaCard(card)) return card;
  throw new SwathError("model", {
    what: where,
    wanted: "a network",
    got: `the formula ${card.head.formula}`,
  });
};

/** What a reference leads to, read and checked, not loaded. */
export type LoadedModel =
  | { readonly card: FormulaCard; readonly where: string }
  | {
      readonly card: ModelCard;
      /** Whether the card's head is stated, or a sketch until a trial has told it. */
      readonly headFrom: HeadSource;
      readonly network: NetworkFile;
      readonly where: string;
    };

/** Reads a model's card and weights. Throws `SwathError("model")` as `openModel` does. */
export const loadModel = async (reference: string): Promise<LoadedModel> => {
  const { cardPath, weightsPath, variant } = await locateModel(reference);
  if (cardPath !== null) {
    const beside = cardOfVariant(await readCard(cardPath), variant);
    if (!isFormulaCard(beside)) {
      // A card beside an ONNX file speaks for the files that it names only.
      const card = weightsPath === null ? beside : cardOfFile(beside, basename(weightsPath));
      if (card !== null) {
        const where = `model "${card.name}"`;
        const network = await readCardNetwork(dirname(cardPath), card, where);
        return { card, headFrom: "card", network, where };
      }
    } else if (weightsPath === null) return { card: beside, where: `model "${beside.name}"` };
  }
  const path = weightsPath as string;
  const where = `model ${basename(path)}`;
  const network = await readNetwork(path, where);
  checkNetwork(network, where);
  const card = cardFromMetadata(network.description, path, network.sha256);
  return { card, headFrom: "trial", network, where };
};

interface FixedSides {
  readonly width: number | null;
  readonly height: number | null;
}

const inputShape = ({ input }: ModelCard, { description }: NetworkFile): readonly (number | string)[] =>
  description.inputs.find(({ name }) => name === input.name)?.shape ?? [];

/** Images that the network computes for each one: it may be exported for several at once. */
const batchSize = (card: ModelCard, network: NetworkFile): number => batchOf(inputShape(card, network));

/** The sides of the image that the network itself fixes. */
const fixedSides = (card: ModelCard, network: NetworkFile): FixedSides => {
  const shape = inputShape(card, network);
  const [height, width] = card.input.layout === "NCHW" ? shape.slice(2, 4) : shape.slice(1, 3);
  const side = (length: number | string | undefined) => (typeof length === "number" ? length : null);
  return { width: side(width), height: side(height) };
};

const isAnyFixed = ({ width, height }: FixedSides): boolean => width !== null || height !== null;

const noSides: FixedSides = { width: null, height: null };

const withOptions = <Card extends AnyCard>(
  card: Card,
  fixed: FixedSides,
  options: ModelOptions,
  where: string,
): Card => {
  const { tileSizePx, overlapPx, threshold } = options;
  const isScaled = !isFormulaCard(card) && card.input.fit === "letterbox";
  const isFixed = isAnyFixed(fixed) && !isScaled;
  const own: AnyCard["tile"] | { readonly sizePx: number; readonly heightPx?: number } =
    tileSizePx === undefined || tileSizePx === card.tile.sizePx ? card.tile : { sizePx: tileSizePx };
  const sizePx = (isFixed ? fixed.width : null) ?? own.sizePx;
  const heightPx = (isFixed ? fixed.height : null) ?? own.heightPx ?? own.sizePx;
  const refuse = (what: string, wanted: string, got: number) =>
    new SwathError("config", { what: `${what} for ${where}`, wanted, got: `${got}` });
  if (isFixed && tileSizePx !== undefined && tileSizePx !== sizePx) {
    const sides = sizePx === heightPx ? `${sizePx}` : `${sizePx} (× ${heightPx})`;
    throw refuse("tile size", `${sides}, which the network fixes`, tileSizePx);
  }
  const step = isAnyFixed(fixed) ? 1 : card.tile.multipleOfPx;
  for (const side of [sizePx, heightPx]) {
    if (!Number.isInteger(side) || side < 1 || side > 16_384 || side % step !== 0) {
      throw refuse("tile size", `a multiple of ${step} up to 16384`, side);
    }
  }
  const shorter = Math.min(sizePx, heightPx);
  const overlap = overlapPx ?? Math.min(card.tile.overlapPx, Math.floor(shorter / 2));
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > shorter - step) {
    throw refuse("tile overlap", `a whole number from 0 to ${shorter - step}`, overlap);
  }
  const score = threshold ?? card.thresholds.score;
  if (!(score >= 0 && score <= 1)) throw refuse("score threshold", "0…1", score);
  const { heightPx: _height, ...tile } = card.tile;
  return {
    ...card,
    tile: { ...tile, sizePx, ...(heightPx === sizePx ? {} : { heightPx }), overlapPx: overlap },
    thresholds: { ...card.thresholds, score },
  };
};

const infoOf = (card: AnyCard, gridPx: number, runtime: string | null): DetectorInfo => ({
  name: card.name,
  version: card.version,
  sha256: isFormulaCard(card) ? formulaSha256(card) : card.sha256,
  classes: card.classes,
  bands: card.bands,
  tile: {
    sizePx: card.tile.sizePx,
    ...(card.tile.heightPx === undefined ? {} : { heightPx: card.tile.heightPx }),
    overlapPx: card.tile.overlapPx,
    ...(gridPx > 1 ? { gridPx } : {}),
  },
  scoreThreshold: card.thresholds.score,
  mergeIou: card.thresholds.mergeIou,
  opsPerPixel: opsOfCard(card),
  precision: card.precision,
  units: card.units,
  ...(runtime === null ? {} : { runtime }),
});

/** Stands for the weights that a formula does not have: a result can still say what made it. */
const formulaSha256 = ({ head, bands }: FormulaCard): string =>
  createHash("sha256")
    .update(JSON.stringify([head, bands]))
    .digest("hex");
