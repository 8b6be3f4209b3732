import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { packageRoot } from "../../pipeline/package.ts";

/** A tensor of TensorFlow.js, as far as it is used here. */
export interface TfjsTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dispose(): void;
}

/** A loaded model of either format. */
export interface TfjsLoadedModel {
  readonly inputs: readonly { readonly name: string; readonly shape?: readonly (number | null)[] }[];
  readonly outputs: readonly { readonly name: string }[];
  predict(input: TfjsTensor): TfjsTensor | readonly TfjsTensor[];
  /** Of graph models. */
  execute?(
    inputs: Readonly<Record<string, TfjsTensor>>,
    outputs: readonly string[],
  ): TfjsTensor[] | TfjsTensor;
  dispose(): void;
}

/** The part of the library's surface that Swath needs; typed here since the library is the user's. */
export interface Tfjs {
  readonly version: { readonly tfjs: string };
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  env(): { set(flag: string, value: boolean): void };
  tensor(data: Float32Array, shape: readonly number[], dtype: "float32"): TfjsTensor;
  loadGraphModel(handler: { load(): Promise<unknown> }): Promise<TfjsLoadedModel>;
  loadLayersModel(handler: { load(): Promise<unknown> }): Promise<TfjsLoadedModel>;
}

/** TensorFlow.js with the backend that was found. */
export interface TfjsLibrary {
  readonly tf: Tfjs;
  /** `tfjs 4.22.0 wasm`, as a result's provenance states it. */
  readonly runtime: string;
}

/** Where packages are looked for: beside what the user works on, then beside Swath. */
const bases = (): readonly string[] => [process.cwd(), packageRoot];

const resolveFrom = (base: string, name: string): string | null => {
  try {
    return createRequire(join(base, "from-here.js")).resolve(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return null;
    throw error;
  }
};

const imported = async (path: string): Promise<unknown> => {
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  return module.default ?? module;
};

const native = async (base: string): Promise<TfjsLibrary | null> => {
  const path = resolveFrom(base, "@tensorflow/tfjs-node");
  if (path === null) return null;
  const tf = (await imported(path)) as Tfjs;
  await tf.ready();
  return { tf, runtime: `tfjs-node ${tf.version.tfjs}` };
};

const wasm = async (base: string): Promise<TfjsLibrary | null> => {
  const [path, backend] = [
    resolveFrom(base, "@tensorflow/tfjs"),
    resolveFrom(base, "@tensorflow/tfjs-backend-wasm"),
  ];
  if (path === null || backend === null) return null;
  const tf = (await imported(path)) as Tfjs;
  await imported(backend);
  // One thread a session, as with ONNX: a result must not depend on how many cores there are.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await tf.setBackend("wasm"))) throw new Error("its WASM backend does not start");
  await tf.ready();
  return { tf, runtime: `tfjs ${tf.version.tfjs} wasm` };
};

/**
 * TensorFlow.js as the user installed it: `@tensorflow/tfjs-node` (native), else `@tensorflow/tfjs` with
 * `@tensorflow/tfjs-backend-wasm`, looked for from the working directory and from Swath's own folder.
 * Throws `SwathError("model")` when neither is there or what is there does not start.
 */
export const loadTfjs = async (where: string): Promise<TfjsLibrary> => {
  for (const load of [native, wasm]) {
    for (const base of bases()) {
      try {
        const library = await load(base);
        if (library !== null) return library;
      } catch (cause) {
        const got = messageOf(cause).split("\n")[0] ?? "";
        throw new SwathError("model", { what: `TensorFlow.js in ${base} cannot run ${where}`, got, cause });
      }
    }
  }
  throw new SwathError("model", {
    what: `${where} needs TensorFlow.js`,
    wanted: "@tensorflow/tfjs-node, or @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm",
    got: "neither",
    hint: "npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm",
  });
};
