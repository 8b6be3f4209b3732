import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { ownerMark, sweepAbandoned } from "./abandoned.ts";
import { isSwathError, messageOf, SwathError } from "./errors.ts";
import { manifestFile, manifestText } from "./run-manifest.ts";

/** A file of a run's folder. */
export interface RunFile {
  /** Relative to the folder, `/` between parts. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether people may change it later (their tags): it is no part of the manifest then. */
  readonly mutable?: boolean;
}

/** The file that every run's folder holds, and by which one is known. */
export const runMark = "summary.json";

/** Writes one new file and returns when it is on the disk. A port so that tests can fill the disk. */
export type WriteFile = (path: string, content: string | Uint8Array) => Promise<void>;

const writeDurably: WriteFile = async (path, content) => {
  await using file = await open(path, "wx");
  await file.writeFile(content);
  // Full and failing disks often speak up only now.
  await file.sync();
};

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space or give another --out",
  EDQUOT: "your quota is used up; free some space or give another --out",
  EACCES: "the folder is not writable; give another --out",
  EPERM: "the folder is not writable; give another --out",
  EROFS: "the file system is read-only; give another --out",
  ENOTDIR: "part of the path is a file; give another --out",
};

const refused = (folder: string, error: unknown): SwathError => {
  const hint = hints[codeOf(error) ?? ""];
  return new SwathError("storage", {
    what: `run folder "${folder}" not written`,
    got: messageOf(error),
    ...(hint ? { hint } : {}),
    cause: error,
  });
};

/** What a directory holds is on the disk once the directory is. Systems that cannot open one have it so anyway. */
const syncFolder = async (folder: string): Promise<void> => {
  try {
    await using handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL", "ENOTSUP"].includes(codeOf(error) ?? "")) throw error;
  }
};

/** The one before, while a run is replaced. */
const replacedMark = ".old";

/** Removes what killed writers left half-written for any run in `parent`; a run that was just being replaced is put back. */
const sweepRuns = (parent: string): Promise<void> =>
  sweepAbandoned(parent, async (path, { before, after }) => {
    const [, name] = /^\.(.+)\.partial-$/.exec(before) ?? [];
    if (name === undefined) return;
    const run = join(parent, name);
    if (after === replacedMark && !existsSync(run)) await rename(path, run);
    else await rm(path, { recursive: true, force: true });
  });

const missing = (error: unknown): boolean => codeOf(error) === "ENOENT";

/** Whether `folder` may be replaced: there is none, it is empty, or it holds an earlier run. */
const replaceable = async (folder: string): Promise<boolean> => {
  try {
    const names = await readdir(folder);
    return names.length === 0 || names.includes(runMark);
  } catch (error) {
    if (missing(error)) return true;
    throw error;
  }
};

/** Puts `staged` where `folder` is; what was there goes only once the new one stands. */
const swap = async (staged: string, folder: string): Promise<void> => {
  const old = `${staged}${replacedMark}`;
  const replaced = await rename(folder, old).then(
    () => true,
    (error: unknown) => {
      if (missing(error)) return false;
      throw error;
    },
  );
  try {
    await rename(staged, folder);
  } catch (error) {
    if (replaced) await rename(old, folder);
    throw error;
  }
  if (replaced) await rm(old, { recursive: true });
};

/**
 * Writes a run's folder whole or not at all: the files go into a folder beside it, which takes its name at the end. An earlier
 * run of that name is replaced, a folder with anything else in it is not. A manifest with the digest of each file is added, and all of it is
 * on the disk before the folder has its name. Throws `SwathError("storage")` when anything cannot be written; nothing half-written
 * stays, and what a killed writer left is swept.
 */
export const writeRunFolder = async (
  folder: string,
  files: readonly RunFile[],
  write: WriteFile = writeDurably,
): Promise<void> => {
  for (const { path } of files) {
    if (isAbsolute(path) || normalize(path).startsWith("..")) {
      throw new SwathError("storage", {
        what: `file "${path}"`,
        wanted: `a path inside the run folder "${folder}"`,
      });
    }
  }
  const target = normalize(folder).replace(/[/\\]+$/, "");
  const parent = dirname(target);
  const staged = join(parent, `.${basename(target)}.partial-${ownerMark}`);
  try {
    if (!(await replaceable(target))) {
      const hint = "give another --out, or empty that folder";
      throw new SwathError("storage", { what: `folder "${folder}" holds something other than a run`, hint });
    }
    await mkdir(parent, { recursive: true });
    await sweepRuns(parent);
    await rm(staged, { recursive: true, force: true });
    const folders = new Set([staged]);
    for (const { path, content } of [...files, { path: manifestFile, content: manifestText(files) }]) {
      const inside = dirname(join(staged, path));
      await mkdir(inside, { recursive: true });
      folders.add(inside);
      await write(join(staged, path), content);
    }
    for (const inside of folders) await syncFolder(inside);
    await swap(staged, target);
    await syncFolder(parent);
  } catch (error) {
    await rm(staged, { recursive: true, force: true }).catch(() => undefined);
    throw isSwathError(error) ? error : refused(folder, error);
  }
};

/**
 * Fills a folder all or nothing: `fill` writes into a new one beside it, which then takes its name. A folder already
 * there is replaced only when it holds `mark`, the file by which it is known as ours.
 * Throws `SwathError("storage")` when the place is taken by something else or cannot be written.
 */
export const replaceFolder = async (
  folder: string,
  mark: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> => {
  const present = existsSync(folder) ? await readdir(folder) : [];
  if (present.length > 0 && !present.includes(mark)) {
    const what = `${folder} is not empty and holds no ${mark}`;
    throw new SwathError("storage", { what, got: `${present.length} entries`, hint: "name a new folder" });
  }
  const [fresh, old] = [`${folder}.new-${process.pid}`, `${folder}.old-${process.pid}`];
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    await fill(fresh);
    if (existsSync(folder)) await rename(folder, old);
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    // Only what the file system says is a storage failure; anything else has its own name.
    if (!(cause instanceof Error && "errno" in cause)) throw cause;
    throw new SwathError("storage", { what: `${folder} cannot be written`, got: messageOf(cause), cause });
  }
  await rm(old, { recursive: true, force: true });
};
