import { SwathError } from "../../pipeline/errors.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";

/** One setting of a policy that users may choose: `margin=16`. */
export interface Parameter<T extends number | string> {
  /** As users write it, kebab case. */
  readonly name: string;
  /** `null` for a plain number or a word. */
  readonly unit: string | null;
  /** What may stand there, in words. */
  readonly range: string;
  /** What holds when nobody says anything. */
  readonly initial: T;
  /** One line. */
  readonly help: string;
  /** Throws `SwathError("config")` that names `what`. */
  readonly parse: (text: string, what: string) => T;
}

/** The parameters of a policy by the names that plans and summaries have for them, which carry the unit: `marginPx`. */
export type ParameterTable = Readonly<Record<string, Parameter<number> | Parameter<string>>>;

/** A value for each parameter of a table. */
export type SettingsOf<Table extends ParameterTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Parameter<infer T> ? T : never;
};

type Described<T extends number | string> = Pick<Parameter<T>, "name" | "initial" | "help">;

interface Range {
  readonly low: number;
  readonly high: number;
  readonly unit?: string;
}

/** A number from `low` to `high`, both included, with or without its unit. */
export const numberParameter = ({
  low,
  high,
  unit,
  ...rest
}: Described<number> & Range): Parameter<number> => ({
  ...rest,
  unit: unit ?? null,
  range: `${low}–${high}`,
  parse: (text, what) => parseNumber(what, bare(text, unit), low, high),
});

/** A whole number from `low` to `high`, both included, with or without its unit. */
export const wholeParameter = ({
  low,
  high,
  unit,
  ...rest
}: Described<number> & Range): Parameter<number> => ({
  ...rest,
  unit: unit ?? null,
  range: `${low}–${high}`,
  parse: (text, what) => parseWhole(what, bare(text, unit), low, high),
});

/** One of several words. */
export const wordParameter = <const Word extends string>({
  words,
  ...rest
}: Described<NoInfer<Word>> & { readonly words: readonly Word[] }): Parameter<Word> => ({
  ...rest,
  unit: null,
  range: words.join("|"),
  parse: (text, what) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new SwathError("config", { what, wanted: `one of ${words.join(", ")}`, got: `"${text}"` });
  },
});

const bare = (text: string, unit = ""): string =>
  unit !== "" && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text;
