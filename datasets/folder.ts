import { basename, extname, join } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions } from "./catalogue.ts";
import { describeScenes } from "./describe-scenes.ts";
import { listFiles } from "./file-tree.ts";
import { readLabels } from "./labels/label-file.ts";
import { type EntrySource, isImageFile } from "./scene-entry.ts";
import { findScenes, type SceneFiles } from "./scene-files.ts";

/** Up to four of many names. */
const some = (paths: readonly string[]): string =>
  paths.slice(0, 4).join(", ") + (paths.length > 4 ? `, … (${paths.length})` : "");

const asideNote = (id: string, aside: readonly string[]): readonly string[] =>
  aside.length === 0
    ? []
    : [`scene "${id}": ${some(aside)} left out: masks, quality layers and previews are no imagery`];

/** Pictures called B1, B2, … may be bands or anything else. */
const bandNote = ({ id, files }: SceneFiles): readonly string[] =>
  files.length > 1 && files.every(({ path, band }) => band !== null && /\.(?:png|jpe?g|webp)$/i.test(path))
    ? [
        `scene "${id}": ${some(files.map(({ path }) => path))} taken for its bands, since their names differ in a band only`,
      ]
    : [];

/** The scenes that file names tell, as what is to be described; paths start from `folder`. */
export const sourcesOf = (scenes: readonly SceneFiles[], folder: string): readonly EntrySource[] =>
  scenes.map((scene) => ({
    id: scene.id,
    files: scene.files.map(({ path, band }) => ({ path: join(folder, path), band })),
    notes: [...asideNote(scene.id, scene.aside), ...bandNote(scene)],
  }));

/**
 * A folder of images as a dataset: each multi-band file a scene, files of one band grouped by name, products of Sentinel-2, Landsat and
 * PlanetScope as they are delivered; labels from `options.labels` or from beside the images. Throws `SwathError("dataset")` when it
 * holds no image that can be used.
 */
export const catalogueFolder = async (folder: string, options: CatalogueOptions): Promise<Catalogue> => {
  const all = await listFiles(folder);
  const { scenes, strays } = findScenes(all.filter(isImageFile), basename(folder));
  if (scenes.length === 0) {
    const kinds = [...new Set(all.map((path) => extname(path) || basename(path)))].slice(0, 6).join(", ");
    const masks = strays.length === 0 ? "" : `; ${some(strays)} are masks, quality layers or previews`;
    const got = all.length === 0 ? "an empty folder" : `${all.length} files (${kinds})${masks}`;
    const wanted = "GeoTIFF, JPEG 2000, PNG, JPEG or WebP files, or a STAC collection.json";
    throw new SwathError("dataset", { what: `no images in ${folder}`, wanted, got });
  }
  const described = await describeScenes(basename(folder), sourcesOf(scenes, folder), options);
  const note =
    strays.length === 0
      ? []
      : [`${some(strays)} left out: masks, quality layers and previews are no imagery`];
  return readLabels({ ...described, notes: [...described.notes, ...note] }, folder, options);
};
