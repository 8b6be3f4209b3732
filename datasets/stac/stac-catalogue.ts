import { basename, dirname } from "node:path";
import type { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions, Skipped } from "../catalogue.ts";
import { describeScenes, skip } from "../describe-scenes.ts";
import { readJson } from "../labels/label-document.ts";
import { readLabels, readSceneLabels } from "../labels/label-file.ts";
import type { EntrySource } from "../scene-entry.ts";
import { itemSource, labelPath, localPath } from "./item-source.ts";
import { collection, item, itemCollection } from "./schema.ts";

/** A STAC item as found, and the folder that its references start from. */
interface FoundItem {
  readonly json: unknown;
  readonly folder: string;
  /** To call it by when it is too broken to have an id. */
  readonly name: string;
}

const parse = <T>(schema: z.ZodType<T>, json: unknown, what: string): T => {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const got = issue ? `${issue.path.join(".")}: ${issue.message}` : "something else";
  throw new SwathError("dataset", { what: `${what} is malformed`, wanted: "STAC 1.x", got });
};

/** Follows item and child links, each file once, so that a loop of catalogues ends. */
const findItems = async (
  path: string,
  json: unknown,
  seen: Set<string>,
  strict: boolean,
  skipped: Skipped[],
): Promise<readonly FoundItem[]> => {
  const folder = dirname(path);
  const name = basename(path, ".json");
  const { type } = json as { type?: unknown };
  if (type === "Feature") return [{ json, folder, name }];
  if (type === "FeatureCollection") {
    const { features } = parse(itemCollection, json, path);
    return features.map((feature, i) => ({ json: feature, folder, name: `${name}[${i}]` }));
  }
  const { links } = parse(collection, json, path);
  const found: FoundItem[] = [];
  for (const { rel, href } of links) {
    const target = rel === "item" || rel === "child" ? localPath(href, folder) : null;
    if (target === null || seen.has(target)) continue;
    seen.add(target);
    try {
      found.push(...(await findItems(target, await readJson(target, "dataset"), seen, strict, skipped)));
    } catch (error) {
      skipped.push(skip(basename(target, ".json"), error, strict));
    }
  }
  return found;
};

/**
 * The scenes of a STAC file: a collection or catalogue with its items, an item, or a search response.
 * Throws `SwathError("dataset")` when it is malformed or none of its items can be used.
 */
export const catalogueStac = async (
  path: string,
  json: unknown,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const { strict = false } = options;
  const skipped: Skipped[] = [];
  const found = await findItems(path, json, new Set([path]), strict, skipped);
  const sources: EntrySource[] = [];
  const labelFiles = new Map<string, string>();
  for (const { json: itemJson, folder, name } of found) {
    try {
      const stac = parse(item, itemJson, `STAC item ${name}`);
      const source = itemSource(stac, folder);
      if (sources.some(({ id }) => id === source.id)) {
        throw new SwathError("dataset", {
          what: `two STAC items have the id "${source.id}"`,
          wanted: "different ids",
        });
      }
      sources.push(source);
      const labels = labelPath(stac, folder);
      if (labels) labelFiles.set(source.id, labels);
    } catch (error) {
      skipped.push(skip(name, error, strict));
    }
  }
  const { id } = json as { id?: unknown };
  const name = typeof id === "string" ? id : basename(path, ".json");
  const catalogue = await describeScenes(name, sources, options, skipped);
  return options.labels === undefined
    ? readSceneLabels(catalogue, labelFiles, options)
    : readLabels(catalogue, dirname(path), options);
};
