import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Paths of all files below `folder` and of links to files, relative, with `/`, sorted; hidden ones left out. */
export const listFiles = async (folder: string, recursive = true): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  const isFile = async (path: string): Promise<boolean> =>
    (await stat(path).catch(() => null))?.isFile() ?? false;
  const paths: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) paths.push(path);
  }
  return paths
    .map((path) => relative(folder, path).split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .sort();
};
