import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import { parseBytes, parseDuration, parseMoment, parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import type { Bytes, Instant, Seconds } from "../../pipeline/units.ts";

/**
 * One option of a study: all that a command line, a configuration file, the documentation, a library call and the name of a run
 * need to know of it. Its key in a table is its long name, `segment-loss`.
 */
export interface OptionSpec<T> {
  /** What a value looks like, `<hours>`; `null`: a switch. */
  readonly value: string | null;
  /** One line. */
  readonly help: string;
  /** What holds when nobody says anything, as a file would have it; `null`: nothing does. */
  readonly initial: string | null;
  /** All values there are; `null`: others decide. */
  readonly choices: readonly string[] | null;
  /** May be given more than once. */
  readonly isMany: boolean;
  /** Shapes results, and so is part of a run's identity. */
  readonly isIdentity: boolean;
  /** Throws `SwathError("config")` that names `option` as it is given here. */
  readonly parse: (text: string, option: string) => T;
}

/** Options by their key. */
export type OptionTable = Readonly<Record<string, OptionSpec<unknown>>>;

/** `screen-model` → `screenModel`. */
export type Attribute<Key extends string> = Key extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Attribute<Tail>>}`
  : Key;

/** The attribute of an option: `screen-model` → `screenModel`. */
export const attributeOf = (key: string): string =>
  key.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The values of a table's options, read: what has no value and no initial one is `null`. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Key in keyof Table & string as Attribute<Key>]: Table[Key] extends OptionSpec<infer T>
    ? T
    : never;
};

/** What somebody wrote: text, or numbers and truths where a file or a program has them. */
export type WrittenValue = string | number | boolean | readonly (string | number)[];

/** Options as written, by attribute. */
export type Written<Table extends OptionTable> = {
  readonly [Key in keyof Table & string as Attribute<Key>]?: WrittenValue | undefined;
};

type Rest = Partial<Pick<OptionSpec<unknown>, "choices" | "isMany">> & {
  /** Changes nothing about results: where they go, how many threads work. */
  readonly execution?: true;
};

const option = <T>(
  value: string | null,
  help: string,
  initial: string | null,
  parse: OptionSpec<T>["parse"],
  rest: Rest,
): OptionSpec<T> => ({
  value,
  help,
  initial,
  choices: rest.choices ?? null,
  isMany: rest.isMany ?? false,
  isIdentity: rest.execution !== true,
  parse,
});

/** An option that always has a value, read by `parse`. */
export const valued = <T>(
  value: string,
  help: string,
  initial: string,
  parse: OptionSpec<T>["parse"],
  rest: Rest = {},
): OptionSpec<T> => option(value, help, initial, parse, rest);

/** An option that need not be given; then it is `null`. */
export const optional = <T>(
  value: string,
  help: string,
  parse: (text: string, option: string) => T,
  rest: Rest = {},
): OptionSpec<T | null> => option<T | null>(value, help, null, parse, rest);

/** A switch: off unless it is given. */
export const flag = (help: string, rest: Rest = {}): OptionSpec<boolean> =>
  option(null, help, null, (text) => text === "true", rest);

/** An option that may be given more than once; a list, empty when it is not. */
export const list = (
  value: string,
  help: string,
  check: (text: string, option: string) => unknown,
  rest: Rest = {},
): OptionSpec<readonly string[]> =>
  option<readonly string[]>(value, help, null, (text, name) => (check(text, name), [text]), {
    ...rest,
    isMany: true,
  });

/** Takes the text as it is given. */
export const asIs = (text: string): string => text;

const pick =
  <const Name extends string>(names: readonly Name[]) =>
  (text: string, what: string): Name => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    throw new SwathError("config", { what, wanted: `one of ${names.join(", ")}`, got: `"${text}"` });
  };

/** One of several words. */
export const choice = <const Name extends string>(
  value: string,
  help: string,
  names: readonly Name[],
  initial: NoInfer<Name>,
): OptionSpec<Name> => valued(value, help, initial, pick(names), { choices: names });

/** One of several words, or nothing. */
export const optionalChoice = <const Name extends string>(
  value: string,
  help: string,
  names: readonly Name[],
): OptionSpec<Name | null> => optional(value, help, pick(names), { choices: names });

/** Readers of quantities within a range, both ends included. */
export const number =
  (low: number, high: number) =>
  (text: string, name: string): number =>
    parseNumber(name, text, low, high);

/** Reads a whole number from `low` to `high`. */
export const whole =
  (low: number, high: number) =>
  (text: string, name: string): number =>
    parseWhole(name, text, low, high);

/** Reads a duration: `90`, `90s`, `15min`, `2h`. */
export const duration = (text: string, name: string): Seconds => parseDuration(name, text);
/** Reads a point of time in UTC. */
export const moment = (text: string, name: string): Instant => parseMoment(name, text);
/** Reads a number of bytes: `500MB`, `2GB`. */
export const size = (text: string, name: string): Bytes => parseBytes(name, text);

/** What `work` throws speaks of the option `key`, unless it says another itself. */
export const about = <T>(key: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!isSwathError(error) || error.parts.field !== undefined) throw error;
    throw new SwathError(error.tag, { ...error.parts, field: key });
  }
};

const readOne = (key: string, spec: OptionSpec<unknown>, value: unknown): unknown => {
  const parse = (one: unknown): unknown => about(key, () => spec.parse(String(one), `--${key}`));
  if (spec.value === null) return value === true || value === "true";
  if (spec.isMany) return [value ?? []].flat().flatMap(parse);
  const text = value ?? spec.initial;
  return text === null ? null : parse(text);
};

/**
 * Reads the values of a table. Throws the `SwathError("config")` of the first that does not fit, whose `parts.field` is the
 * option's key.
 */
export const readOptions = <Table extends OptionTable>(
  table: Table,
  written: Written<Table>,
): OptionValues<Table> => {
  const values = written as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(table).map(([key, spec]) => [
      attributeOf(key),
      readOne(key, spec, values[attributeOf(key)]),
    ]),
  ) as OptionValues<Table>;
};

/** Refuses what a table does not know, for callers that no command line has checked. Throws `SwathError("config")`. */
export const requireKnown = (table: OptionTable, written: object, what: string): void => {
  const known = Object.keys(table).map(attributeOf);
  const unknown = Object.keys(written).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new SwathError("config", {
    what,
    wanted: `some of ${known.join(", ")}`,
    got: `"${unknown}"`,
    field: unknown,
  });
};

/**
 * The options that shape results, by their long names, as text: the same number in a file and in a command line is the same run.
 * They name a run, and are what `--config` takes back.
 */
export const identityOf = (
  table: OptionTable,
  written: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | true | readonly string[]>> =>
  Object.fromEntries(
    Object.entries(table).flatMap(([key, spec]): [string, string | true | readonly string[]][] => {
      const value = written[attributeOf(key)] ?? spec.initial;
      if (!spec.isIdentity || value === null || value === undefined || value === false) return [];
      if (spec.value === null) return [[key, true]];
      return [[key, Array.isArray(value) ? value.map(String) : `${value as string | number}`]];
    }),
  );
