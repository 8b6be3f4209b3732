import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { runMark, type RunFile } from "../../pipeline/atomic-folder.ts";
import type { RunIdentity } from "../engine/run-name.ts";

const path = "identity.json";
const version = "swath-identity/1";

const identitySchema = z.object({ schema: z.literal(version), sha256: z.string() });

/** What a run's name follows from, as a file of its folder. */
export const identityFile = (identity: RunIdentity): RunFile => ({
  path,
  content: canonicalText({ schema: version, ...identity }),
});

/** What the file holds; a run of an earlier release has none. */
const textOf = async (folder: string): Promise<string | null> => {
  try {
    return await readFile(join(folder, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SwathError("storage", { what: `cannot read ${join(folder, path)}`, got: messageOf(error) });
  }
};

/** What is no JSON says nothing. */
const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

const filesSchema = z.object({
  schema: z.literal(version),
  files: z.record(z.string(), z.array(z.object({ file: z.string(), sha256: z.string() }))),
});

/**
 * The files of each scene that a folder's run has read, and their digests; `null` where it does not say (a run of an earlier release). Throws
 * `SwathError("storage")` where the file cannot be read.
 */
export const filesOfScenes = async (folder: string): Promise<RunIdentity["files"] | null> => {
  const text = await textOf(folder);
  const parsed = filesSchema.safeParse(text === null ? null : jsonOr(text));
  return parsed.success ? parsed.data.files : null;
};

/** The digest that a folder's run has; `null` where it does not say. */
const identityIn = async (folder: string): Promise<string | null> => {
  const text = await textOf(folder);
  const parsed = identitySchema.safeParse(text === null ? null : jsonOr(text));
  return parsed.success ? parsed.data.sha256 : null;
};

/** Refuses the folder of another run that happens to have the same name: it is never written over. Throws `SwathError("storage")`. */
export const requireOwnFolder = async (folder: string, identity: RunIdentity): Promise<void> => {
  if (!existsSync(join(folder, runMark))) return;
  const there = await identityIn(folder);
  if (there === identity.sha256) return;
  throw new SwathError("storage", {
    what: `folder "${folder}" holds another run of the name ${basename(folder)}`,
    wanted: `one that read the same (${identity.sha256.slice(0, 12)}…)`,
    got: there === null ? `no ${path}, as of an earlier release` : `${there.slice(0, 12)}…`,
    hint: "move it away, or give another --out",
  });
};
