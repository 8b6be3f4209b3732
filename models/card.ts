import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../pipeline/errors.ts";

const positive = z.number().positive();
const name = z.string().regex(/^[A-Za-z0-9._-]+$/, "only letters, digits, '.', '_' and '-'");
const plainFile = z.string().regex(/^[^/\\]+$/, "a file beside the card, without a path");

const centreHead = z.object({
  kind: z.literal("centre"),
  /** Input pixels a cell. */
  strideCells: z.int().positive(),
  outputs: z.object({ heatmap: z.string(), size: z.string(), offset: z.string() }),
});

const yoloHead = z.object({
  kind: z.literal("yolo"),
  /** `v5`: [1, anchors, 5 + classes]; `v8` (v8, v11): [1, 4 + classes, anchors]; `auto` tells them by their shapes. */
  layout: z.enum(["auto", "v5", "v8"]).default("auto"),
  /** Output tensor; the first one when not given. */
  output: z.string().optional(),
  /** Two boxes of one class in one tile that overlap more are one object. */
  nmsIou: z.number().min(0).max(1).default(0.5),
});

const cardSchema = z.object({
  schema: z.literal("swath-model/1"),
  name,
  version: z.string().min(1),
  file: plainFile,
  /** Of `file`, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits"),
  licence: z.string().min(1),
  description: z.string().default(""),
  /** In the order of the input's channels: names of the sensor (`B08`) or common names (`red`). */
  bands: z.array(z.string().min(1)).min(1).max(64),
  /** What the input is computed from: `reflectance` (0…1), raw samples (`dn`), or 8-bit samples only (`uint8`). */
  units: z.enum(["reflectance", "dn", "uint8"]),
  gsdMetres: z.object({ min: positive, max: positive }).optional(),
  input: z.object({
    name: z.string().min(1),
    layout: z.enum(["NCHW", "NHWC"]).default("NCHW"),
    colour: z.enum(["bands", "RGB", "BGR"]).default("bands"),
    /** input = (value · scale − mean) / std, `mean` and `std` one a channel. */
    scale: z.number().default(1),
    mean: z.array(z.number()),
    std: z.array(positive),
    dtype: z.literal("float32").default("float32"),
  }),
  tile: z.object({
    sizePx: z.int().min(1).max(16_384),
    overlapPx: z.int().min(0),
    multipleOfPx: z.int().min(1).max(1024).default(1),
  }),
  head: z.discriminatedUnion("kind", [centreHead, yoloHead]),
  classes: z.array(z.string().min(1)).min(1).max(10_000),
  thresholds: z.object({ score: z.number().min(0).max(1), mergeIou: z.number().min(0).max(1) }),
  /** Most detections reported for one tile, the best first. */
  maxDetections: z.int().min(1).max(100_000).default(1000),
  parameters: z.number().nonnegative().optional(),
  /** Multiply and add counted as two. */
  opsPerPixel: z.number().nonnegative(),
  precision: z.enum(["fp32", "fp16", "int8"]).default("fp32"),
  training: z.unknown().optional(),
  quality: z.unknown().optional(),
});

/** What a model expects and gives: `model.json` beside its weights. Written as `swath-model/1`. */
export type ModelCard = z.output<typeof cardSchema>;
export type CardHead = ModelCard["head"];

const issueLine = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length > 0 ? issue.path.join(".") : "card"}: ${issue.message}`;

/** Validates what was read as a card. `where` names it in messages. Throws `SwathError("model")`. */
export const parseCard = (value: unknown, where: string): ModelCard => {
  const parsed = cardSchema.safeParse(value);
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

/** What one field cannot say alone. */
const crossIssues = ({ bands, input, tile, gsdMetres }: ModelCard): string[] => {
  const issues: string[] = [];
  for (const key of ["mean", "std"] as const) {
    const count = input[key].length;
    if (count !== bands.length) issues.push(`input.${key}: ${count} values for ${bands.length} bands`);
  }
  if (tile.overlapPx >= tile.sizePx) issues.push("tile.overlapPx: not below tile.sizePx");
  if (tile.sizePx % tile.multipleOfPx !== 0) issues.push("tile.sizePx: no multiple of tile.multipleOfPx");
  if (gsdMetres && gsdMetres.min > gsdMetres.max) issues.push("gsdMetres: min above max");
  return issues;
};

/** Reads and validates a card. Throws `SwathError("model")`. */
export const readCard = async (path: string): Promise<ModelCard> => {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SwathError("model", { what: `cannot read model card ${path}`, got: messageOf(cause), cause });
  }
  return parseCard(value, path);
};

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

/** The weights that a card speaks of. Throws `SwathError("model")` when they are not the ones it was written for. */
export const readCardWeights = async (folder: string, card: ModelCard): Promise<Weights> => {
  const weights = await readWeights(join(folder, card.file));
  if (weights.sha256 !== card.sha256) {
    throw new SwathError("model", {
      what: `model file ${basename(card.file)} is not the one that its card describes`,
      wanted: `sha256 ${card.sha256.slice(0, 16)}…`,
      got: `${weights.sha256.slice(0, 16)}…`,
      hint: "fetch the file again, or put its checksum into model.json",
    });
  }
  return weights;
};
