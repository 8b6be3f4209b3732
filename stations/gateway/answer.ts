import { createHash } from "node:crypto";
import type { Context } from "hono";

/** How a document is answered. */
export interface AnswerOptions {
  /** Media type: `application/geo+json`, `application/schema+json`, … */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A strong ETag of what is sent. */
export const etagOf = (content: string | Uint8Array): string =>
  `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;

/** Whether the client has this version already (`If-None-Match`, compared weakly: gzip makes another body of the same thing). */
export const isKnown = (c: Context, etag: string): boolean => {
  const said = c.req.header("If-None-Match");
  if (said === undefined) return false;
  const weakly = (tag: string): string => tag.trim().replace(/^W\//, "");
  return said.split(",").some((tag) => tag.trim() === "*" || weakly(tag) === weakly(etag));
};

/**
 * A whole document with its ETag, or 304 where the client has it. For what is long or never ends use `c.body(stream)` or the
 * node response, and an ETag of what it is made from.
 */
export const answerText = (
  c: Context,
  text: string | Uint8Array<ArrayBuffer>,
  { type = "text/plain; charset=utf-8", headers = {} }: AnswerOptions = {},
): Response => {
  const etag = etagOf(text);
  const all = { "Cache-Control": "no-cache", ...headers, ETag: etag };
  if (isKnown(c, etag)) return c.body(null, 304, all);
  return c.body(text, 200, { ...all, "Content-Type": type });
};

/** A value as JSON with its ETag, or 304. */
export const answerJson = (c: Context, value: unknown, options: AnswerOptions = {}): Response =>
  answerText(c, JSON.stringify(value), { type: "application/json", ...options });
