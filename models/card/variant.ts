import { existsSync } from "node:fs";
import { SwathError } from "../../pipeline/errors.ts";
import { type AnyCard, isFormulaCard, type ModelCard } from "./card.ts";

/** A model as people name it: `ships-s2` or, one of its other files, `ships-s2:int8`. */
export interface ModelReference {
  readonly model: string;
  /** `null`: the card's own file. */
  readonly variant: string | null;
}

/** A path that exists is taken as it is, whatever colons are in it. */
export const parseReference = (reference: string): ModelReference => {
  const colon = reference.lastIndexOf(":");
  const variant = reference.slice(colon + 1);
  const isPlain = colon <= 0 || !/^[A-Za-z0-9_-]+$/.test(variant) || existsSync(reference);
  return isPlain ? { model: reference, variant: null } : { model: reference.slice(0, colon), variant };
};

/** The card as it reads for a file beside it, its own or a variant's; `null` when it speaks of no such file. */
export const cardOfFile = (card: ModelCard, file: string): ModelCard | null => {
  if (card.file === file) return card;
  const found = Object.entries(card.variants).find(([, variant]) => variant.file === file);
  return found === undefined ? null : (cardOfVariant(card, found[0]) as ModelCard);
};

/** The card as it reads for one of its variants. Throws `SwathError("model")` when it has none of that name. */
export const cardOfVariant = (card: AnyCard, variant: string | null): AnyCard => {
  if (variant === null) return card;
  const variants = isFormulaCard(card) ? {} : card.variants;
  const found = variants[variant];
  if (found !== undefined && !isFormulaCard(card)) {
    const { thresholds, looks, ...stated } = found;
    return {
      ...card,
      ...stated,
      name: `${card.name}:${variant}`,
      thresholds: { ...card.thresholds, ...thresholds },
      head: looks === undefined || card.head.kind !== "centre" ? card.head : { ...card.head, looks },
      variants: {},
    };
  }
  const names = Object.keys(variants).map((name) => `${card.name}:${name}`);
  throw new SwathError("model", {
    what: `model "${card.name}" has no variant "${variant}"`,
    wanted: [card.name, ...names].join(" or "),
  });
};
