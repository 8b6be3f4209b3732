import { readFile } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** A text file that the user named, as UTF-8. Throws `SwathError("config")` when it cannot be read. */
export const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read ${path}`, got: messageOf(cause), cause });
  }
};
