import { existsSync, realpathSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { mapOrdered } from "../pipeline/streams.ts";
import { openAccess, type Access } from "./access.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import type { Catalogue, SceneAsset, SceneEntry } from "./catalogue.ts";
import { catalogue, type DatasetOptions } from "./dataset.ts";
import { isInside } from "./files/local-href.ts";
import { isRemote, printable } from "./files/location.ts";
import { replaceFolder } from "../pipeline/atomic-folder.ts";
import { sidecarFiles } from "./sidecar-files.ts";
import { writeConsent } from "./stac/import-consent.ts";
import { type HrefOf, writeCollection } from "./stac/write-collection.ts";

/** Where an imported collection is written, and how. */
export interface ImportOptions extends DatasetOptions {
  /** The folder to make. A collection already there is replaced. */
  readonly out: string;
  /** Copy the images, and what lies beside them (world files, masks, overviews), into the collection instead of pointing at them. */
  readonly copy?: boolean;
  /** Defaults to the name of `out`. */
  readonly id?: string;
}

/** A path as a reference: `/` between its parts, and what has a meaning in one encoded. */
const toReference = (path: string): string =>
  encodeURI(path.split(sep).join("/")).replaceAll(/[?#]/g, encodeURIComponent);

/** Copies of files from elsewhere whose names do not say what they are are named as the TIFFs that they mostly are. */
const fileName = ({ path }: SceneAsset): string => {
  const name =
    basename(path)
      .replaceAll(/[\p{Cc}\\/:*?"<>|]+/gu, "_")
      .slice(-120) || "image";
  return extname(name) === "" ? `${name}.tif` : name;
};

/** `<scene>/<file>`; files of one name get their bands before it. */
const copiedName = (entry: SceneEntry, asset: SceneAsset): string => {
  const name = fileName(asset);
  const isTaken = entry.assets.some(
    (other) => other !== asset && fileName(other).toLowerCase() === name.toLowerCase(),
  );
  const bands = asset.bands.map((band) => band.name.replaceAll(/[^\w.-]+/g, "_")).join("-");
  return join(entry.scene.id, isTaken ? `${bands}_${name}` : name);
};

/**
 * Makes a STAC collection from what `openDataset` can open: collection.json, items/ and labels/, images by relative
 * path, by address, or copied. What was assumed of bands stands in the items, where it can be read and corrected. Nothing
 * is left half-written. Returns what was imported; throws as `openDataset` does, and `SwathError("storage")` when `out`
 * cannot be written or holds something else.
 */
export const importDataset = async (reference: string, options: ImportOptions): Promise<Catalogue> => {
  const out = resolve(options.out);
  const { access = openAccess(options.reach), cacheDir = defaultCacheDir() } = options;
  const labels = options.labels === undefined ? undefined : findLabels(options.labels, reference);
  const found = await catalogue(reference, {
    ...options,
    access,
    ...(labels === undefined ? {} : { labels }),
  });
  const hrefOf: HrefOf = options.copy
    ? (entry, asset) => `../images/${toReference(copiedName(entry, asset))}`
    : (_, { path }) =>
        isRemote(path) ? access.hrefOf(path) : toReference(relative(join(out, "items"), path));
  await replaceFolder(out, "collection.json", async (folder) => {
    if (options.copy) await copyImages(found.entries, access, join(folder, "images"));
    const from = basename(printable(reference).replace(/\/+$/, ""));
    const description = `${found.entries.length} scenes imported from ${from}`;
    await writeCollection(
      folder,
      found,
      { id: options.id ?? basename(out), description, license: "other" },
      hrefOf,
    );
  });
  const notes = options.copy
    ? []
    : [...signedNote(found, access), ...(await consentNote(found, out, cacheDir))];
  return { ...found, notes: [...found.notes, ...notes], fetched: access.traffic() };
};

/** The user pointed at images outside, so the collection may: until it is moved, or imported again. */
const consentNote = async (
  { entries }: Catalogue,
  out: string,
  cacheDir: string,
): Promise<readonly string[]> => {
  const paths = entries
    .flatMap(({ assets }) => assets.map(({ path }) => path))
    .filter((path) => !isRemote(path));
  const outside = paths.filter((path) => !isInside(path, [out])).map((path) => dirname(realpathSync(path)));
  const problem = await writeConsent(out, [...new Set(outside)].sort(), cacheDir);
  if (problem === null || outside.length === 0) return [];
  return [
    `images lie outside the collection, which could not be remembered (${problem}): --allow-outside reads them`,
  ];
};

/** A signature in an item is what it was when it was found. */
const signedNote = ({ entries }: Catalogue, access: Access): readonly string[] => {
  const paths = entries.flatMap(({ assets }) => assets.map(({ path }) => path)).filter(isRemote);
  const signed = paths.filter((path) => new URL(access.hrefOf(path)).search !== "").length;
  return signed === 0
    ? []
    : [
        `${signed} of ${paths.length} addresses have a query, a signature perhaps: it stands in the items, and may expire`,
      ];
};

/** Downloads or copies of whole files under way at once. */
const copiesInFlight = 4;

/** Copies an image and what lies beside it, which is called after it and stays so. */
const copyWithSidecars = async (path: string, to: string): Promise<void> => {
  await copyFile(path, to);
  const [name, copy] = [basename(path), basename(to)];
  const stemOf = (file: string): string => file.slice(0, file.length - extname(file).length);
  for (const beside of await sidecarFiles(path)) {
    const own = basename(beside);
    const isAfter = own.toLowerCase().startsWith(name.toLowerCase());
    const renamed = isAfter ? copy + own.slice(name.length) : stemOf(copy) + own.slice(stemOf(name).length);
    await copyFile(beside, join(dirname(to), renamed));
  }
};

const copyImages = async (entries: readonly SceneEntry[], access: Access, folder: string): Promise<void> => {
  const files = entries.flatMap((entry) =>
    entry.assets.map(({ path }, i) => ({ path, to: join(folder, copiedName(entry, entry.assets[i]!)) })),
  );
  for (const entry of entries) await mkdir(join(folder, entry.scene.id), { recursive: true });
  const copied = mapOrdered(files, copiesInFlight, ({ path, to }) =>
    isRemote(path) ? access.copyTo(path, to) : copyWithSidecars(path, to),
  );
  for await (const _ of copied);
};

/** `--labels coco.json` means the file here, or else the one in the folder that is imported. */
const findLabels = (labels: string, folder: string): string => {
  const inFolder = join(folder, labels);
  return !existsSync(labels) && existsSync(inFolder) ? inFolder : labels;
};
