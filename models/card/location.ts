import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { packageRoot } from "../../pipeline/package.ts";
import { statIfThere } from "../../pipeline/stat-if-there.ts";
import { isTfjsFile } from "../runtimes/tfjs-bundle.ts";
import { parseReference } from "./variant.ts";

/** Where a reference leads: a card, a weights file, or a weights file with a card beside it. */
export type ModelLocation = (
  | { readonly cardPath: string; readonly weightsPath: string | null }
  | { readonly cardPath: null; readonly weightsPath: string }
) & {
  /** Which of the card's files is meant; `null`: its first. */
  readonly variant: string | null;
};

/** Weights and cards are not copied by the build. */
const shippedFolder = join(packageRoot, "models", "shipped");

/** Names of the models that come with Swath. */
export const shippedModels = async (): Promise<readonly string[]> => {
  const entries = await readdir(shippedFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(shippedFolder, entry.name, "model.json")))
    .map(({ name }) => name)
    .sort();
};

/**
 * Finds a folder with a card, a card, an ONNX file or a shipped model, each with a `:variant` where one is wanted.
 * Throws `SwathError("model")` when it is none.
 */
export const locateModel = async (reference: string): Promise<ModelLocation> => {
  const { model, variant } = parseReference(reference);
  const found = await statIfThere(model, "model");
  if (found?.isFile()) {
    const isNetwork = !model.endsWith(".json") || (await isTfjsFile(model));
    if (!isNetwork) return { cardPath: model, weightsPath: null, variant };
    const beside = join(dirname(model), "model.json");
    const isCard = beside !== model && existsSync(beside) && !(await isTfjsFile(beside));
    return { cardPath: isCard ? beside : null, weightsPath: model, variant };
  }
  const folders = found?.isDirectory() ? [model] : [];
  if (/^[A-Za-z0-9._-]+$/.test(model)) folders.push(join(shippedFolder, model));
  const cardPath = folders.map((folder) => join(folder, "model.json")).find((path) => existsSync(path));
  if (cardPath !== undefined && (await isTfjsFile(cardPath))) {
    // TensorFlow.js calls its own file so.
    return { cardPath: null, weightsPath: cardPath, variant };
  }
  if (cardPath !== undefined) return { cardPath, weightsPath: null, variant };
  throw new SwathError("model", {
    what: `model "${model}"`,
    wanted: `a folder with a model.json, a file.onnx, a TensorFlow.js model.json, or one of: ${(await shippedModels()).join(", ") || "(none shipped)"}`,
    got: found ? "a folder without model.json" : "nothing of that name",
  });
};
