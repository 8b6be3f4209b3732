import { SwathError } from "./errors.ts";
import { bitsPerSecond, bytes, formatInstant, instant, parseInstant, seconds } from "./units.ts";
import type { BitsPerSecond, Bytes, Instant, Seconds } from "./units.ts";

const prefixes: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const spans: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };

const fail = (name: string, wanted: string, got: string): never => {
  throw new SwathError("config", { what: name, wanted, got: `"${got}"` });
};

/** `8Mbit/s`, `8Mbps`, `250kbit/s`, `8e6bit/s`; SI prefixes. Refused without a unit: `8` may be Mbit/s, kbit/s or megabytes. */
export const parseRate = (name: string, text: string): BitsPerSecond => {
  const match = /^([\d.]+(?:e\d+)?)\s*([kMGT]?)(?:bit\/s|bps)$/.exec(text.trim());
  const value = match ? Number(match[1]) * (prefixes[match[2] ?? ""] ?? 1) : NaN;
  return value > 0 && Number.isFinite(value)
    ? bitsPerSecond(value)
    : fail(name, "a rate above 0 with its unit, such as 8Mbit/s", text);
};

/** `64GB`, `500MB`, `2e9B`; SI prefixes. Refused without a unit. */
export const parseBytes = (name: string, text: string): Bytes => {
  const match = /^([\d.]+(?:e\d+)?)\s*([kMGT]?)B$/.exec(text.trim());
  const value = match ? Number(match[1]) * (prefixes[match[2] ?? ""] ?? 1) : NaN;
  return value > 0 && Number.isFinite(value)
    ? bytes(value)
    : fail(name, "a size above 0 with its unit, such as 64GB", text);
};

/** `90s`, `5min`, `24h`, `2d`. Refused without a unit. */
export const parseDuration = (name: string, text: string): Seconds => {
  const match = /^([\d.]+)\s*(s|min|h|d)$/.exec(text.trim());
  const value = match ? Number(match[1]) * (spans[match[2] ?? ""] ?? 1) : NaN;
  return value > 0 && Number.isFinite(value)
    ? seconds(value)
    : fail(name, "a duration above 0 with its unit, such as 90s, 5min or 24h", text);
};

const isoDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** ISO 8601: a date, or a date and a time, in UTC where no offset is given. */
export const parseMoment = (name: string, text: string): Instant => {
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || text.length <= 10 ? text : `${text}Z`;
  // `Date.parse` alone takes "1" for a year and makes 30 February the second of March.
  const day = parseInstant(text.slice(0, 10));
  const real = isoDate.test(text) && day !== null && formatInstant(day).startsWith(text.slice(0, 10));
  const moment = real ? parseInstant(zoned) : null;
  return moment ?? fail(name, "an ISO 8601 date-time such as 2026-01-01T00:00:00Z", text);
};

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number in a closed range; `1/65535` is understood. */
export const parseNumber = (name: string, text: string, low: number, high: number): number => {
  const parts = text.split("/").map((part) => part.trim());
  const [top = NaN, bottom = 1] = parts.map((part) => (decimal.test(part) ? Number(part) : NaN));
  const value = parts.length <= 2 ? top / bottom : NaN;
  if (Number.isFinite(value) && value >= low && value <= high) return value;
  return fail(name, `a number from ${low} to ${high}`, text);
};

/** A whole number in a closed range. */
export const parseWhole = (name: string, text: string, low: number, high: number): number => {
  const value = parseNumber(name, text, low, high);
  return Number.isInteger(value) ? value : fail(name, `a whole number from ${low} to ${high}`, text);
};

/** `station:2026-01-01T01:00Z/2026-01-01T02:00Z`, or `station:1h/3h` counted from the start of the horizon. */
export const parseOutage = (
  text: string,
  start: Instant,
): { readonly station: string; readonly from: Instant; readonly to: Instant } => {
  const match = /^([A-Za-z0-9_-]+):([^/]+)\/(.+)$/.exec(text);
  if (match === null) return fail("--outage", "STATION:FROM/TO, e.g. Svalbard:1h/3h", text);
  const [, station = "", from = "", to = ""] = match;
  const moment = (part: string): Instant =>
    /^[\d.]+(s|min|h|d)?$/.test(part)
      ? instant(start + (/^0(s|min|h|d)?$/.test(part) ? 0 : parseDuration("--outage", part)))
      : parseMoment("--outage", part);
  const outage = { station, from: moment(from), to: moment(to) };
  return outage.to > outage.from ? outage : fail("--outage", "an end after its start", text);
};
