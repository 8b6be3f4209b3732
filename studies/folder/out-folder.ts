import { mkdtemp, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
};

/**
 * Refuses a folder that could not be written, before minutes of work are put into it; leaves nothing. What rights say is not
 * enough: a full disk, or a file system that is none, tells only whoever tries. Throws `SwathError("storage")`.
 */
export const requireWritable = async (out: string): Promise<void> => {
  const refuse = (got: string, cause?: unknown): never => {
    const hint = "choose another folder with --out";
    throw new SwathError("storage", {
      what: `--out ${out}`,
      wanted: "a folder to write to",
      got,
      hint,
      cause,
    });
  };
  let place = resolve(out);
  try {
    while (!(await isThere(place))) place = dirname(place);
    if ((await stat(place)).isDirectory()) return await rmdir(await mkdtemp(join(place, ".swath-try-")));
  } catch (cause) {
    return refuse(messageOf(cause), cause);
  }
  return refuse(`${place}, which is a file`);
};
