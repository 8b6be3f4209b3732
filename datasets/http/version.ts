import type { IncomingHttpHeaders } from "node:http";

/** What tells one state of a remote file from another (RFC 9110, section 8.8). */
export interface Version {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly size: number;
}

/** The version of a file of `size` bytes, from the headers of an answer. */
export const versionOf = (headers: IncomingHttpHeaders, size: number): Version => ({
  etag: headers.etag ?? null,
  lastModified: headers["last-modified"] ?? null,
  size,
});

/** What differs between two versions, e.g. `ETag "b"`; `null` where nothing that both of them tell does. */
export const changeOf = (
  before: Version,
  now: Version,
): { readonly wanted: string; readonly got: string } | null => {
  if (before.size !== now.size) return { wanted: `${before.size} bytes`, got: `${now.size}` };
  if (before.etag !== null && now.etag !== null) {
    return before.etag === now.etag ? null : { wanted: `ETag ${before.etag}`, got: now.etag };
  }
  if (before.lastModified === null || now.lastModified === null || before.lastModified === now.lastModified) {
    return null;
  }
  return { wanted: `the version of ${before.lastModified}`, got: now.lastModified };
};

/** What `If-Range` may carry: a strong ETag, else the date. `null` when the server gave neither. */
export const rangeCondition = ({ etag, lastModified }: Version): string | null =>
  etag !== null && !etag.startsWith("W/") ? etag : lastModified;

/** `Content-Range: bytes 0-99/1234`. `null` when it is malformed or keeps the size to itself. */
export const parseContentRange = (
  text: string | undefined,
): { readonly start: number; readonly end: number; readonly size: number } | null => {
  const [, first, last, size] = /^\s*bytes\s+(\d+)-(\d+)\/(\d+)\s*$/i.exec(text ?? "") ?? [];
  if (first === undefined || last === undefined || size === undefined) return null;
  const range = { start: Number(first), end: Number(last) + 1, size: Number(size) };
  return range.start < range.end && range.end <= range.size ? range : null;
};
