import { SwathError } from "../../pipeline/errors.ts";
import type { Access, Origin } from "../access.ts";
import { locationOf } from "../files/location.ts";
import { nextLink } from "./schema.ts";

/** Pages of one answer: an API that always has another one is not followed for ever. */
const mostPages = 1000;

/** A page to ask for. */
export interface PageRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly body: string | null;
}

const refuse = (location: string, got: string, wanted?: string): SwathError =>
  new SwathError("dataset", { what: `pages of ${location}`, ...(wanted ? { wanted } : {}), got });

/** Asks for one page as JSON. Throws `SwathError("dataset")`. */
export const askPage = async (access: Access, { url, method, body }: PageRequest): Promise<unknown> => {
  const ask = {
    method,
    ...(body === null ? {} : { body }),
    headers: () => ({ accept: "application/geo+json, application/json" }),
  };
  const { text } = await access.query(url, ask, [200]);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = text.trim() === "" ? "an empty answer" : "something else";
    throw new SwathError("dataset", {
      what: `${locationOf(url)} cannot be read`,
      wanted: "JSON",
      got,
      cause,
    });
  }
};

/** How the page behind this one is asked for, by its `next` link; `null` when it is the last. */
export const nextPage = (json: unknown, request: PageRequest, location: string): PageRequest | null => {
  const links: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "links") : null;
  if (!Array.isArray(links)) return null;
  const link = links.map((candidate) => nextLink.safeParse(candidate)).find(({ success }) => success)?.data;
  if (link === undefined) return null;
  if (!URL.canParse(link.href, request.url.href)) throw refuse(location, "a next link that is no address");
  const url = new URL(link.href, request.url);
  // What was asked for, and who asks, stays with the API that was asked.
  if (url.host !== request.url.host) {
    throw refuse(location, `a next link to ${url.host}`, `one to ${request.url.host}`);
  }
  // Behind a proxy, an API that is reached by https often calls itself http.
  if (request.url.protocol === "https:") url.protocol = "https:";
  const method = link.method?.toUpperCase() === "POST" ? "POST" : "GET";
  if (method === "GET") return { url, method, body: null };
  const before = link.merge === true && request.body !== null ? (JSON.parse(request.body) as object) : {};
  return { url, method, body: JSON.stringify({ ...before, ...link.body }) };
};

/**
 * `first` and the pages that follow it by `next` links, one after the other. `request` is what brought the first.
 * Throws `SwathError("dataset")` when a page comes back, and when they do not end.
 */
export async function* followPages(
  access: Access,
  first: unknown,
  { location }: Origin,
  request: PageRequest | null = access.pageOf(location),
): AsyncGenerator<unknown> {
  yield first;
  if (request === null) return;
  const seen = new Set([JSON.stringify(request)]);
  let [page, asked] = [first, request];
  for (;;) {
    const next = nextPage(page, asked, location);
    if (next === null) return;
    const key = JSON.stringify(next);
    if (seen.has(key)) throw refuse(location, "a next link that leads back");
    if (seen.size >= mostPages) throw refuse(location, `more than ${mostPages}`);
    seen.add(key);
    page = await askPage(access, next);
    asked = next;
    yield page;
  }
}
