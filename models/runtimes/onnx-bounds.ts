import { SwathError } from "../../pipeline/errors.ts";
import {
  bytesOf,
  type ProtobufField,
  fieldsOf,
  numberOf,
  numbersOf,
  ProtobufError,
  textOf,
} from "./protobuf.ts";

/**
 * The most elements that a network may make out of next to nothing, and that an input of a fixed shape may have: 1 GiB of
 * float32. An image of 8,192² pixels and four bands is as large; the masks and grids that exporters write are a thousandth of it.
 */
const mostElements = 2 ** 28;

/** Bodies of loops and branches in bodies of loops and branches. */
const mostDepth = 16;

/** Bits of an element by `TensorProto.DataType`; strings (8) have no fixed size. */
const elementBits: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
};

/** Operators that make a tensor of the shape which one of their inputs holds, by that input's place. */
const shapedBy: Readonly<Record<string, number>> = {
  ConstantOfShape: 0,
  Expand: 1,
  Tile: 1,
  Resize: 3,
  Upsample: 1,
};

/** Operators whose attribute `shape` says what they make. */
const shapedByAttribute = ["RandomNormal", "RandomUniform"];

/** What is known of a tensor of whole numbers or floats. */
type Constants = ReadonlyMap<string, readonly number[]>;

const product = (values: readonly number[]): number =>
  values.reduce((all, value) => all * Math.max(0, value), 1);

const large = (where: string, what: string, elements: number): SwathError =>
  new SwathError("model", {
    what: `${where}: ${what} is too large`,
    wanted: `at most ${mostElements} elements`,
    got: `${elements}`,
  });

/** Values that a tensor's field of this kind and width holds, the first few. */
const valuesOf = (data: Uint8Array, kind: "float32" | "int32" | "int64"): readonly number[] => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = kind === "int64" ? 8 : 4;
  return Array.from({ length: Math.min(64, Math.floor(data.length / size)) }, (_, i) => {
    if (kind === "float32") return view.getFloat32(4 * i, true);
    return kind === "int32" ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true));
  });
};

interface TensorFacts {
  readonly name: string;
  /** Empty where they are none that a shape or a scale could be. */
  readonly values: readonly number[];
}

/** Field numbers of the repeated values of a `TensorProto`: float, int32, string, int64, double, uint64. */
const repeated = [4, 5, 6, 7, 10, 11];

/** Throws `SwathError("model")` for a tensor that declares more elements than it has. */
const checkTensor = (bytes: Uint8Array, where: string): TensorFacts => {
  const dims: number[] = [];
  let [name, type, isExternal, hasRepeated] = ["", 0, false, false];
  let raw: Uint8Array | null = null;
  let values: readonly number[] = [];
  for (const field of fieldsOf(bytes)) {
    const { number } = field;
    if (number === 1) dims.push(...numbersOf(field, 64));
    else if (number === 2) type = numberOf(field);
    else if (number === 8) name = textOf(field);
    else if (number === 9) raw = bytesOf(field);
    else if (number === 13) isExternal = true;
    else if (repeated.includes(number)) {
      hasRepeated = true;
      if (number === 4 && field.wire === 2) values = valuesOf(bytesOf(field), "float32");
      else if (number === 5 || number === 7) values = [...values, ...numbersOf(field, 64)].slice(0, 64);
    }
  }
  const elements = product(dims);
  if (isExternal) return { name, values: [] };
  const bits = elementBits[type];
  if (raw !== null) {
    const kinds = { 1: "float32", 6: "int32", 7: "int64" } as const;
    if (type === 1 || type === 6 || type === 7) values = valuesOf(raw, kinds[type]);
    if (bits !== undefined && Math.ceil((elements * bits) / 8) !== raw.length) {
      throw mismatch(where, name, `${dims.join(" × ")} elements of ${bits} bits`, `${raw.length} bytes`);
    }
  } else if (!hasRepeated && elements > 0) {
    throw mismatch(where, name, `${dims.join(" × ")} elements`, "no data");
  } else if (elements > bytes.length * 8) {
    throw mismatch(where, name, `${dims.join(" × ")} elements`, `${bytes.length} bytes`);
  }
  return { name, values };
};

const mismatch = (where: string, name: string, wanted: string, got: string): SwathError =>
  new SwathError("model", {
    what: `${where}: tensor "${name}" does not hold what it declares`,
    wanted,
    got,
    hint: "fetch or export the file again",
  });

interface NodeFacts {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of a `Constant`. */
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly bodies: readonly Uint8Array[];
}

const readNode = (bytes: Uint8Array, where: string): NodeFacts => {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const bodies: Uint8Array[] = [];
  let operator = "";
  let values: readonly number[] = [];
  let shape: readonly number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 4) operator = textOf(field);
    else if (field.number === 5) {
      let name = "";
      let whole: readonly number[] = [];
      for (const part of fieldsOf(bytesOf(field))) {
        if (part.number === 1) name = textOf(part);
        else if (part.number === 3 || part.number === 8)
          whole = [...whole, ...numbersOf(part, 64)].slice(0, 64);
        else if (part.number === 5) ({ values } = checkTensor(bytesOf(part), where));
        else if (part.number === 6 || part.number === 11) bodies.push(bytesOf(part));
      }
      if (name === "shape") shape = whole;
      else if (name.startsWith("value_int")) values = whole;
    }
  }
  return { operator, inputs, outputs, values, shape, bodies };
};

/** How many elements a node makes out of constants alone; 0 where it makes none, or as many as it was given. */
const madeBy = ({ operator, inputs, shape }: NodeFacts, constants: Constants): number => {
  if (shapedByAttribute.includes(operator)) return product(shape);
  const of = (place: number): readonly number[] => constants.get(inputs[place] ?? "") ?? [];
  if (operator === "Range") {
    const [start = 0, limit = 0, step = 1] = [0, 1, 2].map((place) => of(place)[0]);
    return step === 0 ? Infinity : Math.max(0, (limit - start) / step);
  }
  // Scales and repeats multiply what is given by as much.
  if (operator === "Resize" && of(3).length === 0) return product(of(2).map(Math.ceil));
  if (operator === "Pad") return Math.max(0, ...of(1));
  const place = shapedBy[operator];
  return place === undefined || of(place).length === 0 ? 0 : product(of(place).map(Math.ceil));
};

const checkSparse = (field: ProtobufField, where: string): void => {
  const dims = [...fieldsOf(bytesOf(field))].flatMap((part) =>
    part.number === 3 ? numbersOf(part, 64) : [],
  );
  if (product(dims) > mostElements) throw large(where, "a sparse tensor", product(dims));
};

/** Fixed sizes of an input or an output; free ones count as 1. */
const declaredBy = (bytes: Uint8Array): number => {
  let elements = 1;
  for (const type of fieldsOf(bytes)) {
    if (type.number !== 2) continue;
    for (const tensor of fieldsOf(bytesOf(type))) {
      if (tensor.number !== 1) continue;
      for (const part of fieldsOf(bytesOf(tensor))) {
        if (part.number !== 2) continue;
        for (const dim of fieldsOf(bytesOf(part)))
          for (const size of fieldsOf(bytesOf(dim)))
            if (size.number === 1) elements *= Math.max(1, numberOf(size));
      }
    }
  }
  return elements;
};

const checkNodes = (
  nodes: readonly Uint8Array[],
  known: Constants,
  where: string,
  depth: number,
  made: number,
): number => {
  const constants = new Map(known);
  let total = made;
  for (const bytes of nodes) {
    const node = readNode(bytes, where);
    if (node.operator === "Constant" && node.values.length > 0)
      constants.set(node.outputs[0] ?? "", node.values);
    const elements = madeBy(node, constants);
    total += elements;
    if (total > mostElements) throw large(where, `what its ${node.operator} makes`, Math.round(total));
    for (const body of node.bodies) total = checkGraph(body, constants, where, depth + 1, total);
  }
  return total;
};

const checkGraph = (
  bytes: Uint8Array,
  outer: Constants,
  where: string,
  depth: number,
  made: number,
): number => {
  if (depth > mostDepth) throw new ProtobufError(`more than ${mostDepth} graphs inside each other`);
  const constants = new Map(outer);
  const nodes: Uint8Array[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(bytesOf(field));
    else if (field.number === 5) {
      const { name, values } = checkTensor(bytesOf(field), where);
      if (values.length > 0) constants.set(name, values);
    } else if (field.number === 15) checkSparse(field, where);
    else if (field.number === 11 || field.number === 12) {
      const elements = declaredBy(bytesOf(field));
      if (elements > mostElements)
        throw large(where, field.number === 11 ? "an input" : "an output", elements);
    }
  }
  return checkNodes(nodes, constants, where, depth, made);
};

/**
 * Holds a model to what its bytes can mean, before a runtime allocates what they claim: every tensor has the elements that it
 * declares, and what is made out of constant shapes stays below a bound. A few bytes can ask for gigabytes otherwise.
 * `bytes` are those of a `ModelProto`. Throws `SwathError("model")`, and `ProtobufError` where they are none.
 */
export const checkBounds = (bytes: Uint8Array, where: string): void => {
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) checkGraph(bytesOf(field), new Map(), where, 0, 0);
    else if (field.number === 25) {
      const nodes = [...fieldsOf(bytesOf(field))].flatMap((part) =>
        part.number === 7 ? [bytesOf(part)] : [],
      );
      checkNodes(nodes, new Map(), where, 0, 0);
    }
  }
};
