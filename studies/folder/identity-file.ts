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

/** The digest that a folder's run has; `null` where it does not say. */
const identityIn = async (folder: string): Promise<string | null> => {
  try {
    const parsed = identitySchema.safeParse(JSON.parse(await readFile(join(folder, path), "utf8")));
    return parsed.success ? parsed.data.sha256 : null;
  } catch (error) {
    // A run of an earlier release has no such file; one that is no JSON says nothing either.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return null;
    throw new SwathError("storage", { what: `cannot read ${join(folder, path)}`, got: messageOf(error) });
  }
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
