import type { IncomingHttpHeaders } from "node:http";
import { messageOf } from "../../pipeline/errors.ts";

/** A failure that may pass: the same request is worth another try, after `wait` seconds if the server says so. */
export class Transient extends Error {
  readonly wait: number | null;

  constructor(message: string, wait: number | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Transient";
    this.wait = wait;
  }
}

/** Statuses by which servers say "not now" (RFC 9110, RFC 6585). */
export const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Failures of connections that tell nothing about the next one. A refused connection or an unknown host is no such. */
const transientCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETDOWN",
  "ENETUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** `error`, as a `Transient` where it is one. */
export const transientOf = (error: unknown): unknown => {
  if (error instanceof Transient || !(error instanceof Error)) return error;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" && transientCodes.has(code)
    ? new Transient(`${messageOf(error)} (${code})`, null, error)
    : error;
};

/** Seconds to wait as `Retry-After` has it, in seconds or as a date; `null` when it says nothing. */
export const retryAfter = (headers: IncomingHttpHeaders): number | null => {
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return null;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000);
};

const longest = 160;
const told = ["description", "detail", "message", "title", "error"];

const fieldOf = (json: unknown): string | null => {
  if (typeof json !== "object" || json === null) return null;
  for (const key of told) {
    const value: unknown = Reflect.get(json, key);
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return null;
};

/** What a server says about an error, fit for one line: no markup, no control characters, no query strings. */
export const errorText = (text: string): string => {
  let said = text;
  try {
    said = fieldOf(JSON.parse(text)) ?? text;
  } catch {
    said = /^\s*</.test(text) ? (/<(Message|title)>([^<]*)</i.exec(text)?.[2] ?? "") : text;
  }
  const line = said
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replaceAll(/\?\S*/g, "?…")
    .replaceAll(/\b(?:sig|signature|token|key|credential|authorization)\b["':=\s]+\S+/gi, "…")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};
