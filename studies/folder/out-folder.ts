import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
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
 * Refuses a folder that could not be written, before minutes of work are put into it; makes nothing.
 * Throws `SwathError("storage")`.
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
    await access(place, constants.W_OK);
  } catch (cause) {
    return refuse(messageOf(cause), cause);
  }
  if (!(await stat(place)).isDirectory()) refuse(`${place}, which is a file`);
};
