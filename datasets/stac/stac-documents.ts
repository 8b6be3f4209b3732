import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import type { Access, Origin } from "../access.ts";
import type { Skipped } from "../catalogue.ts";
import { skip } from "../describe-scenes.ts";
import { isInside, localPath } from "../files/local-href.ts";
import { isRemote } from "../files/location.ts";
import { readConsent } from "./import-consent.ts";
import { followPages } from "./paging.ts";
import { collection, itemCollection, type StacLink } from "./schema.ts";

/** A STAC item as found, and the document that its references start from. */
export interface FoundItem {
  readonly json: unknown;
  readonly origin: Origin;
  /** To call it by when it is too broken to have an id. */
  readonly name: string;
}

/** How documents are read, and what is done about those that are not right. */
export interface Walk {
  readonly access: Access;
  readonly strict: boolean;
  /** Items that are taken at most. */
  readonly most: number;
  /** Grows by what was left out. */
  readonly skipped: Skipped[];
}

/** Documents under way at once: over a network each takes a round trip. */
const documentsInFlight = 8;

/** Throws `SwathError("dataset")` for what is not as STAC has it. */
export const parseStac = <T>(schema: z.ZodType<T>, json: unknown, what: string): T => {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const got = issue ? `${issue.path.join(".")}: ${issue.message}` : "something else";
  throw new SwathError("dataset", { what: `${what} is malformed`, wanted: "STAC 1.x", got });
};

/** Reads a document as JSON. Throws `SwathError("dataset")`. */
export const readStacJson = async (access: Access, location: string): Promise<unknown> => {
  const text = await access.readText(location, "dataset");
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const got = messageOf(cause);
    throw new SwathError("dataset", { what: `${location} cannot be read`, wanted: "JSON", got, cause });
  }
};

const nameOf = (location: string): string => basename(location).replace(/\.(?:geo)?json$/i, "");

const linksOf = (json: unknown): readonly StacLink[] => {
  const links: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "links") : null;
  if (!Array.isArray(links)) return [];
  return links.filter(
    (link: unknown): link is StacLink =>
      typeof link === "object" &&
      link !== null &&
      typeof Reflect.get(link, "rel") === "string" &&
      typeof Reflect.get(link, "href") === "string",
  );
};

/**
 * The folders that a local document's references may not leave: its own; that of the collection which it says it belongs
 * to, where a collection is indeed; and those that its user imported it from. None for a document from elsewhere.
 */
export const originOf = async (
  access: Access,
  location: string,
  json: unknown,
  cacheDir: string,
): Promise<Origin> => {
  if (isRemote(location)) return { location, roots: [] };
  const folders = [dirname(location)];
  for (const { rel, href } of linksOf(json)) {
    if (!["collection", "root", "parent"].includes(rel) || !/^(?![a-z]+:|\\).*\.json$/i.test(href)) continue;
    // A link may lead anywhere; only a folder above that holds a collection counts.
    const up = localPath(href, dirname(location));
    if (!existsSync(up) || !isInside(location, [dirname(up)])) continue;
    const above = collection.safeParse(await readStacJson(access, up).catch(() => null));
    if (above.success) folders.push(dirname(up));
  }
  const consents = await Promise.all(folders.map((folder) => readConsent(folder, cacheDir)));
  // The widest first: messages name it.
  const own = [...new Set(folders)].toSorted((a, b) => a.length - b.length);
  return { location, roots: [...own, ...consents.flat()] };
};

/** The items of a page; references of an item from elsewhere start where it says that it lies itself. */
export const itemsOfPage = (access: Access, json: unknown, origin: Origin): readonly FoundItem[] => {
  const { features } = parseStac(itemCollection, json, origin.location);
  return features.map((feature, i) => {
    const name = `${nameOf(origin.location)}[${i}]`;
    const self = linksOf(feature).find(({ rel }) => rel === "self");
    if (self === undefined || !isRemote(origin.location)) return { json: feature, origin, name };
    return { json: feature, origin: { ...origin, location: access.follow(self.href, origin) }, name };
  });
};

/** The items of an API's answer and of the pages that follow it. */
export const itemsOfPages = async (
  walk: Walk,
  first: unknown,
  origin: Origin,
): Promise<readonly FoundItem[]> => {
  const items: FoundItem[] = [];
  for await (const page of followPages(walk.access, first, origin)) {
    items.push(...itemsOfPage(walk.access, page, origin));
    if (items.length >= walk.most) break;
  }
  return items.slice(0, walk.most);
};

/** Follows item and child links, each document once, so that a loop of catalogues ends. */
export const findItems = async (
  walk: Walk,
  json: unknown,
  origin: Origin,
  seen: Set<string>,
): Promise<readonly FoundItem[]> => {
  const { access, strict, skipped, most } = walk;
  const { location } = origin;
  const { type } = json as { type?: unknown };
  if (type === "Feature") return [{ json, origin, name: nameOf(location) }];
  if (type === "FeatureCollection") return itemsOfPages(walk, json, origin);
  const { links } = parseStac(collection, json, location);
  const wanted = links.filter(({ rel }) => rel === "item" || rel === "child");
  const listing = links.find(({ rel }) => rel === "items");
  // An API lists the items of a collection; a file names each.
  if (wanted.length === 0 && listing !== undefined) {
    const target = access.follow(listing.href, origin);
    return itemsOfPages(walk, await readStacJson(access, target), { ...origin, location: target });
  }
  const targets: string[] = [];
  const leaveOut = (href: string, error: unknown): void =>
    void skipped.push(skip(nameOf(href), error, strict));
  for (const { href } of wanted) {
    try {
      const target = access.follow(href, origin);
      if (!seen.has(target)) targets.push(target);
      seen.add(target);
    } catch (error) {
      leaveOut(href, error);
    }
  }
  const found: FoundItem[] = [];
  const documents = mapOrdered(targets, documentsInFlight, async (target) => {
    try {
      return { target, document: await readStacJson(access, target) };
    } catch (error) {
      return { target, error };
    }
  });
  for await (const read of documents) {
    try {
      if ("error" in read) throw read.error;
      found.push(...(await findItems(walk, read.document, { ...origin, location: read.target }, seen)));
    } catch (error) {
      leaveOut(read.target, error);
    }
    if (found.length >= most) break;
  }
  return found.slice(0, most);
};
