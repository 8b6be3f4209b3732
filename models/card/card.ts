import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { formulaCardSchema, networkCardSchema } from "./card-schema.ts";
import { bandsOfFormula } from "../heads/formulas.ts";

/** What a network expects and gives: `model.json` beside its weights. Written as `swath-model/1`. */
export type ModelCard = z.output<typeof networkCardSchema>;

/** What a formula over bands expects and gives: a `model.json` alone. */
export type FormulaCard = z.output<typeof formulaCardSchema>;

/** The card of a network, or of a formula over bands. */
export type AnyCard = ModelCard | FormulaCard;

/** Told by the head: only a formula needs no weights. */
export const isFormulaCard = (card: AnyCard): card is FormulaCard => card.head.kind === "bandmaths";

/** Operations a pixel of a tile: those of the network, as often as it looks. */
export const opsOfCard = ({ head, opsPerPixel }: AnyCard): number =>
  head.kind === "centre" ? opsPerPixel * head.looks : opsPerPixel;

const issueLine = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length > 0 ? issue.path.join(".") : "card"}: ${issue.message}`;

/** Validates what was read as a card. `where` names it in messages. Throws `SwathError("model")`. */
export const parseCard = (value: unknown, where: string): AnyCard => {
  const parsed = namesFormula(value)
    ? formulaCardSchema.safeParse(value)
    : networkCardSchema.safeParse(value);
  const issues = parsed.success ? crossIssues(parsed.data) : parsed.error.issues.map(issueLine);
  if (!parsed.success || issues.length > 0) {
    throw new SwathError("model", {
      what: `model card ${where}`,
      wanted: "a swath-model/1 card",
      got: issues.slice(0, 3).join("; ") + (issues.length > 3 ? `; and ${issues.length - 3} more` : ""),
    });
  }
  return parsed.data;
};

/** The same for a card that has to be a network's. */
export const parseModelCard = (value: unknown, where: string): ModelCard => {
  const card = parseCard(value, where);
  if (!isFormulaCard(card)) return card;
  throw new SwathError("model", {
    what: `model card ${where}`,
    wanted: "a network's head",
    got: card.head.kind,
  });
};

/** Decides which schema speaks, so that its complaints are about the card meant. */
const namesFormula = (value: unknown): boolean =>
  (value as { head?: { kind?: unknown } } | null)?.head?.kind === "bandmaths";

/** What one field cannot say alone. */
const crossIssues = (card: AnyCard): string[] => {
  const { tile, gsdMetres } = card;
  const issues = isFormulaCard(card) ? formulaIssues(card) : networkIssues(card);
  const { sizePx, heightPx = sizePx } = tile;
  if (tile.overlapPx >= Math.min(sizePx, heightPx)) issues.push("tile.overlapPx: not below tile.sizePx");
  if (heightPx % tile.multipleOfPx !== 0) issues.push("tile.heightPx: no multiple of tile.multipleOfPx");
  if (tile.sizePx % tile.multipleOfPx !== 0) issues.push("tile.sizePx: no multiple of tile.multipleOfPx");
  if (gsdMetres && gsdMetres.min > gsdMetres.max) issues.push("gsdMetres: min above max");
  return issues;
};

const networkIssues = ({ bands, input, head, classes }: ModelCard): string[] => {
  const issues: string[] = [];
  for (const key of ["mean", "std"] as const) {
    const count = input[key].length;
    if (count !== bands.length) issues.push(`input.${key}: ${count} values for ${bands.length} bands`);
  }
  const colours = { RGB: ["red", "green", "blue"], BGR: ["blue", "green", "red"] };
  const stated = input.colour === "bands" ? undefined : colours[input.colour];
  const contrary = stated?.toReversed().every((colour, i) => bands[i]?.toLowerCase() === colour);
  if (contrary) issues.push(`input.colour: ${input.colour}, where bands are ${bands.join(", ")}`);
  if ("background" in head && head.background !== undefined && head.background > classes.length) {
    issues.push(`head.background: channel ${head.background} of ${classes.length + 1}`);
  }
  return issues;
};

const formulaIssues = ({ bands, units, head, classes }: FormulaCard): string[] => {
  const issues: string[] = [];
  const wanted = bandsOfFormula(head.formula);
  if (bands.length !== wanted.length) {
    issues.push(`bands: ${bands.length} for the formula's ${wanted.length} (${wanted.join(", ")})`);
  }
  if (units !== "reflectance") issues.push(`units: ${units}, where the formula takes reflectance`);
  if (classes.length !== 1) issues.push(`classes: ${classes.length} for a formula that finds one`);
  return issues;
};

/** Reads and validates a card. Throws `SwathError("model")`. */
export const readCard = async (path: string): Promise<AnyCard> => {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SwathError("model", { what: `cannot read model card ${path}`, got: messageOf(cause), cause });
  }
  return parseCard(value, path);
};

/** The bytes of a network's file and their SHA-256, 64 lower-case hexadecimal digits. */
export interface Weights {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** Beyond this, protobuf itself ends; such weights lie in external files, which are not supported. */
const MAX_WEIGHTS_BYTES = 2 ** 31 - 1;

/** Reads a weights file whole. Throws `SwathError("model")`. */
export const readWeights = async (path: string): Promise<Weights> => {
  try {
    const { size } = await stat(path);
    if (size > MAX_WEIGHTS_BYTES) throw new Error(`${size} bytes, more than an ONNX file can hold`);
    const bytes = new Uint8Array(await readFile(path));
    return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (cause) {
    throw new SwathError("model", { what: `cannot read model file ${path}`, got: messageOf(cause), cause });
  }
};
