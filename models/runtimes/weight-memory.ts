import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { readOnnxFile } from "./onnx-file.ts";
import { bytesOf, fieldsOf, numberOf, ProtobufError, textOf } from "./protobuf.ts";

/** Where weights lie in an ONNX file, one after the other: the memory that radiation can reach. */
export interface WeightMemory {
  /** Bytes of the file, in its order. */
  readonly regions: readonly { readonly offset: number; readonly length: number }[];
  readonly bits: number;
}

/** float32, uint8, int8, int32, float16, double, bfloat16 (`TensorProto.DataType`). */
const weightTypes = new Set([1, 2, 3, 6, 10, 11, 16]);

/**
 * Operators whose further inputs say how, not what, to compute: sizes, axes, indices, scales of an image. A program has them
 * in its code. Turned over here, they would ask the runtime for terabytes.
 */
const shapers = new Set([
  "ConstantOfShape",
  "Expand",
  "Gather",
  "GatherElements",
  "GatherND",
  "NonMaxSuppression",
  "OneHot",
  "Pad",
  "Range",
  "Reshape",
  "Resize",
  "RoiAlign",
  "ScatterElements",
  "ScatterND",
  "Slice",
  "Split",
  "Squeeze",
  "Tile",
  "TopK",
  "Unsqueeze",
  "Upsample",
]);

/**
 * The weights of an ONNX file: initialisers of numbers that are computed with. Not the graph, not shapes and indices, and not
 * what is packed as varints, which is in no runtime's memory like that.
 * Throws `SwathError("model")` when the bytes are no ONNX model.
 */
export const weightMemory = (bytes: Uint8Array, where: string): WeightMemory => {
  const { nodes } = readOnnxFile(bytes, where);
  const shaping = new Set(
    nodes.flatMap(({ operator, inputs }) => (shapers.has(operator) ? inputs.slice(1) : [])),
  );
  try {
    const regions = tensorsOf(bytes)
      .filter(({ name, type }) => weightTypes.has(type) && !shaping.has(name))
      .flatMap(({ data }) => data)
      .filter(({ byteLength }) => byteLength > 0)
      .map((part) => ({ offset: part.byteOffset - bytes.byteOffset, length: part.byteLength }));
    return { regions, bits: 8 * regions.reduce((sum, { length }) => sum + length, 0) };
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new SwathError("model", { what: `weights of ${where}`, got: messageOf(cause), cause });
  }
};

interface StoredTensor {
  readonly name: string;
  readonly type: number;
  /** Views into the file. */
  readonly data: readonly Uint8Array[];
}

/** ModelProto.graph = 7, GraphProto.initializer = 5. */
const tensorsOf = (bytes: Uint8Array): readonly StoredTensor[] => {
  const tensors: StoredTensor[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number !== 7) continue;
    for (const part of fieldsOf(bytesOf(field))) if (part.number === 5) tensors.push(tensorOf(bytesOf(part)));
  }
  return tensors;
};

/** TensorProto: data_type = 2, float_data = 4, name = 8, raw_data = 9, double_data = 10; the lists packed. */
const tensorOf = (bytes: Uint8Array): StoredTensor => {
  let name = "";
  let type = 0;
  const data: Uint8Array[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 2) type = numberOf(field);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 4 || field.number === 9 || field.number === 10) data.push(bytesOf(field));
  }
  return { name, type, data };
};

/** A copy of the file with bits of its weight memory turned over; `flips` are 0 … `bits` − 1, each turned as often as it stands there. */
export const withFlips = (
  bytes: Uint8Array,
  { regions, bits }: WeightMemory,
  flips: ArrayLike<number>,
): Uint8Array<ArrayBuffer> => {
  const copy = Uint8Array.from(bytes);
  const starts: number[] = [];
  let start = 0;
  for (const { length } of regions) {
    starts.push(start);
    start += length;
  }
  for (let i = 0; i < flips.length; i++) {
    const bit = flips[i] as number;
    if (!(bit >= 0 && bit < bits)) throw new RangeError(`bit ${bit} of ${bits}`);
    const place = Math.floor(bit / 8);
    const at = lastUpTo(starts, place);
    const byte = (regions[at]?.offset ?? 0) + place - (starts[at] as number);
    copy[byte] = (copy[byte] as number) ^ (1 << (bit % 8));
  }
  return copy;
};

/** Index of the last of the sorted numbers that is not above `value`. */
const lastUpTo = (sorted: readonly number[], value: number): number => {
  let [low, high] = [0, sorted.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle;
  }
  return low;
};
