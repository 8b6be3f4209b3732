import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { type TfjsTopology, topologySchema } from "./tfjs-topology.ts";

/** A file of a network, as it is copied into a model's folder. */
export interface NetworkPart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A TensorFlow.js model read whole: `model.json` and the shards of weights that it names. */
export interface TfjsBundle {
  readonly topology: TfjsTopology;
  /** Length of the JSON (u32, little-endian), the JSON, the shards one after the other: what crosses threads. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the JSON and the shards in their order. */
  readonly sha256: string;
  readonly parts: readonly NetworkPart[];
}

const bytesOfType: Readonly<Record<string, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint16: 2,
  uint8: 1,
  int8: 1,
  bool: 1,
};

const plainName = z.string().regex(/^[^/\\]+$/);

const fail = (where: string, wanted: string, got: string, cause?: unknown): SwathError =>
  new SwathError("model", {
    what: `${where} is no TensorFlow.js model, or not all of it`,
    wanted,
    got,
    ...(cause === undefined ? {} : { cause }),
  });

/** Whether a JSON file is a TensorFlow.js model, and no card; what cannot be read is neither, and complained of elsewhere. */
export const isTfjsFile = async (path: string): Promise<boolean> => {
  const text = await readFile(path, "utf8").catch(() => "");
  return /"modelTopology"\s*:/.test(text);
};

const parse = (text: string, where: string): TfjsTopology => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail(where, "JSON", messageOf(cause), cause);
  }
  const parsed = topologySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail(where, "modelTopology and weightsManifest", `${issue?.path.join(".")}: ${issue?.message}`);
};

/** Bytes that the manifest says the shards of a group hold. */
const statedBytes = (group: TfjsTopology["weightsManifest"][number], where: string): number =>
  group.weights.reduce((sum, { name, shape, dtype, quantization }) => {
    const size = bytesOfType[quantization?.dtype ?? dtype];
    if (size === undefined) throw fail(where, "weights of numbers", `${name} of type ${dtype}`);
    return sum + size * shape.reduce((product, side) => product * side, 1);
  }, 0);

/**
 * Reads a TensorFlow.js model, graph or layers format. Throws `SwathError("model")` when a file is missing, is no such model, or
 * the shards are not as long as the manifest says.
 */
export const readTfjsBundle = async (path: string, where: string): Promise<TfjsBundle> => {
  const read = async (name: string): Promise<NetworkPart> => {
    try {
      return { name, bytes: await readFile(join(dirname(path), name)) };
    } catch (cause) {
      throw new SwathError("model", {
        what: `cannot read model file ${join(dirname(path), name)}`,
        got: messageOf(cause),
        cause,
      });
    }
  };
  const json = await read(basename(path));
  const topology = parse(Buffer.from(json.bytes).toString("utf8"), where);
  const shards: NetworkPart[] = [];
  for (const group of topology.weightsManifest) {
    const foreign = group.paths.find((name) => !plainName.safeParse(name).success);
    if (foreign !== undefined) throw fail(where, "shards beside it", foreign);
    const parts = await Promise.all(group.paths.map(read));
    const [has, wanted] = [
      parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
      statedBytes(group, where),
    ];
    if (has !== wanted) throw fail(where, `${wanted} bytes in ${group.paths.join(", ")}`, `${has}`);
    shards.push(...parts);
  }
  const whole = Buffer.concat([json.bytes, ...shards.map(({ bytes }) => bytes)]);
  const bytes = new Uint8Array(4 + whole.length);
  new DataView(bytes.buffer).setUint32(0, json.bytes.length, true);
  bytes.set(whole, 4);
  return {
    topology,
    bytes,
    sha256: createHash("sha256").update(whole).digest("hex"),
    parts: [json, ...shards],
  };
};

/** The two halves of `TfjsBundle.bytes`. */
export const splitBundle = (
  bytes: Uint8Array,
): { readonly topology: TfjsTopology; readonly weights: ArrayBuffer } => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const json = Buffer.from(bytes.subarray(4, 4 + length)).toString("utf8");
  return {
    topology: topologySchema.parse(JSON.parse(json)),
    weights: bytes.slice(4 + length).buffer as ArrayBuffer,
  };
};
