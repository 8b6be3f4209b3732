import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Access } from "../access.ts";
import { isRemote } from "../files/location.ts";
import type { ProductClues } from "./product-facts.ts";

/** The metadata files of products are 20 kB to 1 MB. */
const maxBytes = 32_000_000;

/** The text of a metadata file. Throws `SwathError("dataset")` when it is there and cannot be read. */
const readMetadata = async (path: string): Promise<string> => {
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
const findAbove = async (path: string, pattern: RegExp, levels: number): Promise<string | null> => {
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

/** What a dataset says of the product that a file is part of. */
export type ToldProduct = Pick<ProductClues, "band" | "baseline" | "isOffsetApplied"> & {
  /** Metadata files that the dataset names. */
  readonly metadata: readonly string[];
};

/** Where nobody says anything of a product: what lies beside and above a file of this machine is all there is. */
export const untoldProduct: ToldProduct = {
  band: null,
  baseline: null,
  isOffsetApplied: false,
  metadata: [],
};

/** Clues from what the dataset names and, on this machine, from the folders round a file. */
export const productClues = (
  { metadata, ...told }: ToldProduct,
  access: Pick<Access, "readText"> | undefined,
): ProductClues => ({
  ...told,
  find: async (path, pattern, levels) =>
    metadata.find((location) => pattern.test(basename(location))) ??
    (isRemote(path) ? null : await findAbove(path, pattern, levels)),
  read: async (location) =>
    isRemote(location) && access !== undefined
      ? access.readText(location, "dataset")
      : readMetadata(location),
});
