import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { floatsOf } from "./element-types.ts";
import type { NetworkSession, Outputs, OutputTensor, WantedTensors } from "./network-session.ts";
import { splitBundle } from "./tfjs-bundle.ts";
import { loadTfjs, type Tfjs, type TfjsLoadedModel, type TfjsTensor } from "./tfjs-library.ts";

/** TensorFlow names the outputs of a node `Identity:0`; cards may leave the port out. */
const bare = (name: string): string => name.replace(/:0$/, "");

/**
 * Loads a TensorFlow.js model (`TfjsBundle.bytes`) into this thread, on whatever the user installed (`loadTfjs`).
 * Throws `SwathError("model")`: nothing installed, an operator that the library does not have, not the input wanted.
 */
export const openTfjsSession = async (
  bundle: Uint8Array,
  wanted: WantedTensors,
  where: string,
): Promise<NetworkSession> => {
  const { tf, runtime } = await loadTfjs(where);
  const model = await load(tf, bundle, where);
  try {
    return sessionOf(tf, model, wanted, where, runtime);
  } catch (error) {
    model.dispose();
    throw error;
  }
};

const load = async (tf: Tfjs, bundle: Uint8Array, where: string): Promise<TfjsLoadedModel> => {
  const { topology, weights } = splitBundle(bundle);
  const { modelTopology, weightsManifest, ...rest } = topology;
  const artifacts = {
    ...rest,
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: weights,
  };
  const handler = { load: async () => artifacts };
  try {
    return isGraph(topology) ? await tf.loadGraphModel(handler) : await tf.loadLayersModel(handler);
  } catch (cause) {
    throw runError(`cannot load ${where}`, messageOf(cause), where, cause);
  }
};

const isGraph = ({ format, modelTopology }: ReturnType<typeof splitBundle>["topology"]): boolean =>
  format === "graph-model" || "node" in modelTopology;

/** The library's ways of naming an operator or a layer that it does not have. */
const missingOperator =
  /Unknown op '(\w+)'|'(\w+)' not yet implemented|Kernel '(\w+)' not registered|Unknown layer: (\w+)/;

const runError = (what: string, text: string, where: string, cause: unknown): SwathError => {
  const operator = missingOperator
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
  return operator === undefined
    ? new SwathError("model", { what, got: text.split("\n")[0] ?? text, cause })
    : new SwathError("model", { what: `${where} uses an unsupported operator`, got: operator, cause });
};

const sessionOf = (
  tf: Tfjs,
  model: TfjsLoadedModel,
  { inputName, outputNames }: WantedTensors,
  where: string,
  runtime: string,
): NetworkSession => {
  const [input] = model.inputs;
  const inputs = model.inputs.map(({ name }) => bare(name));
  // A layers model that is loaded a second time gets its input numbered: `first_input_1`.
  const isRenamed = inputs[0]?.replace(/_\d+$/, "") === bare(inputName);
  if (input === undefined || inputs.length !== 1 || (inputs[0] !== bare(inputName) && !isRenamed)) {
    const got = inputs.join(", ") || "none";
    throw new SwathError("model", { what: `inputs of ${where}`, wanted: `"${inputName}" alone`, got });
  }
  const known = model.outputs.map(({ name }) => name);
  const knownAs = (name: string): string => {
    const found = name === "" ? known[0] : known.find((one) => bare(one) === bare(name));
    if (found !== undefined) return found;
    const got = known.map(bare).join(", ");
    throw new SwathError("model", { what: `outputs of ${where}`, wanted: `"${name}"`, got });
  };
  const names = outputNames.map(knownAs);
  const runModel = (tensor: TfjsTensor, wantedNames: readonly string[]): readonly TfjsTensor[] => {
    if (model.execute !== undefined)
      return [model.execute({ [input.name]: tensor }, [...wantedNames])].flat();
    const all = [model.predict(tensor)].flat() as TfjsTensor[];
    return wantedNames.map((name) => all[known.indexOf(name)] as TfjsTensor);
  };
  return {
    inputShape: (input.shape ?? []).map((side) => (side === null || side < 0 ? "" : side)),
    outputNames: known.map(bare),
    inputType: "float32",
    runtime,
    async run(data, shape, others) {
      const [asked, fetched] = others === undefined ? [outputNames, names] : [others, others.map(knownAs)];
      const tensor = tf.tensor(data, shape, "float32");
      let results: readonly TfjsTensor[] = [];
      try {
        results = runModel(tensor, fetched);
        const outputs = new Map<string, OutputTensor>();
        for (const [i, result] of results.entries()) {
          outputs.set(asked[i] || bare(fetched[i] as string), await outputOf(result, where));
        }
        return outputs satisfies Outputs;
      } catch (cause) {
        if (cause instanceof SwathError) throw cause;
        throw runError(`running ${where}`, messageOf(cause), where, cause);
      } finally {
        tensor.dispose();
        for (const result of results) result.dispose();
      }
    },
    release: async () => model.dispose(),
  };
};

const outputOf = async (tensor: TfjsTensor, where: string): Promise<OutputTensor> => {
  const data = floatsOf(await tensor.data(), tensor.dtype);
  if (data !== null) return { shape: tensor.shape, data };
  throw new SwathError("model", { what: `output of ${where}`, wanted: "numbers", got: tensor.dtype });
};
