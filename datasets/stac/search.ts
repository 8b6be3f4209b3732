import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { Access } from "../access.ts";
import { printable } from "../files/location.ts";
import type { FoundItem, Walk } from "./stac-documents.ts";
import { itemsOfPage, readStacJson } from "./stac-documents.ts";
import { askPage, followPages, type PageRequest } from "./paging.ts";

/** What is looked for in a STAC API. */
export interface StacSearch {
  readonly collections: readonly string[];
  /** West, south, east, north in degrees; west > east crosses the antimeridian. */
  readonly bbox: readonly [number, number, number, number] | null;
  /** RFC 3339: an instant, or an interval with `/` and `..` for an open end. */
  readonly datetime: string | null;
}

/** The same as people write it. */
export interface SearchWords {
  readonly collections?: readonly string[];
  /** `west,south,east,north` */
  readonly bbox?: string;
  readonly datetime?: string;
}

/** Items that are taken when nobody says how many: a search is easily wider than meant. */
export const defaultMostItems = 20;
const mostPerPage = 100;

/** True for `stac+https://…`. */
export const isSearchReference = (reference: string): boolean => /^stac\+https?:\/\//i.test(reference);

/** A search that stands in one reference: `stac+https://host/search?collections=a,b&bbox=…&datetime=…&max=20`. */
export const searchInReference = (
  reference: string,
): { readonly url: string; readonly search: StacSearch; readonly most: number | null } => {
  const text = reference.replace(/^stac\+/i, "");
  if (!URL.canParse(text)) throw refuse("a search", "stac+https://host/search", printable(reference));
  const url = new URL(text);
  const take = <T>(name: string, parse: (text: string) => T): T | null => {
    const value = url.searchParams.get(name);
    // What is not ours, a key of the API, stays with the address.
    url.searchParams.delete(name);
    return value === null ? null : parse(value);
  };
  const collections = take("collections", (names) => names.split(",").filter(Boolean)) ?? [];
  const search = { collections, bbox: take("bbox", parseBbox), datetime: take("datetime", parseDatetime) };
  return { search, most: take("max", parseMost), url: url.href };
};

const refuse = (what: string, wanted: string, got: string): SwathError =>
  new SwathError("config", { what, wanted, got: `"${got}"` });

/** `2.1,41.2,2.3,41.5` as a box. Throws `SwathError("config")`. */
export const parseBbox = (text: string): NonNullable<StacSearch["bbox"]> => {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [west = 0, south = 0, east = 0, north = 0] = numbers;
  const isBox =
    numbers.length === 4 &&
    numbers.every(Number.isFinite) &&
    [west, east].every((longitude) => Math.abs(longitude) <= 180) &&
    [south, north].every((latitude) => Math.abs(latitude) <= 90) &&
    south <= north;
  if (!isBox) throw refuse("--bbox", "west,south,east,north in degrees", text);
  return [west, south, east, north];
};

/** Checks what people wrote; what they left out is not there. Throws `SwathError("config")`. */
export const parseSearch = ({ collections, bbox, datetime }: SearchWords): Partial<StacSearch> => ({
  ...(collections === undefined ? {} : { collections }),
  ...(bbox === undefined ? {} : { bbox: parseBbox(bbox) }),
  ...(datetime === undefined ? {} : { datetime: parseDatetime(datetime) }),
});

/** `--max`. Throws `SwathError("config")`. */
export const parseMost = (text: string): number => {
  const most = Number(text);
  if (/^\d+$/.test(text.trim()) && most >= 1 && most <= 10_000) return most;
  throw refuse("--max", "a number of items from 1 to 10000", text);
};

const moment = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

/** A day stands for all of it: APIs want seconds. */
const wholeMoment = (text: string, isEnd: boolean): string =>
  text.length === 10 ? `${text}T${isEnd ? "23:59:59.999" : "00:00:00"}Z` : text;

/** `2023-06-01/2023-06-30`, `2023-06-03T10:41:29Z`, `2023-06-01/..`. Throws `SwathError("config")`. */
export const parseDatetime = (text: string): string => {
  const parts = text.trim().split("/");
  const wanted = "a day, a time with its zone, or two of them with / between (.. for an open end)";
  const isOpen = (part: string): boolean => part === ".." || part === "";
  const isTime = (part: string): boolean => moment.test(part) && !Number.isNaN(Date.parse(part));
  const [from = "", to = from] = parts;
  const isRight =
    parts.length <= 2 && parts.every((part) => isTime(part) || (parts.length === 2 && isOpen(part)));
  if (!isRight || (isOpen(from) && isOpen(to))) throw refuse("--datetime", wanted, text);
  const bounds = [from, to].map((part, i) => (isOpen(part) ? ".." : wholeMoment(part, i === 1)));
  if (!bounds.includes("..") && Date.parse(bounds[0]!) > Date.parse(bounds[1]!)) {
    throw refuse("--datetime", "a start before its end", text);
  }
  return parts.length === 1 && from.length > 10 ? from : bounds.join("/");
};

/** Where to search: the address itself, or, for the landing page of an API, what it names as its search. */
const searchUrl = async (access: Access, address: URL): Promise<URL> => {
  if (/\/search\/?$/.test(address.pathname)) return address;
  const location = access.locate(address.href);
  const page = await readStacJson(access, location);
  const links: unknown = typeof page === "object" && page !== null ? Reflect.get(page, "links") : [];
  const found = Array.isArray(links)
    ? links.find(
        (link: unknown) => typeof link === "object" && link !== null && Reflect.get(link, "rel") === "search",
      )
    : undefined;
  const href: unknown = found === undefined ? null : Reflect.get(found as object, "href");
  if (typeof href === "string" && URL.canParse(href, address.href)) {
    const url = new URL(href, address);
    if (url.host === address.host) return url;
  }
  throw new SwathError("dataset", {
    what: `${location} names no search`,
    wanted: "the address of a STAC API, or of its /search",
    got: "no link to one",
  });
};

const bodyOf = ({ collections, bbox, datetime }: StacSearch, limit: number) => ({
  ...(collections.length > 0 ? { collections } : {}),
  ...(bbox === null ? {} : { bbox }),
  ...(datetime === null ? {} : { datetime }),
  limit,
});

/** The first page, asked for by POST, or by GET where an API does not take that. */
const askFirst = async (
  access: Access,
  url: URL,
  search: StacSearch,
  limit: number,
): Promise<{ readonly page: unknown; readonly request: PageRequest }> => {
  const post = { url, method: "POST", body: JSON.stringify(bodyOf(search, limit)) } as const;
  try {
    return { page: await askPage(access, post), request: post };
  } catch (error) {
    const isPostRefused =
      isSwathError(error, "dataset") && /^HTTP (?:404|405|415|501)\b/.test(error.parts.got ?? "");
    if (!isPostRefused) throw error;
  }
  const asked = new URL(url);
  const { collections, bbox, datetime } = search;
  if (collections.length > 0) asked.searchParams.set("collections", collections.join(","));
  if (bbox !== null) asked.searchParams.set("bbox", bbox.join(","));
  if (datetime !== null) asked.searchParams.set("datetime", datetime);
  asked.searchParams.set("limit", `${limit}`);
  const get = { url: asked, method: "GET", body: null } as const;
  return { page: await askPage(access, get), request: get };
};

/**
 * The items that a STAC API finds, at most `walk.most`, in its order, each once. `address` is that of the API or of its search.
 * Throws `SwathError("dataset")` when the API cannot be asked, answers an error or finds nothing.
 */
export const searchItems = async (
  walk: Walk,
  address: string,
  search: StacSearch,
): Promise<readonly FoundItem[]> => {
  const { access, most } = walk;
  const url = await searchUrl(access, new URL(address));
  const { page: first, request } = await askFirst(access, url, search, Math.min(most, mostPerPage));
  const origin = { location: access.locate(url.href), roots: [] };
  const items = new Map<string, FoundItem>();
  for await (const page of followPages(access, first, origin, request)) {
    for (const item of itemsOfPage(access, page, origin)) {
      const { id, collection } = item.json as { id?: unknown; collection?: unknown };
      items.set(JSON.stringify(typeof id === "string" ? [collection, id] : [item.name, items.size]), item);
    }
    if (items.size >= most) break;
  }
  if (items.size === 0) {
    const { limit: _, ...asked } = bodyOf(search, 0);
    const wanted = Object.keys(asked).length === 0 ? "any item" : JSON.stringify(asked);
    throw new SwathError("dataset", { what: `${origin.location} found nothing`, wanted, got: "no items" });
  }
  return [...items.values()].slice(0, most);
};
