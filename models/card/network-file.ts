import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { type ModelCard, readWeights } from "./card.ts";
import { checkOperators, type OnnxFile, readOnnxFile } from "../runtimes/onnx-file.ts";
import { joinExternalData } from "../runtimes/external-data.ts";
import { type NetworkPart, readTfjsBundle } from "../runtimes/tfjs-bundle.ts";
import { describeTfjs } from "../runtimes/tfjs-topology.ts";

/** A network read whole, of either format. */
export interface NetworkFile {
  readonly format: ModelCard["format"];
  /** What a session is opened from. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** What it says of itself, in the terms of ONNX. */
  readonly description: OnnxFile;
  /** The files that it is made of; the first one is what a card names. */
  readonly parts: readonly NetworkPart[];
}

/** The same for a file whose name says its format: `.json` is TensorFlow.js, all else ONNX. */
export const formatOf = (path: string): ModelCard["format"] => (/\.json$/i.test(path) ? "tfjs" : "onnx");

/** Reads a network. `where` names it in messages. Throws `SwathError("model")`. */
export const readNetwork = async (
  path: string,
  where: string,
  format: ModelCard["format"] = formatOf(path),
): Promise<NetworkFile> => {
  if (format === "tfjs") {
    const { topology, ...bundle } = await readTfjsBundle(path, where);
    return { ...bundle, format, description: describeTfjs(topology, where) };
  }
  const file = await readWeights(path);
  const { bytes, parts } = await joinExternalData(file.bytes, path, where);
  const description = readOnnxFile(bytes, where);
  const all = [{ name: basename(path), bytes: file.bytes }, ...parts];
  return { format, bytes, sha256: parts.length === 0 ? file.sha256 : sha256Of(all), description, parts: all };
};

/** Of several files, one after the other. */
const sha256Of = (parts: readonly NetworkPart[]): string => {
  const hash = createHash("sha256");
  for (const { bytes } of parts) hash.update(bytes);
  return hash.digest("hex");
};

/**
 * The network that a card speaks of. Throws `SwathError("model")` when it is not the one that the card was written for, or uses
 * operators that no runtime has.
 */
export const readCardNetwork = async (
  folder: string,
  card: ModelCard,
  where: string,
): Promise<NetworkFile> => {
  const network = await readNetwork(join(folder, card.file), where, card.format);
  requireSameFile(network, card);
  checkNetwork(network, where);
  return network;
};

/** Throws `SwathError("model")` unless a network is the one that a card was written for. */
export const requireSameFile = (network: NetworkFile, card: ModelCard): void => {
  if (network.sha256 !== card.sha256) {
    throw new SwathError("model", {
      what: `model file ${basename(card.file)} is not the one that its card describes`,
      wanted: `sha256 ${card.sha256.slice(0, 16)}…`,
      got: `${network.sha256.slice(0, 16)}…`,
      hint: "fetch the file again, or put its checksum into model.json",
    });
  }
};

/** Throws `SwathError("model")` for an ONNX file with operators that no runtime of ours has; TensorFlow.js tells on loading. */
export const checkNetwork = ({ format, description }: NetworkFile, where: string): void => {
  if (format === "onnx") checkOperators(description, where);
};
