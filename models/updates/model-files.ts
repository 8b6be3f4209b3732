import { createHash } from "node:crypto";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { type AnyCard, isFormulaCard } from "../card/card.ts";
import { type LoadedModel, loadModel } from "../model.ts";

/** Name of a model's card in its folder. */
export const cardName = "model.json";

/** A model as files: its card, and the files of its network. By their names, in the order of these. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** SHA-256 of a file as 64 hexadecimal digits. */
export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * What a whole model is called by: SHA-256 over the names and digests of its files. Two models of the same weights whose cards differ, in a
 * threshold for instance, find different things, and have different digests.
 */
export const modelDigest = (files: ReadonlyMap<string, { readonly sha256: string }>): string => {
  const hash = createHash("sha256");
  for (const [name, { sha256 }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${sha256}  ${name}\n`);
  return hash.digest("hex");
};

/** The same for files at hand. */
export const digestOfFiles = (files: ModelFiles): string =>
  modelDigest(new Map([...files].map(([name, bytes]) => [name, { sha256: sha256Of(bytes) }])));

/** A card as it goes up: always the same text. */
const cardText = (card: AnyCard): Uint8Array =>
  Buffer.from(
    canonicalText(
      // A variant is known by `name:variant`, which no card of its own may be called.
      isFormulaCard(card) ? card : { ...card, name: card.name.replaceAll(":", "-"), variants: {} },
    ),
  );

/** The files of a model that has been read. */
export const filesOf = (model: LoadedModel): ModelFiles => {
  const parts = "network" in model ? model.network.parts : [];
  return new Map([
    [cardName, cardText(model.card)] as const,
    ...parts.map(({ name, bytes }) => [name, bytes] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
};

/**
 * Reads what a reference leads to, with the files that would go up for it. Of a card with variants only the one that is named goes up.
 * Throws `SwathError("model")` as `loadModel` does.
 */
export const readModelFiles = async (
  reference: string,
): Promise<{ readonly card: AnyCard; readonly files: ModelFiles }> => {
  const loaded = await loadModel(reference);
  return { card: loaded.card, files: filesOf(loaded) };
};
