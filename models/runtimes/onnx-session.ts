import type { InferenceSession, Tensor } from "onnxruntime-node";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { cpu, type Device, deviceText } from "../../pipeline/detection/device.ts";
import { elementsOf, floatsOf, type InputType, inputTypes, isInputType } from "./element-types.ts";
import type { NetworkSession, OutputTensor, WantedTensors } from "./network-session.ts";
import { loadOnnxLibrary, type OnnxLibrary } from "./onnx-library.ts";

/** How an ONNX network is run. */
export interface OnnxOptions {
  /** The CPU when not given. */
  readonly device?: Device;
  /**
   * How weights and activations between `QuantizeLinear` and `DequantizeLinear` are computed with. `integer`: as 8-bit hardware
   * does, whole operators at a time. `float`: operator by operator as the file says.
   */
  readonly quantised?: "integer" | "float";
}

/**
 * Loads a network into this thread. One thread inside, so that a result does not depend on how many there are: work is
 * spread by giving tiles to several sessions. `where` names the model in messages.
 * Throws `SwathError("model")`: not an ONNX model, an operator that the runtime does not have, not the input wanted, a device that
 * is not there.
 */
export const openOnnxSession = async (
  weights: Uint8Array,
  wanted: WantedTensors,
  where: string,
  options: OnnxOptions = {},
): Promise<NetworkSession> => {
  const device = options.device ?? cpu;
  const library = await loadOnnxLibrary();
  const session = await createSession(library, weights, where, device, options.quantised ?? "integer");
  try {
    return sessionOf(library, session, wanted, where, device);
  } catch (error) {
    await session.release();
    throw error;
  }
};

/** The runtime's two ways of naming an operator that it does not have. */
const missingOperator = /([\w.]*:?\w+)\(-?\d+\) is not a registered function\/op|No Op registered for (\w+)/;

/** An operator set that came after the runtime. */
const newerOpset = /opset (\d+) is under development.*?till opset (\d+)/i;

/** The runtime's refusal to let the CPU step in. */
const fallbackRefused = /fallback to CPU EP has been explicitly disabled/;

/** What a device says among the names of files and functions. */
const reason = /(?:Failed|Could not|Unable) [^\n]*?(?=[.:;]\s|\n|$)/;

const createSession = async (
  library: OnnxLibrary,
  weights: Uint8Array,
  where: string,
  device: Device,
  quantised: "integer" | "float",
): Promise<InferenceSession> => {
  requireBuilt(library, device, where);
  // Whatever is wrong comes as an error; the runtime would print it as well, in colours.
  library.env.logLevel = "fatal";
  const session = {
    ...(device.includes("cpu") ? {} : { disable_cpu_ep_fallback: "1" }),
    ...(quantised === "float" ? { disable_quant_qdq: "1" } : {}),
  };
  try {
    return await library.InferenceSession.create(weights, {
      executionProviders: [...device],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      // The arena keeps its high-water mark for each worker: 50 MB on a 512² tile, against some 5 % of speed.
      enableCpuMemArena: false,
      logSeverityLevel: 4,
      extra: { session },
    });
  } catch (cause) {
    throw loadError(messageOf(cause), where, device, cause);
  }
};

/** Throws `SwathError("model")` for a device that this build of the runtime was made without. */
const requireBuilt = (library: OnnxLibrary, device: Device, where: string): void => {
  const built = library.listSupportedBackends().map(({ name }) => name);
  const absent = device.find((name) => !built.includes(name));
  if (absent === undefined) return;
  throw new SwathError("model", {
    what: `device for ${where}`,
    wanted: `one that ONNX Runtime has on ${process.platform} ${process.arch}: ${built.join(", ")}`,
    got: absent,
  });
};

const loadError = (text: string, where: string, device: Device, cause: unknown): SwathError => {
  // Where in the runtime's source it happened helps nobody here.
  const got = (text.split("\n")[0] ?? text).replace(/^\/\S+:\d+ /, "").slice(0, 240);
  const operator = missingOperator
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
  if (operator !== undefined) {
    const hint = "export it with standard operators (quantised models as QDQ)";
    return new SwathError("model", {
      what: `${where} uses an unsupported operator`,
      got: operator,
      hint,
      cause,
    });
  }
  const opset = newerOpset.exec(text);
  if (opset !== null) {
    const [, theirs, ours] = opset;
    return new SwathError("model", {
      what: `operator set of ${where}`,
      wanted: `ai.onnx ${ours} or older`,
      got: theirs ?? "",
      hint: "export it for an older opset",
      cause,
    });
  }
  if (device.every((name) => name === "cpu")) {
    return new SwathError("model", { what: `cannot load ${where}`, got, cause });
  }
  const name = deviceText(device);
  if (fallbackRefused.test(text)) {
    return new SwathError("model", {
      what: `${where} has operators that ${name} lacks`,
      hint: `--device ${name},cpu runs those on the CPU`,
      cause,
    });
  }
  const hint = device.some((one) => one === "cuda" || one === "tensorrt")
    ? "needs an NVIDIA GPU, CUDA 12 and the runtime's CUDA libraries (node node_modules/onnxruntime-node/script/install.js)"
    : "see that the device and its driver are there";
  return new SwathError("model", {
    what: `cannot run ${where} on ${name}`,
    got: (reason.exec(text)?.[0] ?? got).slice(0, 160),
    hint,
    cause,
  });
};

const sessionOf = (
  library: OnnxLibrary,
  session: InferenceSession,
  { inputName, outputNames }: WantedTensors,
  where: string,
  device: Device,
): NetworkSession => {
  const input = session.inputMetadata.find(({ name }) => name === inputName);
  if (input === undefined || session.inputNames.length !== 1) {
    const got = session.inputNames.join(", ") || "none";
    throw new SwathError("model", { what: `inputs of ${where}`, wanted: `"${inputName}" alone`, got });
  }
  const inputType = input.isTensor ? input.type : "no tensor";
  if (!input.isTensor || !isInputType(inputType)) {
    const wanted = inputTypes.join(", ");
    throw new SwathError("model", { what: `input "${inputName}" of ${where}`, wanted, got: inputType });
  }
  const missing = outputNames.find((name) => name !== "" && !session.outputNames.includes(name));
  if (missing !== undefined) {
    const got = session.outputNames.join(", ");
    throw new SwathError("model", { what: `outputs of ${where}`, wanted: `"${missing}"`, got });
  }
  const ownNames = outputNames.map((name) => (name === "" ? (session.outputNames[0] as string) : name));
  let previous: { readonly key: string; readonly fetches: Record<string, Tensor> } | null = null;
  /** Whether outputs of one input shape differ in theirs, as those of networks that suppress by themselves do. */
  let isVarying = false;
  const fetch = async (feeds: Record<string, Tensor>, names: readonly string[], key: string) => {
    if (previous?.key !== key || isVarying) return await runSession(session, feeds, names, where);
    try {
      return await runSession(session, feeds, previous.fetches, where);
    } catch {
      // Memory of another length than the outputs now have. Whatever else is wrong comes again, and is told.
      isVarying = true;
      return await runSession(session, feeds, names, where);
    }
  };
  return {
    inputShape: input.shape,
    inputType,
    outputNames: session.outputNames,
    runtime: deviceText(device) === "cpu" ? null : `onnxruntime ${deviceText(device)}`,
    async run(data, shape, names = ownNames) {
      const key = [...shape, ...names].join("×");
      const feeds = { [inputName]: tensorOf(library, inputType, data, shape) };
      const results = await fetch(feeds, names, key);
      const outputs = new Map<string, OutputTensor>();
      const fetches: Record<string, Tensor> = {};
      for (const name of names) {
        const tensor = results[name];
        const floats = tensor instanceof library.Tensor ? floatsOf(tensor.data, tensor.type) : null;
        if (!(tensor instanceof library.Tensor) || floats === null) {
          const got = tensor instanceof library.Tensor ? tensor.type : "no tensor";
          throw new SwathError("model", { what: `output "${name}" of ${where}`, wanted: "numbers", got });
        }
        outputs.set(name, { shape: tensor.dims, data: floats });
        fetches[name] = tensor;
      }
      // The runtime writes the next outputs of this shape into the same memory: garbage of megabytes a tile saved.
      previous = { key, fetches };
      return outputs;
    },
    release: () => session.release(),
  };
};

/** The runtime's types want each type of array by name; what is made here is one of those. */
const tensorOf = (
  { Tensor: OnnxTensor }: OnnxLibrary,
  type: InputType,
  data: Float32Array,
  shape: readonly number[],
): Tensor => new OnnxTensor(type as "float32", elementsOf(data, type) as Float32Array, shape);

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
