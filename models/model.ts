import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path";
import type { Detector, DetectorInfo } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import {
  type FormulaCard,
  isFormulaCard,
  type AnyCard,
  type ModelCard,
  readCard,
  readCardWeights,
  readWeights,
  type Weights,
} from "./card.ts";
import { formulaDetector } from "./formula-detector.ts";
import { locateModel } from "./location.ts";
import { openDetector } from "./onnx-detector.ts";
import { checkOperators, type OnnxFile, readOnnxFile } from "./onnx-file.ts";
import { cardFromMetadata } from "./ultralytics.ts";
import { cardOfVariant } from "./variant.ts";

export interface ModelOptions {
  /** Instead of the card's; a network of fixed size keeps its own. */
  readonly tileSizePx?: number;
  readonly overlapPx?: number;
  /** Score below which nothing is reported, instead of the card's. */
  readonly threshold?: number;
  /** Inference threads; every core when not given. Changes no result. */
  readonly threads?: number;
}

/** A detector with all that is known of it. */
export interface Model extends Detector {
  readonly card: AnyCard;
}

/**
 * Opens a model: a folder with a `model.json`, the name of a shipped model, or an ONNX file that has a card beside it or
 * metadata that says enough (Ultralytics exports). Its weights are read, checked against the card and loaded once.
 * Throws `SwathError("model")`: not there, card or checksum wrong, unsupported operator, input does not fit the bands.
 */
export const openModel = async (reference: string, options: ModelOptions = {}): Promise<Model> => {
  const loaded = await loadModel(reference);
  const { where } = loaded;
  if (!("weights" in loaded)) {
    const card = withOptions(loaded.card, [], options, where);
    return { ...formulaDetector(card, where), info: infoOf(card, 1), card };
  }
  const fixed = fixedSides(loaded.card, loaded.file);
  const card = withOptions(loaded.card, fixed, options, where);
  const threads = options.threads ?? availableParallelism();
  const detector = await openDetector(card, loaded.weights.bytes, threads, where);
  // A network of one size sees every tile on its own grid; its last tiles are better shifted than padded.
  return { ...detector, info: infoOf(card, fixed.length > 0 ? 1 : card.tile.multipleOfPx), card };
};

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

type LoadedModel =
  | { readonly card: FormulaCard; readonly where: string }
  | {
      readonly card: ModelCard;
      readonly weights: Weights;
      readonly file: OnnxFile;
      readonly where: string;
    };

const loadModel = async (reference: string): Promise<LoadedModel> => {
  const { cardPath, weightsPath, variant } = await locateModel(reference);
  const check = (weights: Weights, where: string): OnnxFile => {
    const file = readOnnxFile(weights.bytes, where);
    checkOperators(file, where);
    return file;
  };
  if (cardPath !== null) {
    const card = cardOfVariant(await readCard(cardPath), variant);
    const where = `model "${card.name}"`;
    if (!isFormulaCard(card)) {
      // A card beside an ONNX file speaks for that file only.
      if (weightsPath === null || card.file === basename(weightsPath)) {
        const weights = await readCardWeights(dirname(cardPath), card);
        return { card, weights, file: check(weights, where), where };
      }
    } else if (weightsPath === null) return { card, where };
  }
  const path = weightsPath as string;
  const weights = await readWeights(path);
  const where = `model ${basename(path)}`;
  const file = check(weights, where);
  return { card: cardFromMetadata(file, path, weights.sha256), weights, file, where };
};

/** The sides of the image that the network itself fixes. */
const fixedSides = ({ input }: ModelCard, file: OnnxFile): readonly number[] => {
  const shape = file.inputs.find(({ name }) => name === input.name)?.shape ?? [];
  const sides = input.layout === "NCHW" ? shape.slice(2, 4) : shape.slice(1, 3);
  return sides.filter((side) => typeof side === "number");
};

const withOptions = <Card extends AnyCard>(
  card: Card,
  fixed: readonly number[],
  options: ModelOptions,
  where: string,
): Card => {
  const { tileSizePx, overlapPx, threshold } = options;
  const sizePx = fixed.length > 0 ? Math.min(...fixed) : (tileSizePx ?? card.tile.sizePx);
  const refuse = (what: string, wanted: string, got: number) =>
    new SwathError("config", { what: `${what} for ${where}`, wanted, got: `${got}` });
  if (fixed.length > 0 && tileSizePx !== undefined && tileSizePx !== sizePx) {
    throw refuse("tile size", `${sizePx}, which the network fixes`, tileSizePx);
  }
  const step = fixed.length > 0 ? 1 : card.tile.multipleOfPx;
  if (!Number.isInteger(sizePx) || sizePx < 1 || sizePx > 16_384 || sizePx % step !== 0) {
    throw refuse("tile size", `a multiple of ${step} up to 16384`, sizePx);
  }
  const overlap = overlapPx ?? Math.min(card.tile.overlapPx, Math.floor(sizePx / 2));
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > sizePx - step) {
    throw refuse("tile overlap", `a whole number from 0 to ${sizePx - step}`, overlap);
  }
  const score = threshold ?? card.thresholds.score;
  if (!(score >= 0 && score <= 1)) throw refuse("score threshold", "0…1", score);
  return {
    ...card,
    tile: { ...card.tile, sizePx, overlapPx: overlap },
    thresholds: { ...card.thresholds, score },
  };
};

const infoOf = (card: AnyCard, gridPx: number): DetectorInfo => ({
  name: card.name,
  version: card.version,
  sha256: isFormulaCard(card) ? formulaSha256(card) : card.sha256,
  classes: card.classes,
  bands: card.bands,
  tile: {
    sizePx: card.tile.sizePx,
    overlapPx: card.tile.overlapPx,
    ...(gridPx > 1 ? { gridPx } : {}),
  },
  scoreThreshold: card.thresholds.score,
  mergeIou: card.thresholds.mergeIou,
  opsPerPixel: card.opsPerPixel,
  precision: card.precision,
});

/** Stands for the weights that a formula does not have: a result can still say what made it. */
const formulaSha256 = ({ head, bands }: FormulaCard): string =>
  createHash("sha256")
    .update(JSON.stringify([head.formula, head.threshold ?? null, head.minPixels, bands]))
    .digest("hex");
