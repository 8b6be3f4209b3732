import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { checkBounds } from "./onnx-bounds.ts";
import { bytesOf, fieldsOf, numberOf, numbersOf, ProtobufError, textOf } from "./protobuf.ts";

/** A graph input or output. A dimension is a number where fixed, a name (possibly empty) where free. */
export interface OnnxValue {
  readonly name: string;
  /** `TensorProto.DataType`: 1 = float32, 10 = float16, … */
  readonly elementType: number;
  readonly shape: readonly (number | string)[];
}

/** An operator of an ONNX graph. */
export interface OnnxNode {
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The integer-list attributes: `strides`, `kernel_shape`, … */
  readonly integers: ReadonlyMap<string, readonly number[]>;
}

/** What an ONNX file says of itself, without its weights. */
export interface OnnxFile {
  readonly producer: string;
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Without those that are initialisers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  /** Shapes of the weights. */
  readonly initializers: ReadonlyMap<string, readonly number[]>;
  /** `domain:name` of the functions that the file itself defines. */
  readonly functions: ReadonlySet<string>;
}

// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
/**
 * Reads the header of an ONNX file. `where` names it in messages.
 * Throws `SwathError("model")` when the bytes are cut off, no ONNX model, or one that declares what it does not hold (see `checkBounds`).
 */
export const readOnnxFile = (bytes: Uint8Array, where: string): OnnxFile => {
  try {
    checkBounds(bytes, where);
    return modelOf(bytes);
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new SwathError("model", {
      what: `${where} is no ONNX model, or not all of it`,
      got: messageOf(cause),
      hint: "fetch or export the file again",
      cause,
    });
  }
};

const modelOf = (bytes: Uint8Array): OnnxFile => {
  let producer = "";
  let graph: Uint8Array | null = null;
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions = new Set<string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 2) producer = textOf(field);
    else if (field.number === 7) graph = bytesOf(field);
    else if (field.number === 8) {
      const { text, numbers } = pick(bytesOf(field));
      opsets.set(text.get(1) ?? "", numbers.get(2) ?? 0);
    } else if (field.number === 14) {
      const { text } = pick(bytesOf(field));
      metadata.set(text.get(1) ?? "", text.get(2) ?? "");
    } else if (field.number === 25) {
      const { text } = pick(bytesOf(field));
      functions.add(`${text.get(10) ?? ""}:${text.get(1) ?? ""}`);
    }
  }
  if (graph === null || opsets.size === 0)
    throw new ProtobufError("a message without a graph and operator sets");
  return { producer, opsets, metadata, functions, ...graphOf(graph) };
};

/** The strings and numbers of a flat message, by field number; the last one of each counts. */
const pick = (bytes: Uint8Array) => {
  const text = new Map<number, string>();
  const numbers = new Map<number, number>();
  for (const field of fieldsOf(bytes)) {
    if (typeof field.value === "number") numbers.set(field.number, field.value);
    else text.set(field.number, textOf(field));
  }
  return { text, numbers };
};

const graphOf = (bytes: Uint8Array) => {
  const nodes: OnnxNode[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const initializers = new Map<string, readonly number[]>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(nodeOf(bytesOf(field)));
    else if (field.number === 5) initializers.set(...initializerOf(bytesOf(field)));
    else if (field.number === 11) inputs.push(valueOf(bytesOf(field)));
    else if (field.number === 12) outputs.push(valueOf(bytesOf(field)));
  }
  return { nodes, inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs, initializers };
};

const nodeOf = (bytes: Uint8Array): OnnxNode => {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const integers = new Map<string, readonly number[]>();
  let operator = "";
  let domain = "";
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 4) operator = textOf(field);
    else if (field.number === 7) domain = textOf(field);
    else if (field.number === 5) {
      let name = "";
      const values: number[] = [];
      for (const part of fieldsOf(bytesOf(field))) {
        if (part.number === 1) name = textOf(part);
        else if (part.number === 8) values.push(...numbersOf(part, 64));
      }
      if (values.length > 0) integers.set(name, values);
    }
  }
  return { operator, domain, inputs, outputs, integers };
};

const initializerOf = (bytes: Uint8Array): [name: string, shape: readonly number[]] => {
  let name = "";
  const shape: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) shape.push(...numbersOf(field, 64));
    else if (field.number === 8) name = textOf(field);
  }
  return [name, shape];
};

const valueOf = (bytes: Uint8Array): OnnxValue => {
  let name = "";
  let elementType = 0;
  const shape: (number | string)[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) {
      // TypeProto.tensor_type { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1, dim_param = 2 } } }
      for (const type of fieldsOf(bytesOf(field))) {
        if (type.number !== 1) continue;
        for (const part of fieldsOf(bytesOf(type))) {
          if (part.number === 1) elementType = numberOf(part);
          else if (part.number === 2)
            for (const dim of fieldsOf(bytesOf(part))) shape.push(dimensionOf(bytesOf(dim)));
        }
      }
    }
  }
  return { name, elementType, shape };
};

const dimensionOf = (bytes: Uint8Array): number | string => {
  const { text, numbers } = pick(bytes);
  return numbers.get(1) ?? text.get(2) ?? "";
};

const KNOWN_DOMAINS = new Set(["", "ai.onnx", "ai.onnx.ml", "com.microsoft"]);

/** Throws `SwathError("model")` naming the first operator that no runtime of ours has. */
export const checkOperators = (file: OnnxFile, where: string): void => {
  const foreign = file.nodes.find(
    (n) => !KNOWN_DOMAINS.has(n.domain) && !file.functions.has(`${n.domain}:${n.operator}`),
  );
  if (foreign === undefined) return;
  throw new SwathError("model", {
    what: `${where} uses an unsupported operator`,
    wanted: "operators of ai.onnx, ai.onnx.ml or com.microsoft",
    got: `${foreign.domain}:${foreign.operator}`,
    hint: "export it with standard operators (quantised models as QDQ)",
  });
};
