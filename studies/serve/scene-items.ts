import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { readStacItem, type StacSceneItem } from "../../stations/archive/scene-catalogue.ts";

/** The STAC items in a run's `stac` folder. Throws `SwathError("storage")` for one that is none. */
export const readSceneItems = async (folder: string): Promise<readonly StacSceneItem[]> => {
  const fail = (what: string, cause: unknown): SwathError =>
    new SwathError("storage", { what, got: messageOf(cause), cause });
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw fail(`no scenes in ${folder}`, cause);
  }
  const items: StacSceneItem[] = [];
  for (const name of names.toSorted()) {
    if (!name.endsWith(".json") || name === "collection.json") continue;
    const file = join(folder, name);
    try {
      items.push(readStacItem(JSON.parse(await readFile(file, "utf8"))));
    } catch (cause) {
      throw fail(`${file} is no STAC item of a run`, cause);
    }
  }
  return items;
};
