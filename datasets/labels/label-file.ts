import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { SwathError, messageOf } from "../../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions, SceneEntry, Skipped } from "../catalogue.ts";
import { attachByImage, attachGeoJson, labelScene } from "./attach-labels.ts";
import { isCoco, parseCoco } from "./coco.ts";
import { parseCsv } from "./csv.ts";
import type { DrawnLabel } from "./drawn-label.ts";
import { isFeatureCollection, parseGeoJsonLabels } from "./geojson-labels.ts";
import { parseYolo } from "./yolo-labels.ts";

/** File names by which label tools call what belongs to the images beside it. */
const usualNames = [
  "coco_annotations.json",
  "_annotations.coco.json",
  "annotations.json",
  "annotations.csv",
  "labels.geojson",
];

/** Reads and parses a JSON file. Throws `SwathError` with `tag` when it is not there or no JSON. */
export const readJson = async (path: string, tag: "label" | "dataset"): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SwathError(tag, {
      what: `${path} cannot be read`,
      wanted: "JSON",
      got: messageOf(cause),
      cause,
    });
  }
};

/** The labels of one scene from its own file: GeoJSON, or YOLO text by its extension. */
export const readSceneLabels = async (
  path: string,
  classNames: readonly string[] = [],
): Promise<readonly DrawnLabel[]> =>
  extname(path).toLowerCase() === ".txt"
    ? parseYolo(await readFile(path, "utf8"), path, classNames)
    : parseGeoJsonLabels(await readJson(path, "label"), path);

const stemOf = (path: string): string => basename(path).replace(/\.[^.]*$/, "");

/** A scene's own label file among `files`: named like the scene or like its image. */
const ownFile = (
  { scene, assets }: SceneEntry,
  files: ReadonlySet<string>,
  folder: string,
): string | null => {
  const stems = [scene.id, ...assets.map(({ path }) => stemOf(path))];
  const names = stems.flatMap((stem) => [`${stem}.geojson`, `${stem}.txt`]);
  const found = names.find((name) => files.has(name));
  return found === undefined ? null : join(folder, found);
};

const filesIn = async (folder: string): Promise<ReadonlySet<string>> => new Set(await readdir(folder));

/** Label files that lie one beside each scene: in `folder`, or next to the images when it is `null`. */
const attachOwnFiles = async (
  catalogue: Catalogue,
  folder: string | null,
  { strict = false, classNames }: CatalogueOptions,
): Promise<Catalogue> => {
  const skipped: Skipped[] = [...catalogue.skipped];
  const entries: SceneEntry[] = [];
  const listings = new Map<string, ReadonlySet<string>>();
  for (const entry of catalogue.entries) {
    const place = folder ?? dirname(entry.assets[0]?.path ?? ".");
    const files = listings.get(place) ?? (await filesIn(place));
    listings.set(place, files);
    const file = ownFile(entry, files, place);
    const drawn = file && (await readSceneLabels(file, classNames));
    entries.push(file && drawn ? labelScene(entry, drawn, file, strict, skipped) : entry);
  }
  return { ...catalogue, entries, skipped };
};

const attachFile = async (
  catalogue: Catalogue,
  path: string,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const { strict = false } = options;
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") {
    return attachByImage(catalogue, parseCsv(await readFile(path, "utf8"), path), path, strict);
  }
  if (extension === ".txt") {
    const labels = parseYolo(await readFile(path, "utf8"), path, options.classNames);
    return attachByImage(catalogue, [{ image: basename(path), size: null, labels }], path, strict);
  }
  const json = await readJson(path, "label");
  if (isCoco(json)) return attachByImage(catalogue, parseCoco(json, path), path, strict);
  if (isFeatureCollection(json))
    return attachGeoJson(catalogue, parseGeoJsonLabels(json, path), path, strict);
  const wanted = "COCO or GeoJSON, a table of polygons (.csv) or a folder of YOLO files";
  throw new SwathError("label", { what: `${path}: format not known`, wanted });
};

/**
 * Reads the labels of a catalogue: from `options.labels`, or, without it, from what lies beside the images in `root` (a
 * file of a usual name there, else YOLO or GeoJSON files named like the images).
 * Throws `SwathError("label")` for a file that is not there, is malformed or speaks of none of the images.
 */
export const readLabels = async (
  catalogue: Catalogue,
  root: string,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  if (options.labels === undefined) {
    const files = await filesIn(root);
    const usual = usualNames.find((name) => files.has(name));
    return usual
      ? attachFile(catalogue, join(root, usual), options)
      : attachOwnFiles(catalogue, null, options);
  }
  const path = options.labels;
  const info = await stat(path).catch((cause: unknown) => {
    throw new SwathError("label", {
      what: `labels ${path}`,
      wanted: "a file or folder",
      got: messageOf(cause),
      cause,
    });
  });
  return info.isDirectory() ? attachOwnFiles(catalogue, path, options) : attachFile(catalogue, path, options);
};
