import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../../../models/updates/model-files.ts";
import { tensorSpans, type TensorSpan } from "../../../models/updates/onnx-tensors.ts";
import { shippedFiles } from "./retrained.ts";

const network = "ships-s2-int8.onnx";

type Card = Readonly<Record<string, unknown>>;

/** What is wrong with a model: with its weights, its file, or its card. The rest is the shipped one. */
export interface Fault {
  readonly weights?: (tensor: (name: string) => Values) => void;
  readonly file?: (file: Buffer) => Buffer;
  readonly card?: (card: Card) => Card;
}

/** The values of one tensor, to be changed in place. */
interface Values {
  readonly shape: readonly number[];
  readonly floats: { readonly map: (of: (value: number, at: number) => number) => void };
  readonly bytes: Uint8Array;
}

const valuesOf = (file: Uint8Array, { offsetBytes, lengthBytes, shape }: TensorSpan): Values => {
  const bytes = file.subarray(offsetBytes, offsetBytes + lengthBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const map = (of: (value: number, at: number) => number): void => {
    for (let at = 0; at < lengthBytes; at += 4)
      view.setFloat32(at, of(view.getFloat32(at, true), at / 4), true);
  };
  return { shape, floats: { map }, bytes };
};

/** Turns the parts of a tensor of `[rows][parts][values]` round. */
const turned = (bytes: Uint8Array, rows: number, parts: number): void => {
  const size = bytes.length / rows / parts;
  const old = Uint8Array.from(bytes);
  for (let row = 0; row < rows; row++)
    for (let part = 0; part < parts; part++) {
      const from = (row * parts + (parts - 1 - part)) * size;
      bytes.set(old.subarray(from, from + size), (row * parts + part) * size);
    }
};

const replaced = (file: Buffer, old: string, next: string): Buffer => {
  const at = file.indexOf(old);
  if (at < 0 || old.length !== next.length) throw new RangeError(`${old} is not in the file`);
  const copy = Buffer.from(file);
  copy.write(next, at);
  return copy;
};

/** Kinds of broken that the file or the card shows only once it runs, or once it is compared with another. */
export const brokenOnBoard: Readonly<Record<string, Fault>> = {
  "weights that are not numbers": {
    weights: (tensor) => tensor("heat.weight").floats.map(() => Number.NaN),
  },
  "a head of zeros": { weights: (tensor) => tensor("heat.weight").floats.map(() => 0) },
  "a saturated head": { weights: (tensor) => tensor("heat.weight").floats.map(() => 100) },
  "a threshold that lets everything pass": {
    card: (card) => ({ ...card, thresholds: { ...(card["thresholds"] as Card), score: 0.001 } }),
  },
  "a wrong scale of quantised weights": {
    weights: (tensor) => tensor("down4.1.b.scale").floats.map((value) => 256 * value),
  },
  "bands in another order": {
    weights: (tensor) => {
      const { bytes, shape } = tensor("stem.0.0.weight");
      turned(bytes, shape[0] ?? 0, shape[1] ?? 0);
    },
  },
  "kernels in another order": {
    weights: (tensor) => {
      const { bytes, shape } = tensor("neck.0.weight");
      turned(bytes, 1, shape[0] ?? 0);
    },
  },
  "outputs of another shape": {
    card: (card) => {
      const head = card["head"] as Card;
      return { ...card, head: { ...head, outputs: { ...(head["outputs"] as Card), heatmap: "size" } } };
    },
  },
  "a graph that cannot be loaded": { file: (file) => replaced(file, "/Relu_6_output_0", "/Relu_x_output_0") },
  // The field of a node that names its operator: its tag, and a length before the text.
  "another operator": {
    file: (file) => replaced(file, '"\u000eQuantizeLinear', '"\u000eQuantizeNearly'),
  },
  "forty times the work": {
    card: (card) => ({ ...card, opsPerPixel: 40 * (card["opsPerPixel"] as number) }),
  },
  "boxes of another scale": { weights: (tensor) => tensor("size.weight").floats.map((value) => value - 8) },
};

/** Kinds of broken that reading the model shows: they never go up. */
export const brokenOnGround: Readonly<Record<string, Fault>> = {
  "a file cut short": { file: (file) => file.subarray(0, file.length / 2) },
  "other classes": { card: (card) => ({ ...card, classes: ["boat"] }) },
  "other bands": { card: (card) => ({ ...card, bands: ["B02", "B03", "B04", "B11"] }) },
  "other units": { card: (card) => ({ ...card, units: "dn" }) },
};

/** Writes a folder of the shipped model with a fault. Its card has the digest that the file then has: nothing else is wrong with it. */
export const writeBroken = async (folder: string, fault: Fault): Promise<string> => {
  const shipped = await shippedFiles();
  let file: Buffer = Buffer.from(shipped.get(network) as Uint8Array);
  const spans = new Map(tensorSpans(file).map((span) => [span.name, span]));
  fault.weights?.((name) => {
    const span = spans.get(name);
    if (span === undefined) throw new RangeError(`no tensor ${name}`);
    return valuesOf(file, span);
  });
  file = fault.file?.(file) ?? file;
  const own = JSON.parse(Buffer.from(shipped.get("model.json") as Uint8Array).toString()) as Card;
  const card = { ...(fault.card?.(own) ?? own), sha256: sha256Of(file) };
  mkdirSync(folder);
  writeFileSync(join(folder, "model.json"), JSON.stringify(card));
  writeFileSync(join(folder, network), file);
  return folder;
};
