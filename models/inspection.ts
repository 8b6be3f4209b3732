import { basename, dirname, join } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import { isFormulaCard, type AnyCard, readCard } from "./card/card.ts";
import { guessHead, guessInput, type HeadGuess, type InputGuess } from "./card/head-guess.ts";
import { locateModel } from "./card/location.ts";
import { checkNetwork, type NetworkFile, readNetwork } from "./card/network-file.ts";
import type { OnnxFile } from "./runtimes/onnx-file.ts";
import { estimateOpsPerPixel, isQuantised, parameterCount } from "./runtimes/onnx-operations.ts";
import { cardFromMetadata } from "./card/ultralytics.ts";
import { cardOfFile, cardOfVariant } from "./card/variant.ts";

export interface TensorDescription {
  readonly name: string;
  readonly type: string;
  /** A name (possibly empty) stands for a free side. */
  readonly shape: readonly (number | string)[];
}

/** What a file or a card says of a model, without running it. */
export interface ModelInspection {
  /** The file's name; the card's where there is no file. */
  readonly name: string;
  /** `null`: the file has no card yet. */
  readonly card: AnyCard | null;
  /** `null` for a formula. */
  readonly file: FileInspection | null;
  readonly opsPerPixel: number;
  /** Of which size operations a tile are counted; fixed by the network, stated by the card or (neither) assumed. */
  readonly tile: {
    readonly width: number;
    readonly height: number;
    readonly source: "network" | "card" | "assumed";
  };
  readonly opsPerTile: number;
  readonly head:
    | Pick<HeadGuess, "kind" | "why">
    | { readonly kind: "bandmaths"; readonly why: string }
    | null;
  /** Whether Swath can run it at all, once a card says how. */
  readonly isUsable: boolean;
  /** What stands between the file and a run: what a card has to state, or what cannot be used. */
  readonly missing: readonly string[];
}

export interface FileInspection {
  readonly format: NetworkFile["format"];
  /** Of all its files. */
  readonly bytes: number;
  readonly sha256: string;
  readonly producer: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  /** How often each operator stands in the graph, most often first. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  readonly parameters: number;
  readonly quantised: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Side of a tile where neither network nor card fix it. */
const assumedSide = 512;

/** https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, `TensorProto.DataType`. */
const types = [
  "?",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
];

const describe = (values: OnnxFile["inputs"]): readonly TensorDescription[] =>
  values.map(({ name, elementType, shape }) => ({
    name,
    type: types[elementType] ?? `type ${elementType}`,
    shape,
  }));

const count = ({ nodes }: OnnxFile): FileInspection["operators"] => {
  const counts = new Map<string, number>();
  for (const { domain, operator } of nodes) {
    const name = domain === "" || domain === "ai.onnx" ? operator : `${domain}:${operator}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([operator, times]) => ({ operator, count: times }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
};

/**
 * Reads what an ONNX file, a TensorFlow.js model, a model folder or a shipped model says of itself. A file that Swath cannot run is described all
 * the same. Throws `SwathError("model")` when it is not there, no such model, or its card is wrong.
 */
export const inspectModel = async (reference: string): Promise<ModelInspection> => {
  const { cardPath, weightsPath, variant } = await locateModel(reference);
  const beside = cardPath === null ? null : cardOfVariant(await readCard(cardPath), variant);
  if (beside !== null && isFormulaCard(beside) && weightsPath === null) return inspectFormula(beside);
  const own = beside !== null && !isFormulaCard(beside) ? beside : null;
  const path = weightsPath ?? join(dirname(cardPath as string), own?.file ?? "");
  const network = await readNetwork(path, basename(path), own?.format);
  const { sha256, description: file } = network;
  // A card beside an ONNX file speaks for the files that it names only.
  const card = (own === null ? null : cardOfFile(own, basename(path))) ?? cardInside(file, path, sha256);
  const input = guessInput(file);
  const opsPerPixel = card?.opsPerPixel ?? estimateOpsPerPixel(file, input?.channels ?? 3);
  const tile = tileOf(input, card);
  const guess = guessHead(file);
  const complaints = unusable(network, path);
  const stated = card === null ? null : { kind: card.head.kind, why: "as its card states" };
  return {
    name: basename(path),
    card,
    file: {
      format: network.format,
      bytes: network.parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
      sha256,
      producer: file.producer,
      opsets: Object.fromEntries([...file.opsets].map(([domain, version]) => [domain || "ai.onnx", version])),
      inputs: describe(file.inputs),
      outputs: describe(file.outputs),
      operators: count(file),
      parameters: parameterCount(file),
      quantised: isQuantised(file),
      metadata: Object.fromEntries(file.metadata),
    },
    opsPerPixel,
    tile,
    opsPerTile: opsPerPixel * tile.width * tile.height,
    head: (stated as ModelInspection["head"]) ?? (guess && { kind: guess.kind, why: guess.why }),
    isUsable: complaints.length === 0 && input !== null,
    missing: [...complaints, ...(card === null ? missingOf(file, input, guess) : [])],
  };
};

const inspectFormula = (card: Extract<AnyCard, { head: { kind: "bandmaths" } }>): ModelInspection => {
  const { sizePx } = card.tile;
  return {
    name: card.name,
    card,
    file: null,
    opsPerPixel: card.opsPerPixel,
    tile: { width: sizePx, height: sizePx, source: "card" },
    opsPerTile: card.opsPerPixel * sizePx * sizePx,
    head: { kind: "bandmaths", why: `formula ${card.head.formula} over ${card.bands.join(" and ")}` },
    isUsable: true,
    missing: [],
  };
};

/** The card that the metadata amounts to, where they say enough. */
const cardInside = (file: OnnxFile, path: string, sha256: string): AnyCard | null => {
  try {
    return cardFromMetadata(file, path, sha256);
  } catch (error) {
    if (error instanceof SwathError) return null;
    throw error;
  }
};

const tileOf = (input: InputGuess | null, card: AnyCard | null): ModelInspection["tile"] => {
  if (input?.width && input.height) return { width: input.width, height: input.height, source: "network" };
  const side = card?.tile.sizePx ?? assumedSide;
  return { width: side, height: side, source: card ? "card" : "assumed" };
};

const unusable = (network: NetworkFile, path: string): readonly string[] => {
  try {
    checkNetwork(network, basename(path));
    return [];
  } catch (error) {
    if (error instanceof SwathError) return [error.message];
    throw error;
  }
};

/** What a card has to say since the file does not. */
const missingOf = (file: OnnxFile, input: InputGuess | null, guess: HeadGuess | null): readonly string[] => {
  const missing: string[] = [];
  const [first] = file.inputs;
  if (input === null)
    missing.push(`an image input: wanted one of four dimensions, got ${file.inputs.length} input(s)`);
  else
    missing.push(`bands: which ${input.channels ?? ""} bands the channels are, in order`.replace("  ", " "));
  if (first && first.elementType !== 1) {
    missing.push(`a float32 input: "${first.name}" is ${types[first.elementType] ?? "of another type"}`);
  }
  missing.push(
    "units and scaling: reflectance, counts or 8-bit samples, and scale, mean and std of each channel",
  );
  if (!(input?.width && input.height)) missing.push("tile size: the network takes any");
  if (guess === null) missing.push("head: no known one fits the outputs");
  const classes = guess?.classes ?? null;
  missing.push(classes === null ? "classes" : `classes: names for ${classes}`);
  if (guess?.kind === "classify" || guess?.kind === "segment") {
    missing.push("head: whether its scores need a softmax or sigmoid, and which channel is the background");
  }
  if (!file.metadata.has("license")) missing.push("licence");
  return missing;
};
