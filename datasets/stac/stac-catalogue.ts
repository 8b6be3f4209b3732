import { basename, dirname } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import type { Access } from "../access.ts";
import type { Catalogue, CatalogueOptions, Skipped } from "../catalogue.ts";
import { describeScenes, skip } from "../describe-scenes.ts";
import { aboutOriginal } from "../files/local-copy.ts";
import { isRemote } from "../files/location.ts";
import { readLabels, readSceneLabels } from "../labels/label-file.ts";
import type { EntrySource } from "../scene-entry.ts";
import { itemSource, labelLocation } from "./item-source.ts";
import { item } from "./schema.ts";
import { searchItems, type StacSearch } from "./search.ts";
import { type FoundItem, findItems, originOf, parseStac, type Walk } from "./stac-documents.ts";

/** Labels that items name, by scene id; those from elsewhere are brought here, and called what they are there. */
const attachItemLabels = async (
  catalogue: Catalogue,
  files: ReadonlyMap<string, string>,
  access: Access,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  // Nobody labelled what no item names labels of.
  if (files.size === 0) return catalogue;
  const paths = new Map<string, string>();
  const originals = new Map<string, string>();
  const failed: Skipped[] = [];
  for (const [scene, location] of files) {
    try {
      const path = await access.localCopy(location);
      paths.set(scene, path);
      originals.set(path, location);
    } catch (error) {
      failed.push(skip(scene, error, options.strict));
    }
  }
  const renamed = (error: unknown): unknown =>
    [...originals].reduce<unknown>((told, [path, location]) => aboutOriginal(told, path, location), error);
  try {
    const labelled = await readSceneLabels(catalogue, paths, options);
    const skipped = labelled.skipped.map(({ scene, error }) => skip(scene, renamed(error)));
    return { ...labelled, skipped: [...skipped, ...failed] };
  } catch (error) {
    throw renamed(error);
  }
};

/** Items named over plain http by one that came over https: anybody on the way may have changed them. */
const plainNote = (name: string, sources: readonly EntrySource[]): readonly string[] => {
  const plain = sources.flatMap(({ files }) => files).filter(({ path }) => path.startsWith("http://")).length;
  if (!name.startsWith("https:") || plain === 0) return [];
  return [
    `${plain} file${plain === 1 ? "" : "s"} of ${name} by plain http: nothing protects them on their way`,
  ];
};

/** Describes the scenes of items, and gives them the labels that they name. */
const catalogueItems = async (
  name: string,
  location: string,
  found: readonly FoundItem[],
  walk: Walk,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const { access, strict, skipped } = walk;
  const sources = new Map<string, EntrySource>();
  const labelFiles = new Map<string, string>();
  for (const { json, origin, name: itemName } of found) {
    try {
      const stac = parseStac(item, json, `STAC item ${itemName}`);
      const source = itemSource(stac, access, origin);
      const labels = labelLocation(stac, access, origin);
      if (sources.has(source.id)) {
        throw new SwathError("dataset", {
          what: `two STAC items have the id "${source.id}"`,
          wanted: "different ids",
        });
      }
      sources.set(source.id, source);
      if (labels) labelFiles.set(source.id, labels);
    } catch (error) {
      skipped.push(skip(itemName, error, strict));
    }
  }
  const all = [...sources.values()];
  const described = await describeScenes(name, all, { ...options, access }, skipped);
  const catalogue = { ...described, notes: [...plainNote(location, all), ...described.notes] };
  return options.labels === undefined
    ? attachItemLabels(catalogue, labelFiles, access, options)
    : readLabels(catalogue, dirname(location), options);
};

/** Items of one document, its children and its pages: beyond, a list is more than one run was meant for. */
const mostItems = 1000;

/**
 * The scenes of a STAC document: a collection or catalogue with its items, an item, or a search response.
 * Throws `SwathError("dataset")` when it is malformed or none of its items can be used.
 */
export const catalogueStac = async (
  location: string,
  json: unknown,
  access: Access,
  cacheDir: string,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const walk = { access, strict: options.strict ?? false, most: options.maxItems ?? mostItems, skipped: [] };
  const origin = await originOf(access, location, json, cacheDir);
  const found = await findItems(walk, json, origin, new Set([location]));
  const { id } = json as { id?: unknown };
  const name = typeof id === "string" ? id : basename(location).replace(/\.(?:geo)?json$/i, "");
  const catalogue = await catalogueItems(name, location, found, walk, options);
  if (found.length < walk.most) return catalogue;
  return {
    ...catalogue,
    notes: [`the first ${walk.most} items of ${location} were taken`, ...catalogue.notes],
  };
};

/** The scenes that a search of a STAC API finds. Throws `SwathError("dataset")` when it finds none that can be used. */
export const catalogueSearch = async (
  address: string,
  search: StacSearch,
  most: number,
  access: Access,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const walk = { access, strict: options.strict ?? false, most, skipped: [] };
  const found = await searchItems(walk, address, search);
  const location = access.locate(address);
  const name = search.collections.join("+") || (isRemote(location) ? new URL(location).host : location);
  return catalogueItems(name, location, found, walk, options);
};
