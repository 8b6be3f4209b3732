import { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import type { OnnxFile, OnnxNode, OnnxValue } from "./onnx-file.ts";

const weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.string(),
  quantization: z.looseObject({ dtype: z.string() }).optional(),
});

/** `model.json` of TensorFlow.js: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts, `ModelJSON`. */
export const topologySchema = z.looseObject({
  format: z.string().optional(),
  generatedBy: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weight) })),
  signature: z.unknown().optional(),
  userDefinedMetadata: z.looseObject({ signature: z.unknown().optional() }).optional(),
});

/** What a TensorFlow.js model file says of its graph. */
export type TfjsTopology = z.output<typeof topologySchema>;

const integers = z.object({ list: z.object({ i: z.array(z.coerce.number()).optional() }).optional() });
const dims = z.object({
  dim: z.array(z.object({ size: z.coerce.number().optional() })).optional(),
  unknownRank: z.boolean().optional(),
});
const graphNode = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});
const tensorInfo = z.looseObject({ name: z.string().optional(), tensorShape: dims.optional() });
const signatureSchema = z.looseObject({
  inputs: z.record(z.string(), tensorInfo).optional(),
  outputs: z.record(z.string(), tensorInfo).optional(),
});
const layer = z.looseObject({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({
    name: z.string().optional(),
    batch_input_shape: z.array(z.number().nullable()).optional(),
  }),
  inbound_nodes: z.unknown().optional(),
});

/** What TensorFlow and Keras call what ONNX calls otherwise; the others keep their names. */
const onnxNames: ReadonlyMap<string, string> = new Map([
  ["Conv2D", "Conv"],
  ["_FusedConv2D", "Conv"],
  ["FusedConv2D", "Conv"],
  ["DepthwiseConv2dNative", "Conv"],
  ["FusedDepthwiseConv2dNative", "Conv"],
  ["DepthwiseConv2D", "Conv"],
  ["Conv2DTranspose", "ConvTranspose"],
  ["Conv2DBackpropInput", "ConvTranspose"],
  ["_FusedMatMul", "MatMul"],
  ["Dense", "MatMul"],
  ["MaxPooling2D", "MaxPool"],
  ["AvgPool", "AveragePool"],
  ["AveragePooling2D", "AveragePool"],
  ["ResizeBilinear", "Resize"],
  ["ResizeNearestNeighbor", "Resize"],
  ["UpSampling2D", "Resize"],
  ["ConcatV2", "Concat"],
  ["Concatenate", "Concat"],
]);

const bare = (name: string): string => name.replace(/^\^/, "").replace(/:\d+$/, "");

/** [height, width, in, out] as [out, in, height, width]; depthwise ones have each input's own `out`. */
const onnxShape = (shape: readonly number[], isDepthwise: boolean): readonly number[] => {
  const [height = 1, width = 1, into = 1, out = 1] = shape;
  if (shape.length !== 4) return shape;
  return isDepthwise ? [into * out, 1, height, width] : [out, into, height, width];
};

/**
 * A TensorFlow.js model in the terms of an ONNX file, as far as inspecting, guessing a head and counting operations go. Layers
 * models do not state the shapes of their outputs: those are empty. Throws `SwathError("model")` for anything else.
 */
export const describeTfjs = (topology: TfjsTopology, where: string): OnnxFile => {
  const weights = new Map(
    topology.weightsManifest.flatMap((group) =>
      group.weights.map(({ name, shape }) => [name, shape] as const),
    ),
  );
  const describe = "node" in topology.modelTopology ? graphOf : layersOf;
  return {
    producer: topology.generatedBy ?? "",
    opsets: new Map([["tfjs", 1]]),
    metadata: new Map(),
    functions: new Set(),
    ...readable(() => describe(topology, weights), where),
  };
};

const readable = <T>(read: () => T, where: string): T => {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const [issue] = cause.issues;
    throw new SwathError("model", {
      what: `${where} is no TensorFlow.js model`,
      wanted: "a graph of nodes or a model of layers",
      got: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
      cause,
    });
  }
};

type Described = Pick<OnnxFile, "inputs" | "outputs" | "nodes" | "initializers">;

const shapeOf = (shape: z.output<typeof dims> | undefined): (number | string)[] =>
  (shape?.dim ?? []).map(({ size = -1 }) => (size < 0 ? "" : size));

const graphOf = (topology: TfjsTopology, weights: ReadonlyMap<string, readonly number[]>): Described => {
  const nodes = z.array(graphNode).parse(topology.modelTopology["node"]);
  const stated = topology.signature ?? topology.userDefinedMetadata?.signature;
  const signature = signatureSchema.safeParse(stated).data ?? {};
  const valuesOf = (record: Readonly<Record<string, z.output<typeof tensorInfo>>>): OnnxValue[] =>
    Object.entries(record).map(([key, { name, tensorShape }]) => ({
      name: bare(name ?? key),
      elementType: 1,
      shape: shapeOf(tensorShape),
    }));
  const used = new Set(nodes.flatMap(({ input }) => input.map(bare)));
  const placeholders = nodes
    .filter(({ op }) => op === "Placeholder")
    .map(({ name, attr }) => ({
      name,
      elementType: 1,
      shape: shapeOf(z.object({ shape: dims }).safeParse(attr["shape"]).data?.shape),
    }));
  const ends = nodes
    .filter(({ name, op }) => !used.has(name) && op !== "Const" && op !== "Placeholder")
    .map(({ name }) => ({ name, elementType: 1, shape: [] }));
  const initializers = new Map<string, readonly number[]>();
  const described = nodes
    .filter(({ op }) => op !== "Const" && op !== "Placeholder")
    .map(({ name, op, input, attr }): OnnxNode => {
      const operator = onnxNames.get(op) ?? op;
      // The inputs of a transposed convolution are its output's shape, the weights and the image.
      const inputs = op === "Conv2DBackpropInput" ? input.map(bare).toReversed() : input.map(bare);
      const shape = weights.get(inputs[1] ?? "");
      if (shape !== undefined && operator.startsWith("Conv"))
        initializers.set(inputs[1] ?? "", onnxShape(shape, op.includes("epthwise")));
      const strides = integers.safeParse(attr["strides"]).data?.list?.i?.slice(1, 3);
      return {
        operator,
        domain: "",
        inputs,
        outputs: [name],
        integers: new Map(strides ? [["strides", strides]] : []),
      };
    });
  for (const [name, shape] of weights) if (!initializers.has(name)) initializers.set(name, shape);
  const [inputs, outputs] = [valuesOf(signature.inputs ?? {}), valuesOf(signature.outputs ?? {})];
  return {
    inputs: inputs.length > 0 ? inputs : placeholders,
    outputs: outputs.length > 0 ? outputs : ends,
    nodes: described,
    initializers,
  };
};

const layersOf = (topology: TfjsTopology, weights: ReadonlyMap<string, readonly number[]>): Described => {
  const model = (topology.modelTopology["model_config"] ?? topology.modelTopology) as {
    readonly config?: unknown;
  };
  const config = z
    .looseObject({ layers: z.array(layer), output_layers: z.unknown().optional() })
    .parse(Array.isArray(model.config) ? { layers: model.config } : model.config);
  const nameOf = (one: z.output<typeof layer>): string => one.name ?? one.config.name ?? one.class_name;
  const initializers = new Map<string, readonly number[]>(weights);
  let before = "";
  const nodes: OnnxNode[] = [];
  const inputs: OnnxValue[] = [];
  for (const one of config.layers) {
    const name = nameOf(one);
    const shape = one.config.batch_input_shape?.map((side) => side ?? "");
    if (shape !== undefined) {
      const input = one.class_name === "InputLayer" ? name : `${name}_input`;
      inputs.push({ name: input, elementType: 1, shape });
      before = input;
    }
    if (one.class_name !== "InputLayer") {
      const kernel = [`${name}/kernel`, `${name}/depthwise_kernel`].find((key) => weights.has(key));
      const stated = kernel === undefined ? undefined : weights.get(kernel);
      if (kernel !== undefined && stated !== undefined)
        initializers.set(kernel, onnxShape(stated, kernel.endsWith("depthwise_kernel")));
      const from = sourcesOf(one.inbound_nodes);
      nodes.push({
        operator: onnxNames.get(one.class_name) ?? one.class_name,
        domain: "",
        inputs: [
          ...(from.length > 0 ? from.slice(0, 1) : [before]),
          ...(kernel ? [kernel] : []),
          ...from.slice(1),
        ],
        outputs: [name],
        integers: new Map([["strides", stridesOf(one.config)]]),
      });
      before = name;
    }
  }
  const ends = sourcesOf([config.output_layers]);
  const outputs = (ends.length > 0 ? ends : [before]).map((name) => ({ name, elementType: 1, shape: [] }));
  return { inputs, outputs, nodes, initializers };
};

/** Names in `[[["conv", 0, 0, {}], …]]`, however deep. */
const sourcesOf = (value: unknown): string[] => {
  if (!Array.isArray(value)) return [];
  return typeof value[0] === "string" ? [value[0]] : value.flatMap(sourcesOf);
};

const stridesOf = (config: Readonly<Record<string, unknown>>): readonly number[] => {
  const pair = z.array(z.number()).safeParse(config["strides"] ?? config["pool_size"]);
  return pair.success ? pair.data : [];
};
