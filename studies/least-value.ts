import type { SweepFigures } from "../measure/summary/sweep-table.ts";
import { SwathError } from "../pipeline/errors.ts";
import { parseDuration, parseNumber } from "../pipeline/quantity.ts";

/** Something that a run must come to: `p90 < 30min`. */
export interface Condition {
  /** As written. */
  readonly text: string;
  readonly holds: (figures: SweepFigures) => boolean;
}

/** A quantity that conditions speak of. */
interface Measure {
  readonly of: (figures: SweepFigures) => number | null;
  readonly parse: (text: string) => number;
}

const time = (text: string): number => parseDuration("--find", text);
const share = (text: string): number =>
  text.endsWith("%")
    ? parseNumber("--find", text.slice(0, -1).trim(), 0, 100) / 100
    : parseNumber("--find", text, 0, 1);
const amount = (text: string): number => parseNumber("--find", text, 0, 1e18);

const measures: Readonly<Record<string, Measure>> = {
  median: { of: (figures) => figures.median_s, parse: time },
  p90: { of: (figures) => figures.p90_s, parse: time },
  delivered: { of: (figures) => figures.delivered, parse: share },
  room: { of: (figures) => figures.room ?? (figures.fits === 1 ? Infinity : null), parse: amount },
};

const compare: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

const refuse = (text: string): never => {
  throw new SwathError("config", {
    what: "--find",
    wanted: `fits, or one of ${Object.keys(measures).join(", ")} with <, <=, > or >= and a value, such as "p90 < 30min and fits"`,
    got: `"${text}"`,
  });
};

const parseOne = (text: string): Condition["holds"] => {
  if (text === "fits") return ({ fits }) => fits === 1;
  const [, name = "", sign = "", value = ""] = /^(\w+)\s*(<=|>=|<|>)\s*(\S.*)$/.exec(text) ?? [];
  const measure = measures[name] ?? refuse(text);
  const holds = compare[sign] ?? refuse(text);
  const limit = measure.parse(value.trim());
  return (figures) => {
    const got = measure.of(figures);
    // What is not known, or came to more than half or nine tenths never, holds nothing.
    return got !== null && holds(got, limit);
  };
};

/**
 * `p90 < 30min`, `delivered >= 0.99`, `fits`, or several with `and` between. Times count from the picture to the ground, over all that was
 * made. Throws `SwathError("config")`.
 */
export const parseCondition = (text: string): Condition => {
  const parts = text.split(/\s+and\s+/).map((part) => parseOne(part.trim()));
  return { text: text.trim(), holds: (figures) => parts.every((holds) => holds(figures)) };
};

/** Values of an option, from the least to the most: `stations=ksat:1..32`. */
export interface Range {
  readonly key: string;
  readonly values: readonly string[];
}

/** More values than anybody means. */
const mostValues = 4096;

/** Throws `SwathError("config")`. */
export const parseRange = (text: string): Range => {
  const [, key, before = "", from = "", to = "", after = ""] =
    /^([\w-]+)=(.*?)(\d+)\.\.(\d+)(.*)$/.exec(text.trim()) ?? [];
  const [low, high] = [Number(from), Number(to)];
  if (key !== undefined && low < high && high - low < mostValues) {
    const values = Array.from({ length: high - low + 1 }, (_, n) => `${before}${low + n}${after}`);
    return { key, values };
  }
  throw new SwathError("config", {
    what: "--over",
    wanted:
      "an option and whole numbers from the least to the most, such as stations=ksat:1..32 or rate=1..64Mbit/s",
    got: `"${text}"`,
  });
};

/** The least index that satisfies, or `null`; and how it was found. */
export interface Search {
  readonly least: number | null;
  /** The bisection's assumption did not hold at the ends, and every value was tried. */
  readonly isScan: boolean;
}

/** Every value is tried where that many are few enough to wait for. */
const mostScanned = 64;

/**
 * The least of `count` values that satisfies. Bisects, on the assumption that what a value satisfies all greater ones do. Where the greatest
 * does not, that cannot be: then up to 64 values are tried one by one from the least, and of more those evenly spread.
 */
export const searchLeast = async (
  count: number,
  satisfies: (index: number) => Promise<boolean>,
): Promise<Search> => {
  if (await satisfies(0)) return { least: 0, isScan: false };
  if (count === 1) return { least: null, isScan: false };
  if (!(await satisfies(count - 1))) {
    const step = Math.max(1, Math.ceil(count / mostScanned));
    for (let index = step; index < count - 1; index += step) {
      if (await satisfies(index)) return { least: index, isScan: true };
    }
    return { least: null, isScan: true };
  }
  let [low, high] = [0, count - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await satisfies(middle)) high = middle;
    else low = middle;
  }
  return { least: high, isScan: false };
};
