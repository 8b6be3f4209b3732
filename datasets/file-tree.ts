import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isAbsence } from "../pipeline/stat-if-there.ts";

/** Paths of all files below `folder` and of links to files, relative, with `/`, sorted; hidden ones left out. */
export const listFiles = async (folder: string, recursive = true): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  const isFile = async (path: string): Promise<boolean> => {
    try {
      return (await stat(path)).isFile();
    } catch (error) {
      // What may not be looked at is listed: whoever reads it says why it cannot be, and by name.
      return !isAbsence(error);
    }
  };
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
