import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions } from "./catalogue.ts";
import { describeScenes } from "./describe-scenes.ts";
import { readLabels } from "./labels/label-file.ts";
import { isImageFile } from "./scene-entry.ts";
import { groupSceneFiles } from "./scene-files.ts";

/** Paths of all files below `folder` and of links to files, relative, with `/`, sorted; hidden ones left out. */
const listFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
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

/**
 * A folder of images as a dataset: each multi-band file a scene, files of one band grouped by name; labels from
 * `options.labels` or from beside the images. Throws `SwathError("dataset")` when it holds no image that can be used.
 */
export const catalogueFolder = async (folder: string, options: CatalogueOptions): Promise<Catalogue> => {
  const all = await listFiles(folder);
  const images = all.filter(isImageFile);
  if (images.length === 0) {
    const kinds = [...new Set(all.map((path) => extname(path) || basename(path)))].slice(0, 6).join(", ");
    const got = all.length === 0 ? "an empty folder" : `${all.length} files (${kinds})`;
    const wanted = "GeoTIFF, PNG, JPEG or WebP files, or a STAC collection.json";
    throw new SwathError("dataset", { what: `no images in ${folder}`, wanted, got });
  }
  const sources = groupSceneFiles(images, basename(folder)).map(({ id, files }) => ({
    id,
    files: files.map(({ path, band }) => ({ path: join(folder, path), band })),
  }));
  return readLabels(await describeScenes(basename(folder), sources, options), folder, options);
};
