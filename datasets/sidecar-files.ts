import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** Endings after the whole name (`a.tif.ovr`), and in place of its own (`a.tfw`), in small letters. */
const after = [".aux.xml", ".msk", ".ovr", ".ovr.msk", ".msk.ovr"];
const instead = [".wld", ".prj", ".aux", ".rpb", ".imd", "_rpc.txt", ".rpc.txt"];

/** `.tif` → `.tfw` and `.tifw`. */
const worldEndings = (extension: string): readonly string[] => [
  `.${extension[1] ?? ""}${extension.at(-1) ?? ""}w`,
  `${extension}w`,
];

/**
 * The files beside an image that say something of it: place, mask, overviews, metadata. Absolute paths, in any case of letters. Whoever
 * moves the image takes them along.
 */
export const sidecarFiles = async (path: string): Promise<readonly string[]> => {
  // What comes from elsewhere has no folder to look into.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return [];
  const name = basename(path).toLowerCase();
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const wanted = new Set([
    ...after.map((ending) => `${name}${ending}`),
    ...[...instead, ...worldEndings(extension)].map((ending) => `${stem}${ending}`),
  ]);
  const folder = dirname(path);
  return (await readdir(folder))
    .filter((file) => wanted.has(file.toLowerCase()))
    .toSorted()
    .map((file) => join(folder, file));
};
