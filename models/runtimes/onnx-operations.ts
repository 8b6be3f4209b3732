import type { OnnxFile, OnnxNode } from "./onnx-file.ts";

/** Where the weights stand among a node's inputs. */
const weightInput: ReadonlyMap<string, number> = new Map([
  ["Conv", 1],
  ["ConvInteger", 1],
  ["FusedConv", 1],
  ["ConvTranspose", 1],
  ["QLinearConv", 3],
  ["Gemm", 1],
  ["MatMul", 1],
  ["MatMulInteger", 1],
  ["QLinearMatMul", 3],
]);

/** What hands weights on unchanged in shape. */
const passesWeights = new Set(["Quant", "DequantizeLinear", "Identity", "Cast", "QuantizeLinear"]);

/** What is known of a tensor on its way from the image. */
interface Flow {
  /** Positions on the image plane, relative to the input's pixels. */
  readonly positions: number;
  readonly channels: number;
  /** The operator that made it. */
  readonly by: string;
}

/** How a node changes the number of positions on the image plane. */
const positionsFactor = ({ operator, integers }: OnnxNode): number => {
  const stride = (integers.get("strides") ?? []).reduce((product, s) => product * s, 1);
  if (operator === "ConvTranspose") return stride;
  // Detection necks double the side; the exact factors hide in computed tensors.
  if (operator === "Resize" || operator === "Upsample") return 4;
  if (operator.includes("Conv") || operator.endsWith("Pool")) return 1 / Math.max(1, stride);
  return 1;
};

const product = (shape: readonly number[]): number => shape.reduce((n, side) => n * side, 1);

/** Channels and rows of a weighted node's output. */
const throughWeights = (
  { operator }: OnnxNode,
  from: Flow,
  factor: number,
  shape: readonly number[],
): Flow => {
  if (!/MatMul|Gemm/.test(operator)) {
    const channels = shape[operator === "ConvTranspose" ? 1 : 0] ?? from.channels;
    return { positions: from.positions * factor, channels, by: operator };
  }
  // [features, outputs]; a flattened image has all its positions among its features, a sequence keeps them.
  const [features = 1, outputs = 1] = shape.slice(-2);
  const wide = operator === "Gemm" ? Math.max(features, outputs) : features;
  const rows = (from.positions * from.channels) / wide;
  return {
    positions: rows,
    channels: operator === "Gemm" ? Math.min(features, outputs) : outputs,
    by: operator,
  };
};

/** Several tensors side by side; pieces sliced out of one image (YOLOX's first layer) fill its pixels between them. */
const joined = (flows: readonly Flow[], operator: string): Flow => {
  const [first] = flows as readonly [Flow, ...Flow[]];
  if (operator !== "Concat") return { ...first, by: operator };
  const sliced = flows.length === 4 && flows.every(({ by, positions }) => by === "Slice" && positions === 1);
  const channels = flows.reduce((sum, flow) => sum + flow.channels, 0);
  return { positions: first.positions / (sliced ? 4 : 1), channels, by: operator };
};

/**
 * Operations an input pixel, multiply and add counted as two, from the convolutions and matrices of the graph: weights ×
 * positions. An estimate for files that come without a card; everything without weights (a few per cent) is left out.
 */
export const estimateOpsPerPixel = (file: OnnxFile, imageChannels = 3): number => {
  const flows = new Map<string, Flow>();
  const weights = new Map(file.initializers);
  for (const { name } of file.inputs) flows.set(name, { positions: 1, channels: imageChannels, by: "" });
  let multiplyAdds = 0;
  // Nodes stand in execution order in a valid file.
  for (const node of file.nodes) {
    const handedOn = weights.get(node.inputs[0] ?? "");
    if (handedOn !== undefined && passesWeights.has(node.operator)) {
      for (const output of node.outputs) weights.set(output, handedOn);
    }
    const sources = node.inputs.flatMap((name) => flows.get(name) ?? []);
    const [source] = sources;
    if (source === undefined) continue;
    const factor = positionsFactor(node);
    const at = weightInput.get(node.operator);
    const shape = at === undefined ? undefined : weights.get(node.inputs[at] ?? "");
    let after: Flow;
    if (shape === undefined) {
      const flow = joined(sources, node.operator);
      after = { ...flow, positions: flow.positions * factor };
    } else {
      after = throughWeights(node, source, factor, shape);
      multiplyAdds += product(shape) * (node.operator === "ConvTranspose" ? source : after).positions;
    }
    for (const output of node.outputs) flows.set(output, after);
  }
  return 2 * multiplyAdds;
};

/** Numbers that the file holds as weights. */
export const parameterCount = (file: OnnxFile): number =>
  [...file.initializers.values()].reduce((sum, shape) => sum + product(shape), 0);

/** Whether the file computes with 8-bit weights. */
export const isQuantised = (file: OnnxFile): boolean =>
  file.nodes.some(({ operator }) => /ConvInteger|QLinearConv|QuantizeLinear|MatMulInteger/.test(operator));

/** `TensorProto.DataType` of sixteen-bit floats. */
const half = 10;

/** The numbers that it computes with. */
export const precisionOf = (file: OnnxFile): "fp32" | "fp16" | "int8" => {
  if (isQuantised(file)) return "int8";
  return file.inputs[0]?.elementType === half ? "fp16" : "fp32";
};
