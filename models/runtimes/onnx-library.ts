import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as OnnxRuntime from "onnxruntime-node";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";

/** The library's surface, as its own types have it. */
export type OnnxLibrary = typeof OnnxRuntime;

/** What Swath was tested with; fetched where no other is installed. */
export const onnxRuntimeVersion = "1.30.0";

const name = "onnxruntime-node";

/** Where a copy of our own lies. */
const ownFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "swath", `${name}-${onnxRuntimeVersion}`);

const entryIn = (folder: string): string => join(folder, "node_modules", name, "dist", "index.js");

const importFrom = async (specifier: string): Promise<OnnxLibrary> => {
  const module = (await import(specifier)) as OnnxLibrary & { readonly default?: OnnxLibrary };
  return module.default ?? module;
};

/** The library that is installed beside Swath or its user's package; `null`: none is. */
const installed = async (): Promise<OnnxLibrary | null> => {
  try {
    return await importFrom(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const own = entryIn(ownFolder());
    return existsSync(own) ? await importFrom(pathToFileURL(own).href) : null;
  }
};

const howToInstall = `npm install --ignore-scripts ${name}`;

/** Throws `SwathError("model")` with how to go on where the library is not installed. */
export const loadOnnxLibrary = async (): Promise<OnnxLibrary> => {
  try {
    const found = await installed();
    if (found !== null) return found;
  } catch (cause) {
    throw new SwathError("model", { what: "ONNX Runtime cannot be loaded", got: messageOf(cause), cause });
  }
  throw new SwathError("model", { what: `no ${name} is installed`, hint: howToInstall });
};

const npmInstall = (folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // Its install script looks for CUDA libraries to download; what runs networks on a CPU is in the package itself.
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"];
    const npm = spawn("npm", [...words, "--prefix", folder, `${name}@${onnxRuntimeVersion}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    npm.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
    npm.on("error", reject);
    npm.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(complaint.split("\n")[0] ?? `npm ended with ${code}`)),
    );
  });

/**
 * Fetches the library into the user's cache where none is installed, once for all runs, and says so through `note`: as a dependency
 * it would run a script at every installation that downloads what a CPU does not need.
 * Throws `SwathError("model")` when it cannot be fetched.
 */
export const ensureOnnxLibrary = async (note: (text: string) => void): Promise<void> => {
  try {
    await loadOnnxLibrary();
    return;
  } catch (error) {
    if (!isSwathError(error) || error.parts.hint !== howToInstall) throw error;
  }
  const folder = ownFolder();
  note(`fetching ${name} ${onnxRuntimeVersion} into ${dirname(folder)} (npm, without its install script)`);
  await mkdir(dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await npmInstall(partial);
    await rename(partial, folder).catch((error: NodeJS.ErrnoException) => {
      // Somebody else was faster.
      if (!existsSync(entryIn(folder))) throw error;
    });
  } catch (cause) {
    throw new SwathError("model", {
      what: `${name} cannot be fetched`,
      got: messageOf(cause),
      hint: howToInstall,
      cause,
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};
