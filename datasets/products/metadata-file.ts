import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** The metadata files of products are 20 kB to 1 MB. */
const maxBytes = 32_000_000;

/** The text of a metadata file. Throws `SwathError("dataset")` when it is there and cannot be read. */
export const readMetadata = async (path: string): Promise<string> => {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new RangeError(`${size} bytes where at most ${maxBytes} are expected`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError("dataset", { what: `${path} cannot be read`, got: messageOf(cause), cause });
  }
};

/**
 * The first file whose name matches, in the folder of `path` or in one of the `levels` above it; `null` when there is none. A
 * folder that cannot be listed counts as empty.
 */
export const findAbove = async (path: string, pattern: RegExp, levels: number): Promise<string | null> => {
  let folder = dirname(path);
  for (let level = 0; level <= levels; level++) {
    const names = await readdir(folder).catch((): string[] => []);
    const found = names.sort().find((name) => pattern.test(name));
    if (found !== undefined) return join(folder, found);
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return null;
};
