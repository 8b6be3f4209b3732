import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Detector, DetectorInfo } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import { type ModelCard, readCard, readCardWeights, readWeights, type Weights } from "./card.ts";
import { openDetector } from "./onnx-detector.ts";
import { checkOperators, type OnnxFile, readOnnxFile } from "./onnx-file.ts";
import { cardFromMetadata } from "./ultralytics.ts";

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
  readonly card: ModelCard;
}

/**
 * Opens a model: a folder with a `model.json`, the name of a shipped model, or an ONNX file that has a card beside it or
 * metadata that says enough (Ultralytics exports). Its weights are read, checked against the card and loaded once.
 * Throws `SwathError("model")`: not there, card or checksum wrong, unsupported operator, input does not fit the bands.
 */
export const openModel = async (reference: string, options: ModelOptions = {}): Promise<Model> => {
  const { card, weights, file, where } = await loadModel(reference);
  const chosen = withOptions(card, file, options, where);
  const detector = await openDetector(
    chosen,
    weights.bytes,
    options.threads ?? availableParallelism(),
    where,
  );
  return { ...detector, info: infoOf(chosen), card: chosen };
};

/** What a model says of itself, without loading its network. Throws `SwathError("model")` as `openModel` does. */
export const readModelCard = async (reference: string): Promise<ModelCard> =>
  (await loadModel(reference)).card;

/** Names of the models that come with Swath. */
export const shippedModels = async (): Promise<readonly string[]> => {
  const root = shippedFolder();
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "model.json")))
    .map(({ name }) => name)
    .sort();
};

interface LoadedModel {
  readonly card: ModelCard;
  readonly weights: Weights;
  readonly file: OnnxFile;
  readonly where: string;
}

const loadModel = async (reference: string): Promise<LoadedModel> => {
  const { cardPath, weightsPath } = await locate(reference);
  const check = (weights: Weights, where: string): OnnxFile => {
    const file = readOnnxFile(weights.bytes, where);
    checkOperators(file, where);
    return file;
  };
  if (cardPath !== null) {
    const card = await readCard(cardPath);
    // A card beside an ONNX file speaks for that file only.
    if (weightsPath === null || card.file === basename(weightsPath)) {
      const weights = await readCardWeights(dirname(cardPath), card);
      const where = `model "${card.name}"`;
      return { card, weights, file: check(weights, where), where };
    }
  }
  const path = weightsPath as string;
  const weights = await readWeights(path);
  const where = `model ${basename(path)}`;
  const file = check(weights, where);
  return { card: cardFromMetadata(file, path, weights.sha256), weights, file, where };
};

/** A card, a weights file, or a weights file with a card beside it: never neither. */
const locate = async (
  reference: string,
): Promise<{ readonly cardPath: string | null; readonly weightsPath: string | null }> => {
  const found = await stat(reference).catch(() => null);
  if (found?.isFile()) {
    if (reference.endsWith(".json")) return { cardPath: reference, weightsPath: null };
    const beside = join(dirname(reference), "model.json");
    return { cardPath: existsSync(beside) ? beside : null, weightsPath: reference };
  }
  const folders = found?.isDirectory() ? [reference] : [];
  if (/^[A-Za-z0-9._-]+$/.test(reference)) folders.push(join(shippedFolder(), reference));
  const cardPath = folders.map((folder) => join(folder, "model.json")).find((path) => existsSync(path));
  if (cardPath !== undefined) return { cardPath, weightsPath: null };
  throw new SwathError("model", {
    what: `model "${reference}"`,
    wanted: `a folder with a model.json, a file.onnx, or one of: ${(await shippedModels()).join(", ") || "(none shipped)"}`,
    got: found ? "a folder without model.json" : "nothing of that name",
  });
};

/** `models/` of the package, from the sources and from `dist/` alike: the weights are not copied by the build. */
const shippedFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, "models");
};

const withOptions = (card: ModelCard, file: OnnxFile, options: ModelOptions, where: string): ModelCard => {
  const { tileSizePx, overlapPx, threshold } = options;
  const shape = file.inputs.find(({ name }) => name === card.input.name)?.shape ?? [];
  const sides = card.input.layout === "NCHW" ? shape.slice(2, 4) : shape.slice(1, 3);
  const fixed = sides.filter((side) => typeof side === "number");
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
  if (!Number.isInteger(overlap) || overlap < 0 || overlap >= sizePx) {
    throw refuse("tile overlap", `a whole number from 0 to ${sizePx - 1}`, overlap);
  }
  const score = threshold ?? card.thresholds.score;
  if (!(score >= 0 && score <= 1)) throw refuse("score threshold", "0…1", score);
  return {
    ...card,
    tile: { ...card.tile, sizePx, overlapPx: overlap },
    thresholds: { ...card.thresholds, score },
  };
};

const infoOf = (card: ModelCard): DetectorInfo => ({
  name: card.name,
  version: card.version,
  sha256: card.sha256,
  classes: card.classes,
  bands: card.bands,
  tile: { sizePx: card.tile.sizePx, overlapPx: card.tile.overlapPx },
  scoreThreshold: card.thresholds.score,
  mergeIou: card.thresholds.mergeIou,
  opsPerPixel: card.opsPerPixel,
  precision: card.precision,
});
