import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SwathError, type ErrorTag } from "./errors.ts";

const findRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
};

/** The folder of package.json, from the sources and from `dist/` alike. */
export const packageRoot: string = findRoot();

const text = readFileSync(join(packageRoot, "package.json"), "utf8");

/** As in package.json. */
export const version: string = (JSON.parse(text) as { version: string }).version;

/** The branch that `HEAD` names, or the commit itself; `null` outside of a clone. */
const readCommit = (): string | null => {
  try {
    const git = join(packageRoot, ".git");
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    if (!head.startsWith("ref: ")) return head;
    const ref = head.slice("ref: ".length);
    const loose = join(git, ref);
    if (existsSync(loose)) return readFileSync(loose, "utf8").trim();
    const packed = readFileSync(join(git, "packed-refs"), "utf8");
    return (
      packed
        .split("\n")
        .find((line) => line.endsWith(` ${ref}`))
        ?.slice(0, 40) ?? null
    );
  } catch {
    // An installed package has no history, and a worktree keeps its elsewhere: then nothing is claimed.
    return null;
  }
};

/** The commit of the clone that runs, 40 hexadecimal digits; `null` for an installed package. */
export const commit: string | null = readCommit();

/**
 * A compiled worker, by its path below `dist/`. Node 20 runs no TypeScript in workers, so from sources (tests) too the
 * built one is used. Throws `SwathError(tag)` when it has not been built; `what` names it.
 */
export const builtWorker = (path: string, what: string, tag: ErrorTag): string => {
  const file = join(packageRoot, "dist", path);
  if (existsSync(file)) return file;
  throw new SwathError(tag, { what: `no built ${what} at ${file}`, hint: "run `npm run build`" });
};
