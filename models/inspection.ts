import { ensureOnnxLibrary } from "./runtimes/onnx-library.ts";
import { basename, dirname, join } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import { isFormulaCard, opsOfCard, type AnyCard, type ModelCard, readCard } from "./card/card.ts";
import { cpu } from "../pipeline/detection/device.ts";
import { guessInput, type InputGuess } from "./card/input-guess.ts";
import { locateModel } from "./card/location.ts";
import { checkNetwork, type NetworkFile, readNetwork, requireSameFile } from "./card/network-file.ts";
import { cardFromMetadata, parsePythonDict } from "./card/ultralytics.ts";
import { cardOfFile, cardOfVariant } from "./card/variant.ts";
import type { Recognised } from "./heads/recognised.ts";
import { openPool, tryNetwork } from "./inference/network-detector.ts";
import { type HeadSource, recogniseFromTrial } from "./inference/readiness.ts";
import { elementTypeName } from "./runtimes/element-types.ts";
import type { OnnxFile } from "./runtimes/onnx-file.ts";
import { estimateOpsPerPixel, isQuantised, parameterCount } from "./runtimes/onnx-operations.ts";

/** An input or output of a network, as its file declares it. */
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
    | Pick<Recognised, "kind" | "why">
    | { readonly kind: "bandmaths"; readonly why: string }
    | null;
  /** Whether Swath can run it at all, once a card says how. */
  readonly isUsable: boolean;
  /** What stands between the file and a run: what a card has to state, or what cannot be used. */
  readonly missing: readonly string[];
}

/** What the file of a network says of itself, without a run of it. */
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

const describe = (values: OnnxFile["inputs"]): readonly TensorDescription[] =>
  values.map(({ name, elementType, shape }) => ({
    name,
    type: elementTypeName(elementType),
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

/** What a reference leads to, as far as it can be told without running it. */
interface Found {
  readonly inspection: ModelInspection;
  /** `null` for a formula. */
  readonly network: NetworkFile | null;
  readonly input: InputGuess | null;
  readonly headFrom: HeadSource;
}

/**
 * Reads what an ONNX file, a TensorFlow.js model, a model folder or a shipped model says of itself, without running it. A file that
 * Swath cannot run is described all the same. Throws `SwathError("model")` when it is not there, no such model, or its card is wrong.
 */
export const describeModel = async (reference: string): Promise<ModelInspection> =>
  (await findModel(reference)).inspection;

/**
 * The same, and whether it runs as it is: a trial tile goes through the network and its head as before any run, so that `missing` names
 * what a run would be refused for. Throws as `describeModel` does.
 */
export const inspectModel = async (reference: string): Promise<ModelInspection> => {
  const { inspection, network, input, headFrom } = await findModel(reference);
  if (network === null || input === null || !inspection.isUsable) return inspection;
  const where = `model ${inspection.name}`;
  const { card } = inspection;
  if (network.format === "onnx") await ensureOnnxLibrary(() => undefined);
  try {
    if (card !== null && !isFormulaCard(card)) {
      const {
        pool,
        card: told,
        why,
      } = await openPool({ card, headFrom, network, where }, 1, cpu, "detections");
      await pool[Symbol.asyncDispose]();
      return { ...inspection, card: told, head: { kind: told.head.kind, why } };
    }
    return await guessed(inspection, network, input, where);
  } catch (error) {
    if (!(error instanceof SwathError)) throw error;
    return { ...inspection, isUsable: false, missing: [error.message, ...inspection.missing] };
  }
};

/** A file without a card: the head that its answer to a trial tile takes, and what a card has to add. */
const guessed = async (
  inspection: ModelInspection,
  network: NetworkFile,
  input: InputGuess,
  where: string,
): Promise<ModelInspection> => {
  const { description } = network;
  const trial = await tryNetwork(network, input, inspection.tile.width, where);
  const names = parsePythonDict(description.metadata.get("names") ?? "");
  let head: Recognised | null = null;
  let refusal: string | null = null;
  try {
    head = recogniseFromTrial(trial, names?.length ?? null, description.metadata, where);
  } catch (error) {
    if (!(error instanceof SwathError)) throw error;
    refusal = error.message;
  }
  return {
    ...inspection,
    head: head && { kind: head.kind, why: head.why },
    missing: [...missingOf(description, input, head), ...(refusal === null ? [] : [refusal])],
  };
};

const findModel = async (reference: string): Promise<Found> => {
  const { cardPath, weightsPath, variant } = await locateModel(reference);
  const beside = cardPath === null ? null : cardOfVariant(await readCard(cardPath), variant);
  if (beside !== null && isFormulaCard(beside) && weightsPath === null) {
    return { inspection: inspectFormula(beside), network: null, input: null, headFrom: "card" };
  }
  const own = beside !== null && !isFormulaCard(beside) ? beside : null;
  const path = weightsPath ?? join(dirname(cardPath as string), own?.file ?? "");
  const network = await readNetwork(path, basename(path), own?.format);
  const { sha256, description: file } = network;
  // A card beside an ONNX file speaks for the files that it names only.
  const stated = own === null ? null : cardOfFile(own, basename(path));
  const inside = stated === null ? cardInside(file, path, sha256) : null;
  const card = stated ?? inside?.card ?? null;
  const input = guessInput(file);
  const opsPerPixel = card === null ? estimateOpsPerPixel(file, input?.channels ?? 3) : opsOfCard(card);
  const tile = tileOf(input, card);
  const complaints = [...unusable(network, path, stated), ...(inside?.refusal ? [inside.refusal] : [])];
  const inspection: ModelInspection = {
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
    head: stated === null ? null : { kind: stated.head.kind, why: "as its card states" },
    isUsable: complaints.length === 0 && input !== null,
    missing: [...complaints, ...(card === null ? missingOf(file, input, null) : [])],
  };
  return { inspection, network, input, headFrom: stated === null ? "trial" : "card" };
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

/** The card that the metadata amounts to, or why they do not; `null` for a file that never claims to say how it is used. */
const cardInside = (
  file: OnnxFile,
  path: string,
  sha256: string,
): { readonly card: ModelCard | null; readonly refusal: string | null } | null => {
  try {
    return { card: cardFromMetadata(file, path, sha256), refusal: null };
  } catch (error) {
    if (!(error instanceof SwathError)) throw error;
    const claims = ["task", "names", "stride"].every((key) => file.metadata.has(key));
    return claims ? { card: null, refusal: error.message } : null;
  }
};

const tileOf = (input: InputGuess | null, card: AnyCard | null): ModelInspection["tile"] => {
  if (input?.width && input.height) return { width: input.width, height: input.height, source: "network" };
  const { sizePx, heightPx = sizePx } = { heightPx: undefined, sizePx: assumedSide, ...card?.tile };
  return {
    width: input?.width ?? sizePx,
    height: input?.height ?? heightPx,
    source: card ? "card" : "assumed",
  };
};

const unusable = (network: NetworkFile, path: string, card: ModelCard | null): readonly string[] => {
  try {
    checkNetwork(network, basename(path));
    if (card !== null) requireSameFile(network, card);
    return [];
  } catch (error) {
    if (error instanceof SwathError) return [error.message];
    throw error;
  }
};

/** What a card has to say since the file does not. */
const missingOf = (file: OnnxFile, input: InputGuess | null, guess: Recognised | null): readonly string[] => {
  const missing: string[] = [];
  if (input === null)
    missing.push(`an image input: wanted one of four dimensions, got ${file.inputs.length} input(s)`);
  else
    missing.push(`bands: which ${input.channels ?? ""} bands the channels are, in order`.replace("  ", " "));
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
