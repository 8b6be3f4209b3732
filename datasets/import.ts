import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import type { Catalogue, CatalogueOptions, SceneAsset, SceneEntry } from "./catalogue.ts";
import { catalogue } from "./dataset.ts";
import { replaceFolder } from "./replace-folder.ts";
import { type HrefOf, writeCollection } from "./stac/write-collection.ts";

export interface ImportOptions extends CatalogueOptions {
  /** The folder to make. A collection already there is replaced. */
  readonly out: string;
  /** Copy the images into the collection instead of pointing at them. */
  readonly copy?: boolean;
  /** Defaults to the name of `out`. */
  readonly id?: string;
}

const toPosix = (path: string): string => path.split(sep).join("/");

const copiedName = ({ scene }: SceneEntry, { path }: SceneAsset): string => join(scene.id, basename(path));

/**
 * Makes a STAC collection from what `openDataset` can open: collection.json, items/ and labels/, images by relative
 * path or copied. What was assumed of bands stands in the items, where it can be read and corrected. Nothing is left
 * half-written. Returns what was imported; throws as `openDataset` does, and `SwathError("storage")` when `out` cannot
 * be written or holds something else.
 */
export const importDataset = async (reference: string, options: ImportOptions): Promise<Catalogue> => {
  const out = resolve(options.out);
  const labels = options.labels === undefined ? undefined : findLabels(options.labels, reference);
  const found = await catalogue(reference, { ...options, ...(labels === undefined ? {} : { labels }) });
  const hrefOf: HrefOf = options.copy
    ? (entry, asset) => `../images/${toPosix(copiedName(entry, asset))}`
    : (_, asset) => toPosix(relative(join(out, "items"), asset.path));
  await replaceFolder(out, "collection.json", async (folder) => {
    if (options.copy) await copyImages(found.entries, join(folder, "images"));
    const description = `${found.entries.length} scenes imported from ${basename(resolve(reference))}`;
    await writeCollection(
      folder,
      found,
      { id: options.id ?? basename(out), description, license: "other" },
      hrefOf,
    );
  });
  return found;
};

const copyImages = async (entries: readonly SceneEntry[], folder: string): Promise<void> => {
  for (const entry of entries) {
    await mkdir(join(folder, entry.scene.id), { recursive: true });
    for (const asset of entry.assets) await copyFile(asset.path, join(folder, copiedName(entry, asset)));
  }
};

/** `--labels coco.json` means the file here, or else the one in the folder that is imported. */
const findLabels = (labels: string, folder: string): string => {
  const inFolder = join(folder, labels);
  return !existsSync(labels) && existsSync(inFolder) ? inFolder : labels;
};
