import { createHash } from "node:crypto";
import { SwathError } from "../../pipeline/errors.ts";

/** True for what is not on this machine. A single letter before the colon is a drive of Windows. */
export const isRemote = (location: string): boolean => /^(?:https?|s3):\/\//i.test(location);

/** `https:` → `https`; `null` for a path. */
export const schemeOf = (href: string): string | null =>
  /^([a-z][a-z0-9+.-]+):/i.exec(href)?.[1]?.toLowerCase() ?? null;

const readable = (path: string): string => {
  try {
    // What would not stay in one line, or would change the path's parts, stays encoded.
    return decodeURI(path).replaceAll(/[\p{Cc}\p{Cf}]/gu, encodeURIComponent);
  } catch {
    return path;
  }
};

/**
 * How a URL stands in messages, caches and everywhere else but in the request: readable, without user, password and query,
 * which may be secrets.
 */
export const locationOf = (url: URL): string => `${url.protocol}//${url.host}${readable(url.pathname)}`;

/**
 * The same for a URL that differs from another in its query alone. What stands there may name a file or sign it, and
 * nothing tells which: they count as two files.
 */
export const markedLocationOf = (url: URL): string => {
  const mark = createHash("sha256").update(url.href).digest("hex").slice(0, 8);
  const path = readable(url.pathname);
  const at = path.lastIndexOf("/") + 1;
  return `${url.protocol}//${url.host}${path.slice(0, at)}~${mark}/${path.slice(at)}`;
};

/** A reference as people may see it: what could be a secret in its query, or before its host, is left out. */
export const printable = (reference: string): string => {
  const [, scheme = "", rest = reference] = /^(stac\+)?(.*)$/is.exec(reference) ?? [];
  return isRemote(rest) && URL.canParse(rest) ? `${scheme}${locationOf(new URL(rest))}` : reference;
};

/** `%` that begins no code, and characters that a reference may not hold: written as they are by many. */
const tidy = (href: string): string => href.replaceAll(/%(?![0-9a-f]{2})/gi, "%25");

const hasExtension = (name: string): boolean =>
  /\.(?:tiff?|gtiff|jp2|png|jpe?g|webp|json|geojson|txt|csv)$/i.test(name);

/** A `#` has no meaning for a file, so it belongs to the name where that is none without it. */
const keepHash = (href: string): string => {
  const at = href.indexOf("#");
  if (at < 0) return href;
  return !hasExtension(href.slice(0, at)) && hasExtension(href) ? href.replaceAll("#", "%23") : href;
};

const refuse = (href: string, got: string, hint?: string): SwathError =>
  new SwathError("dataset", {
    what: `href ${printable(href).slice(0, 200)} cannot be followed`,
    wanted: "an http, https or s3 address",
    got,
    ...(hint === undefined ? {} : { hint }),
  });

/** GDAL's way to write an address: `/vsicurl/https://…`, `/vsis3/bucket/key`. */
const fromVsi = (href: string): string => href.replace(/^\/vsicurl\//, "").replace(/^\/vsis3\//, "s3://");

/**
 * The address that `href` means, found in a document at `base`; `base` is `null` for one of this machine. Returns `null`
 * when it is a path of this machine. Throws `SwathError("dataset")` for schemes that are not read, and where a document
 * of the web names a file of this machine.
 */
export const remoteUrl = (href: string, base: URL | null): URL | null => {
  const given = fromVsi(href.trim());
  if (given.startsWith("/vsi")) throw refuse(href, "a file system of GDAL", "name the file itself");
  const scheme = schemeOf(given);
  if (scheme === "file" || /^[a-z]:[\\/]/i.test(given) || given.startsWith("\\\\")) {
    if (base === null) return null;
    throw refuse(href, "a file of this machine, named by a document from elsewhere");
  }
  if (scheme === null && base === null) return null;
  if (scheme !== null && !isRemote(given)) {
    // `scene:1.tif` is a file with a colon in its name, where such a file can be.
    if (base === null && !/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) return null;
    throw refuse(href, `${scheme}:`, "sign or translate the hrefs to https first");
  }
  const text = keepHash(tidy(given));
  // A document in a bucket names its neighbours as one on the web does.
  if (!URL.canParse(text, base?.href)) throw refuse(href, "none that can be read");
  const url = new URL(text, base?.href);
  url.hash = "";
  if (url.protocol === "http:" || url.protocol === "https:" || url.protocol === "s3:") return url;
  throw refuse(href, url.protocol);
};
