import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import type { Label } from "../pipeline/detection/detection.ts";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { SceneSource } from "../pipeline/raster/scene.ts";
import { openAccess, type Access, type AccessOptions } from "./access.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import {
  type Catalogue,
  type CatalogueOptions,
  type SceneEntry,
  sceneId,
  type Skipped,
} from "./catalogue.ts";
import { describeScenes, skip } from "./describe-scenes.ts";
import { aboutOriginal } from "./files/local-copy.ts";
import { digestFile } from "./file-digest.ts";
import { isRemote, printable } from "./files/location.ts";
import { catalogueFolder, sourcesOf } from "./folder.ts";
import { ensureHarbour } from "./harbour/harbour.ts";
import { openScene } from "./image/file-scene.ts";
import { readLabels } from "./labels/label-file.ts";
import { maskPath } from "./image/mask-sidecar.ts";
import { isImageFile } from "./scene-entry.ts";
import { findScenes } from "./scene-files.ts";
import {
  defaultMostItems,
  isSearchReference,
  parseSearch,
  searchInReference,
  type SearchWords,
} from "./stac/search.ts";
import { catalogueSearch, catalogueStac } from "./stac/stac-catalogue.ts";
import { readStacJson } from "./stac/stac-documents.ts";
import type { Traffic } from "./http/traffic.ts";
import { isStac } from "./stac/schema.ts";
import { unpackZip } from "./zip/unpack-zip.ts";

/** Scenes with what people know of them. */
export interface Dataset extends SceneSource, AsyncDisposable {
  /**
   * Boxes in pixels of the scene; `null` when nobody labelled it, empty when somebody found nothing in it.
   * Throws `SwathError("dataset")` for an unknown id.
   */
  labels(sceneId: string): Promise<readonly Label[] | null>;
  /** The files of a scene, absolute, or addresses without their queries. Throws `SwathError("dataset")` for an unknown id. */
  files(sceneId: string): readonly string[];
  /**
   * What the pixels of a scene are read from, a line a file in the order of its bands: the file's name and what tells this state of it from
   * another (see `digestFile`), masks beside files included. Throws `SwathError("dataset")` for an unknown id, `SwathError("raster")`.
   */
  digests(sceneId: string, signal: AbortSignal): Promise<readonly FileDigest[]>;
  /** Scenes and labels that were left out, and why. Empty when opened with `strict`. */
  readonly skipped: readonly Skipped[];
  /** What was assumed and the user may want to correct, a sentence each. */
  readonly notes: readonly string[];
  /** What was fetched from elsewhere so far. */
  fetched(): Traffic;
}

/** A file of a scene and its digest. */
export interface FileDigest {
  /** Without its folder, or its address. */
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** How a dataset is opened: how its files are reached, and what the catalogue is told in addition. */
export interface DatasetOptions extends CatalogueOptions {
  /** How files are reached, where no `access` is given. */
  readonly reach?: AccessOptions;
  /** What to ask a STAC API for, when the reference is `stac+https://…`; wins over what stands in the reference. */
  readonly search?: SearchWords;
  /** Where built-in datasets are rendered; default `$XDG_CACHE_HOME/swath` or `~/.cache/swath`. */
  readonly cacheDir?: string;
}

/** Options with what every catalogue needs. */
type Opened = DatasetOptions & { readonly access: Access; readonly cacheDir: string };

const isJsonText = (head: Uint8Array): boolean =>
  /^(?:\uFEFF)?\s*\{/.test(Buffer.from(head.subarray(0, 256)).toString("utf8"));

/** True for a document, by its name, or by its first bytes where its name says nothing. */
const isDocument = async (location: string, access: Access): Promise<boolean> => {
  if (/json$/i.test(location)) return true;
  if (!isRemote(location)) return false;
  await using source = await access.open(location);
  return isJsonText(source.head);
};

const catalogueImage = async (location: string, options: Opened): Promise<Catalogue> => {
  const file = basename(location);
  const folder = isRemote(location) ? file : basename(dirname(location));
  const [scene] = findScenes([file], folder).scenes;
  // A mask that somebody names is meant.
  const found = scene ?? { id: sceneId(parse(file).name), files: [{ path: file, band: null }], aside: [] };
  const here = sourcesOf([found], dirname(location));
  const sources = here.map((own) => ({
    ...own,
    files: own.files.map((from) => ({ ...from, path: location })),
  }));
  const described = await describeScenes(file, sources, options);
  // Nothing can be looked up beside a file of the web.
  const isAlone = isRemote(location) && options.labels === undefined;
  return isAlone ? described : readLabels(described, dirname(location), options, false);
};

const catalogueFile = async (location: string, options: Opened): Promise<Catalogue> => {
  if (isImageFile(location)) return catalogueImage(location, options);
  const { access, cacheDir } = options;
  if (await isDocument(location, access)) {
    const json = await readStacJson(access, location);
    if (isStac(json)) return catalogueStac(location, json, access, cacheDir, options);
  } else if (isRemote(location)) return catalogueImage(location, options);
  const wanted = "a folder, a STAC collection, item or search response, or an image";
  throw new SwathError("dataset", { what: `${location} is no dataset`, wanted });
};

/** Reads what needs a label file on this machine; one from elsewhere is brought here, and called what it is there. */
const withLocalLabels = async (
  options: Opened,
  read: (options: Opened) => Promise<Catalogue>,
): Promise<Catalogue> => {
  const { labels, access } = options;
  if (labels === undefined || !isRemote(labels)) return read(options);
  const location = access.locate(labels);
  const path = await access.localCopy(location);
  const renamed = (text: string): string => text.replaceAll(path, location);
  try {
    const found = await read({ ...options, labels: path });
    const { labelTally: tally } = found;
    return {
      ...found,
      skipped: found.skipped.map(({ scene, error }) =>
        skip(renamed(scene), aboutOriginal(error, path, location)),
      ),
      notes: found.notes.map(renamed),
      ...(tally === undefined
        ? {}
        : {
            labelTally: {
              ...tally,
              sources: tally.sources.map((one) => ({ ...one, file: renamed(one.file) })),
            },
          }),
    };
  } catch (error) {
    throw aboutOriginal(error, path, location);
  }
};

const stacFile = async (path: string, options: Opened): Promise<Catalogue> =>
  catalogueStac(path, await readStacJson(options.access, path), options.access, options.cacheDir, options);

/**
 * Finds out what `reference` holds: a folder with a STAC collection.json or with images, a STAC file, one image, each of
 * them here or at an http, https or s3 address; a ZIP archive of
 * a folder, which is unpacked into the cache; a search `stac+https://…`; or `builtin:harbour?seed=7&scenes=6`. Opens
 * headers, no pixels beyond a sample. Throws as `openDataset` does.
 */
export const catalogue = async (reference: string, given: DatasetOptions = {}): Promise<Catalogue> => {
  const { access = openAccess(given.reach), cacheDir = defaultCacheDir() } = given;
  const options = { ...given, access, cacheDir };
  const found = await withLocalLabels(options, (opened) => look(reference, opened));
  return { ...found, access, fetched: access.traffic() };
};

const look = async (reference: string, options: Opened): Promise<Catalogue> => {
  const { access } = options;
  if (reference.startsWith("builtin:")) {
    const collection = join(await ensureHarbour(reference, options.cacheDir), "collection.json");
    return { ...(await stacFile(collection, options)), name: reference };
  }
  if (isSearchReference(reference)) {
    const { url, search, most } = searchInReference(reference);
    const asked = { ...search, ...parseSearch(options.search ?? {}) };
    return catalogueSearch(url, asked, options.maxItems ?? most ?? defaultMostItems, access, options);
  }
  if (options.search !== undefined) {
    throw new SwathError("config", {
      what: "--collections, --bbox, --datetime",
      wanted: "a search, stac+https://…",
      got: printable(reference),
    });
  }
  const location = access.locate(reference);
  if (isRemote(location)) return catalogueFile(location, options);
  const info = await stat(location).catch((cause: unknown) => {
    const wanted = "a folder, a STAC file, an image, an address of one, or builtin:harbour";
    throw new SwathError("dataset", {
      what: `no dataset at ${printable(reference)}`,
      wanted,
      got: messageOf(cause),
      cause,
    });
  });
  if (info.isFile() && /\.zip$/i.test(location))
    return look(await unpackZip(location, options.cacheDir), options);
  if (!info.isDirectory()) return catalogueFile(location, options);
  const root = ["collection.json", "catalog.json"].map((name) => join(location, name)).find(existsSync);
  if (root) return stacFile(root, options);
  // A lone item is called so by those who download one; other JSON of that name says nothing of STAC.
  const lone = join(location, "item.json");
  const isItem = existsSync(lone) && isStac(await readStacJson(options.access, lone));
  return isItem ? stacFile(lone, options) : catalogueFolder(location, options);
};

/** A catalogue as a dataset, whose scenes can be opened. */
export const openCatalogue = (found: Catalogue): Dataset => {
  const { name, entries, skipped, notes, access = openAccess() } = found;
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
    fetched: () => access.traffic(),
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
    labels: async (sceneId) => find(sceneId).labels,
    files: (sceneId) => [...new Set(find(sceneId).assets.map(({ path }) => path))],
    digests: async (sceneId, signal) => {
      const paths = new Set(find(sceneId).assets.map(({ path }) => path));
      const all = [...paths].flatMap((path) => {
        const mask = maskPath(path);
        return access.isKnown(mask) ? [path, mask] : [path];
      });
      const digests: FileDigest[] = [];
      for (const path of all)
        digests.push({ file: basename(path), sha256: await digestFile(path, access, signal) });
      return digests;
    },
    open: async (sceneId) => {
      const { scene, assets } = find(sceneId);
      return openScene(scene, assets, { access });
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
