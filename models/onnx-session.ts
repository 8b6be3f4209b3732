import { InferenceSession, Tensor } from "onnxruntime-node";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { Outputs, OutputTensor } from "./heads/head.ts";

/** A loaded network with one image input. */
export interface OnnxSession {
  readonly inputShape: readonly (number | string)[];
  readonly outputNames: readonly string[];
  /** `data` in the layout of `shape`. The outputs are overwritten by the next run of the same shape. */
  run(data: Float32Array, shape: readonly number[]): Promise<Outputs>;
  release(): Promise<void>;
}

/**
 * Loads a network into this thread. One thread inside, so that a result does not depend on how many there are: work is
 * spread by giving tiles to several sessions. `where` names the model in messages.
 * Throws `SwathError("model")`: not an ONNX model, an operator that the runtime does not have, not the input wanted.
 */
export const openOnnxSession = async (
  weights: Uint8Array,
  wanted: { readonly inputName: string; readonly outputNames: readonly string[] },
  where: string,
): Promise<OnnxSession> => {
  const session = await createSession(weights, where);
  try {
    return sessionOf(session, wanted, where);
  } catch (error) {
    await session.release();
    throw error;
  }
};

/** The runtime's two ways of naming an operator that it does not have. */
const missingOperator = /([\w.]*:?\w+)\(-?\d+\) is not a registered function\/op|No Op registered for (\w+)/;

const createSession = async (weights: Uint8Array, where: string): Promise<InferenceSession> => {
  try {
    return await InferenceSession.create(weights, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      // The arena keeps its high-water mark for each worker: 50 MB on a 512² tile, against some 5 % of speed.
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const text = messageOf(cause);
    const operator = missingOperator
      .exec(text)
      ?.slice(1)
      .find((name) => name !== undefined);
    throw new SwathError("model", {
      what: operator ? `${where} uses an unsupported operator` : `cannot load ${where}`,
      got: operator ?? text.split("\n")[0] ?? text,
      ...(operator ? { hint: "export it with standard operators (quantised models as QDQ)" } : {}),
      cause,
    });
  }
};

const sessionOf = (
  session: InferenceSession,
  { inputName, outputNames }: { readonly inputName: string; readonly outputNames: readonly string[] },
  where: string,
): OnnxSession => {
  const input = session.inputMetadata.find(({ name }) => name === inputName);
  if (input === undefined || session.inputNames.length !== 1) {
    const got = session.inputNames.join(", ") || "none";
    throw new SwathError("model", { what: `inputs of ${where}`, wanted: `"${inputName}" alone`, got });
  }
  if (!input.isTensor || input.type !== "float32") {
    const got = input.isTensor ? input.type : "no tensor";
    throw new SwathError("model", { what: `input "${inputName}" of ${where}`, wanted: "float32", got });
  }
  const missing = outputNames.find((name) => name !== "" && !session.outputNames.includes(name));
  if (missing !== undefined) {
    const got = session.outputNames.join(", ");
    throw new SwathError("model", { what: `outputs of ${where}`, wanted: `"${missing}"`, got });
  }
  const names = outputNames.map((name) => (name === "" ? (session.outputNames[0] as string) : name));
  let previous: { readonly shape: string; readonly fetches: Record<string, Tensor> } | null = null;
  return {
    inputShape: input.shape,
    outputNames: session.outputNames,
    async run(data, shape) {
      const key = shape.join("×");
      const feeds = { [inputName]: new Tensor("float32", data, shape) };
      const results = await runSession(
        session,
        feeds,
        previous?.shape === key ? previous.fetches : names,
        where,
      );
      const outputs = new Map<string, OutputTensor>();
      const fetches: Record<string, Tensor> = {};
      for (const name of names) {
        const tensor = results[name];
        if (!(tensor instanceof Tensor) || !(tensor.data instanceof Float32Array)) {
          const got = tensor instanceof Tensor ? tensor.type : "no tensor";
          throw new SwathError("model", { what: `output "${name}" of ${where}`, wanted: "float32", got });
        }
        outputs.set(name, { shape: tensor.dims, data: tensor.data });
        fetches[name] = tensor;
      }
      // The runtime writes the next outputs of this shape into the same memory: garbage of megabytes a tile saved.
      previous = { shape: key, fetches };
      return outputs;
    },
    release: () => session.release(),
  };
};

const runSession = async (
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  fetches: Record<string, Tensor> | readonly string[],
  where: string,
): Promise<InferenceSession.ReturnType> => {
  try {
    return await session.run(feeds, fetches);
  } catch (cause) {
    const got = messageOf(cause).split("\n")[0] ?? "";
    throw new SwathError("model", { what: `running ${where}`, got, cause });
  }
};
