import { z } from "zod";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";

/*
 * Parameters that OGC API – Features and STAC API share, as values.
 */

const isLongitude = (value: number): boolean => Math.abs(value) <= 180;
const isLatitude = (value: number): boolean => Math.abs(value) <= 90;

const isBox = (numbers: readonly number[]): boolean => {
  const [west, south, east, north] = flatBox(numbers);
  const isLow = numbers.length !== 6 || (numbers[2] as number) <= (numbers[5] as number);
  return isLow && [west, east].every(isLongitude) && [south, north].every(isLatitude) && south <= north;
};

/** Four numbers, or six with heights, which nothing here has. */
const flatBox = (numbers: readonly number[]): LonLatBox => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = numbers;
  return numbers.length === 6 ? [a, b, d, e] : [a, b, c, d];
};

const boxWords = "west,south,east,north in degrees, south not above north, or six numbers with heights";

/** A box in degrees; west > east crosses the antimeridian. */
export const bboxSchema = z
  .array(z.number(boxWords))
  .refine((numbers) => (numbers.length === 4 || numbers.length === 6) && isBox(numbers), boxWords)
  .transform(flatBox)
  .describe("west,south,east,north in degrees, WGS 84; west > east crosses the antimeridian");

/** A stretch of time, both ends included; milliseconds since 1970; `null`: open. */
export interface TimeSpan {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** RFC 3339, 5.6; a day alone stands for all of it. */
const moment =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

const isOpen = (part: string): boolean => part === ".." || part === "";

/** Milliseconds, or NaN. JavaScript takes February 30 for March 2: such days are none. */
const millisOf = (text: string, isEnd: boolean): number => {
  if (!moment.test(text)) return Number.NaN;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) return Number.NaN;
  return Date.parse(text.length === 10 ? `${text}T${isEnd ? "23:59:59.999" : "00:00:00"}Z` : text);
};

const spanOf = (text: string): TimeSpan | null => {
  const parts = text.split("/");
  const [from = "", to = from] = parts;
  if (parts.length > 2 || (parts.length === 1 && isOpen(from)) || (isOpen(from) && isOpen(to))) return null;
  const fromMs = isOpen(from) ? null : millisOf(from, false);
  const toMs = isOpen(to) ? null : millisOf(to, true);
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return null;
  return fromMs !== null && toMs !== null && fromMs > toMs ? null : { fromMs, toMs };
};

const spanWords =
  "a time of RFC 3339, a day, or two of them with / between (.. for an open end), the first not after the second";

/** A moment or an interval of mission time. */
export const datetimeSchema = z
  .string()
  .refine((text) => spanOf(text) !== null, spanWords)
  .transform((text) => spanOf(text) as TimeSpan)
  .describe("2026-08-13T10:00:00Z, 2026-08-13, 2026-08-01/2026-08-13, 2026-08-13/..");

/** How many on a page: more than `most` is taken for `most`, as OGC API – Features has it. */
export const limitSchema = (usual: number, most: number) =>
  z
    .int("a whole number from 1 on")
    .min(1, "a whole number from 1 on")
    .default(usual)
    .transform((limit) => Math.min(limit, most))
    .describe(`how many on a page; at most ${most}`);

/** `next` links have it. */
export const cursorSchema = z
  .string()
  .optional()
  .describe("where the page before ended, as its next link has it");
