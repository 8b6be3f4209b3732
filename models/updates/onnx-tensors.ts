import { bytesOf, fieldsOf, numberOf, numbersOf, ProtobufError, textOf } from "../runtimes/protobuf.ts";

/** How the values of a tensor are coded. `other`: as bytes. */
export type TensorKind = "int8" | "uint8" | "int32" | "float32" | "other";

/** Where the values of a tensor lie in an ONNX file. */
export interface TensorSpan {
  readonly name: string;
  readonly kind: TensorKind;
  readonly shape: readonly number[];
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** `TensorProto.DataType` of those that are coded as numbers. */
const kinds: Readonly<Record<number, TensorKind>> = { 1: "float32", 2: "uint8", 3: "int8", 6: "int32" };

/** Bytes of a value. */
export const widthOf: Readonly<Record<TensorKind, number>> = {
  int8: 1,
  uint8: 1,
  int32: 4,
  float32: 4,
  other: 1,
};

/** Shorter ones cost more to name than to leave where they are. */
const shortest = 32;

// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
/**
 * The weights of an ONNX file that lie in it as raw values, in file order; none for bytes that are no ONNX file. Values that lie in typed
 * fields, in nodes or in other files are not among them.
 */
export const tensorSpans = (file: Uint8Array): readonly TensorSpan[] => {
  const spans: TensorSpan[] = [];
  try {
    for (const field of fieldsOf(file)) {
      if (field.number !== 7 || field.wire !== 2) continue;
      for (const part of fieldsOf(bytesOf(field))) {
        const span = part.number === 5 && part.wire === 2 ? spanOf(bytesOf(part), file) : null;
        if (span !== null) spans.push(span);
      }
    }
  } catch (error) {
    if (error instanceof ProtobufError) return [];
    throw error;
  }
  return spans;
};

const spanOf = (tensor: Uint8Array, file: Uint8Array): TensorSpan | null => {
  const shape: number[] = [];
  let [name, type] = ["", 0];
  let raw: Uint8Array | null = null;
  for (const field of fieldsOf(tensor)) {
    if (field.number === 1) shape.push(...numbersOf(field, 16));
    else if (field.number === 2) type = numberOf(field);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 9) raw = bytesOf(field);
  }
  if (raw === null || raw.length < shortest) return null;
  const kind = kinds[type] ?? "other";
  const count = shape.reduce((product, side) => product * side, 1);
  const isWhole = count * widthOf[kind] === raw.length;
  return {
    name,
    kind: isWhole ? kind : "other",
    shape: isWhole && kind !== "other" ? shape : [raw.length],
    offsetBytes: raw.byteOffset - file.byteOffset,
    lengthBytes: raw.length,
  };
};
