import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { openAccess } from "./access.ts";
import { sceneId } from "./catalogue.ts";
import { type Dataset, type DatasetOptions, openCatalogue, openDataset } from "./dataset.ts";
import { describeScenes } from "./describe-scenes.ts";
import { isRemote } from "./files/location.ts";
import { findScenes } from "./scene-files.ts";

/** A scene as it is known from an earlier look: its name in its dataset, its size, and the files that it was read from. */
export interface KnownScene {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Absolute paths, or addresses without their queries. */
  readonly files: readonly string[];
}

/** A dataset in which a known scene was found again. */
export interface FoundScene {
  readonly dataset: Dataset;
  /** Its name there. */
  readonly id: string;
}

/** A collection lies so many folders above its images at most. */
const mostUp = 3;

const documents = ["collection.json", "catalog.json"];

/** The folder that all of these lie in. */
const folderOf = (files: readonly string[]): string => {
  const [first = "", ...others] = files.map(dirname);
  let folder = first;
  while (others.some((other) => other !== folder && !other.startsWith(`${folder}/`))) {
    const up = dirname(folder);
    if (up === folder) break;
    folder = up;
  }
  return folder;
};

const sameFiles = (a: readonly string[], b: readonly string[]): boolean =>
  a.toSorted().join("\n") === b.toSorted().join("\n");

/** The nearest collection above the files that says what they are: bands, scale. */
const openAbove = async (known: KnownScene, options: DatasetOptions): Promise<FoundScene | null> => {
  let folder = folderOf(known.files);
  for (let up = 0; up <= mostUp; up++, folder = dirname(folder)) {
    if (!documents.some((name) => existsSync(join(folder, name)))) continue;
    const dataset = await openDataset(folder, options);
    const isThere =
      dataset.scenes.some(({ id }) => id === known.id) && sameFiles(dataset.files(known.id), known.files);
    if (isThere) return { dataset, id: known.id };
    await dataset[Symbol.asyncDispose]();
  }
  return null;
};

/** The files alone, as their names tell what they are. */
const openAlone = async (known: KnownScene, options: DatasetOptions): Promise<FoundScene | null> => {
  const access = options.access ?? openAccess(options.reach);
  const folder = folderOf(known.files);
  const byName = new Map(known.files.map((file) => [file.slice(folder.length + 1), file]));
  const { scenes } = findScenes([...byName.keys()], basename(folder));
  const [only = ""] = byName.keys();
  const found =
    scenes.length > 0 ? scenes : [{ id: sceneId(known.id), files: [{ path: only, band: null }], aside: [] }];
  const sources = found.map(({ id, files }) => ({
    id,
    files: files.map(({ path, band }) => ({ path: byName.get(path) ?? join(folder, path), band })),
    notes: [],
  }));
  const catalogue = await describeScenes(basename(folder), sources, { ...options, access });
  const dataset = openCatalogue({ ...catalogue, access });
  const [scene] = dataset.scenes
    .filter(({ width, height }) => width === known.width && height === known.height)
    .toSorted((a, b) => b.bands.length - a.bands.length);
  if (scene !== undefined) return { dataset, id: scene.id };
  await dataset[Symbol.asyncDispose]();
  return null;
};

/**
 * Opens a scene again that an earlier look has read, by its files: with the collection that they lie in, where there is one, else by their
 * names. `null` where the files hold no scene of that size any more. Throws `SwathError` of kind "dataset" or "raster" where they cannot be read.
 */
export const openKnownScene = async (
  known: KnownScene,
  options: DatasetOptions = {},
): Promise<FoundScene | null> => {
  const isHere = known.files.every((file) => !isRemote(file));
  return (isHere ? await openAbove(known, options) : null) ?? openAlone(known, options);
};
