import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, parse, resolve } from "node:path";
import type { Label } from "../pipeline/detection/detection.ts";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { SceneSource } from "../pipeline/raster/scene.ts";
import {
  type Catalogue,
  type CatalogueOptions,
  type SceneEntry,
  sceneId,
  type Skipped,
} from "./catalogue.ts";
import { describeScenes } from "./describe-scenes.ts";
import { catalogueFolder, sourcesOf } from "./folder.ts";
import { ensureHarbour } from "./harbour/harbour.ts";
import { openScene } from "./image/file-scene.ts";
import { readJson } from "./labels/label-document.ts";
import { readLabels } from "./labels/label-file.ts";
import { isImageFile } from "./scene-entry.ts";
import { findScenes } from "./scene-files.ts";
import { catalogueStac } from "./stac/stac-catalogue.ts";
import { isStac } from "./stac/schema.ts";

/** Scenes with what people know of them. */
export interface Dataset extends SceneSource {
  /**
   * Boxes in pixels of the scene; `null` when nobody labelled it, empty when somebody found nothing in it.
   * Throws `SwathError("dataset")` for an unknown id.
   */
  labels(sceneId: string): Promise<readonly Label[] | null>;
  /** Scenes and labels that were left out, and why. Empty when opened with `strict`. */
  readonly skipped: readonly Skipped[];
  /** What was assumed and the user may want to correct, a sentence each. */
  readonly notes: readonly string[];
}

export interface DatasetOptions extends CatalogueOptions {
  /** Where built-in datasets are rendered; default `$XDG_CACHE_HOME/swath` or `~/.cache/swath`. */
  readonly cacheDir?: string;
}

const catalogueFile = async (path: string, options: CatalogueOptions): Promise<Catalogue> => {
  if (isImageFile(path)) {
    const [scene] = findScenes([basename(path)], basename(dirname(path))).scenes;
    // A mask that somebody names is meant.
    const named = { id: sceneId(parse(path).name), files: [{ path: basename(path), band: null }], aside: [] };
    const sources = sourcesOf([scene ?? named], dirname(path));
    return readLabels(await describeScenes(basename(path), sources, options), dirname(path), options, false);
  }
  const json = path.toLowerCase().endsWith("json") ? await readJson(path, "dataset") : null;
  if (isStac(json)) return catalogueStac(path, json, options);
  const wanted = "a folder, a STAC collection, item or search response, or an image";
  throw new SwathError("dataset", { what: `${path} is no dataset`, wanted });
};

/**
 * Finds out what `reference` holds: a folder with a STAC collection.json or with images, a STAC file, one image, or
 * `builtin:harbour?seed=7&scenes=6`. Opens headers, no pixels beyond a sample. Throws as `openDataset` does.
 */
export const catalogue = async (reference: string, options: DatasetOptions = {}): Promise<Catalogue> => {
  if (reference.startsWith("builtin:")) {
    const collection = join(await ensureHarbour(reference, options.cacheDir), "collection.json");
    return {
      ...(await catalogueStac(collection, await readJson(collection, "dataset"), options)),
      name: reference,
    };
  }
  const path = resolve(reference);
  const info = await stat(path).catch((cause: unknown) => {
    const wanted = "a folder, a STAC file, an image or builtin:harbour";
    throw new SwathError("dataset", {
      what: `no dataset at ${reference}`,
      wanted,
      got: messageOf(cause),
      cause,
    });
  });
  if (!info.isDirectory()) return catalogueFile(path, options);
  const root = ["collection.json", "catalog.json", "item.json"]
    .map((name) => join(path, name))
    .find(existsSync);
  if (root) return catalogueStac(root, await readJson(root, "dataset"), options);
  // A lone item is called so by those who download one; other JSON of that name says nothing of STAC.
  const lone = join(path, "item.json");
  const json = existsSync(lone) ? await readJson(lone, "dataset") : null;
  return isStac(json) ? catalogueStac(lone, json, options) : catalogueFolder(path, options);
};

/** A catalogue as a dataset, whose scenes can be opened. */
export const openCatalogue = ({ name, entries, skipped, notes }: Catalogue): Dataset => {
  const byId = new Map(entries.map((entry) => [entry.scene.id, entry]));
  const find = (sceneId: string): SceneEntry => {
    const entry = byId.get(sceneId);
    if (entry) return entry;
    const ids = [...byId.keys()];
    const wanted = `one of ${ids.slice(0, 8).join(", ")}${ids.length > 8 ? ", …" : ""}`;
    throw new SwathError("dataset", { what: `no scene "${sceneId}" in dataset "${name}"`, wanted });
  };
  return {
    name,
    scenes: entries.map(({ scene }) => scene),
    skipped,
    notes,
    labels: async (sceneId) => find(sceneId).labels,
    open: async (sceneId) => {
      const { scene, assets } = find(sceneId);
      return openScene(scene, assets);
    },
  };
};

/**
 * Opens a dataset by reference (see `catalogue`). Scenes and labels that are not right are left out and told in
 * `skipped`, unless `strict`.
 * Throws `SwathError("dataset")` when the reference is nothing or holds no usable scene, `SwathError("label")` when the
 * labels asked for cannot be read, and with `strict` whatever is wrong with any scene.
 */
export const openDataset = async (reference: string, options: DatasetOptions = {}): Promise<Dataset> =>
  openCatalogue(await catalogue(reference, options));
