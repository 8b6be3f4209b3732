import { SwathError } from "../errors.ts";

/*
 * When a model that is on trial takes the place of the one before, as people write it:
 *
 *     f1 >= old - 0.02
 *     agreement > 90% and seconds <= 1.5 * old
 *     not (precision < old.precision) or recall >= 0.9
 *
 *     rule       = all { "or" all }
 *     all        = one { "and" one }
 *     one        = "not" one | "(" rule ")" | comparison
 *     comparison = sum ("<" | "<=" | ">" | ">=" | "=" | "!=") sum
 *     sum        = product { ("+" | "-") product }
 *     product    = factor { ("*" | "/") factor }
 *     factor     = "-" factor | number ["%"] | name | "old" | "old." name | "(" sum ")"
 *
 * `old` alone is the same figure of the old model as the one that the comparison names.
 */

/** What a trial measures of a model, and what that takes: the images alone, or labels for them, which go up with the model. */
export const trialFigures = {
  f1: "labels",
  precision: "labels",
  recall: "labels",
  agreement: "images",
  detections: "images",
  score: "images",
  seconds: "images",
  joules: "images",
} as const satisfies Readonly<Record<string, "labels" | "images">>;

/** The name of a figure. */
export type TrialFigure = keyof typeof trialFigures;

/** Figures of one model; `null`: not known. */
export type FigureValues = Readonly<Partial<Record<TrialFigure, number | null>>>;

type Sum =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "figure"; readonly name: TrialFigure; readonly of: "old" | "new" }
  | { readonly type: "minus"; readonly value: Sum }
  | {
      readonly type: "+" | "-" | "*" | "/";
      readonly left: Sum;
      readonly right: Sum;
    };

type Comparator = "<" | "<=" | ">" | ">=" | "=" | "!=";

type Condition =
  | { readonly type: "compare"; readonly comparator: Comparator; readonly left: Sum; readonly right: Sum }
  | { readonly type: "not"; readonly value: Condition }
  | { readonly type: "and" | "or"; readonly left: Condition; readonly right: Condition };

/** A rule that has been read. */
export interface PromotionRule {
  readonly text: string;
  readonly condition: Condition;
  /** The figures that it names. */
  readonly figures: readonly TrialFigure[];
}

const longest = 200;
const deepest = 16;

interface Token {
  readonly text: string;
  readonly at: number;
}

const isFigure = (name: string): name is TrialFigure => Object.hasOwn(trialFigures, name);

const figureNames = Object.keys(trialFigures).join(", ");

/** Reads tokens one after the other; every refusal says where. */
class Reader {
  readonly #text: string;
  readonly #field: string;
  readonly #tokens: Token[] = [];
  #next = 0;

  constructor(text: string, field: string) {
    this.#text = text;
    this.#field = field;
    if (text.length > longest) throw this.refusal(`at most ${longest} characters`, `${text.length}`);
    const pattern =
      /\s*(?:([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|([a-z][a-z0-9]*(?:\.[a-z0-9]+)?)|(<=|>=|!=|[<>=+\-*/()%]))/gy;
    while (pattern.lastIndex < text.trimEnd().length) {
      const from = pattern.lastIndex;
      const match = pattern.exec(text);
      if (match === null)
        throw this.refusal(
          "numbers, names, + - * / ( ) and comparisons",
          `"${text.slice(from, from + 12).trim()}"`,
        );
      this.#tokens.push({ text: match[0].trim(), at: from });
    }
  }

  get peek(): string {
    return this.#tokens[this.#next]?.text ?? "";
  }

  take(): string {
    const { peek } = this;
    this.#next += 1;
    return peek;
  }

  /** Takes the token if it is one of those. */
  accept<const One extends string>(...ones: readonly One[]): One | null {
    const found = ones.find((one) => one === this.peek) ?? null;
    if (found !== null) this.#next += 1;
    return found;
  }

  /** Where the reader is, to come back to. */
  mark(): number {
    return this.#next;
  }

  back(mark: number): void {
    this.#next = mark;
  }

  refusal(wanted: string, got: string): SwathError {
    return new SwathError("config", {
      what: `promotion rule "${this.#text.slice(0, 80)}"`,
      field: this.#field,
      wanted,
      got,
    });
  }

  expected(wanted: string): SwathError {
    return this.refusal(wanted, this.peek === "" ? "its end" : `"${this.peek}"`);
  }
}

const readFactor = (reader: Reader, depth: number): Sum => {
  if (depth > deepest) throw reader.refusal(`at most ${deepest} levels`, "more");
  if (reader.accept("-") !== null) return { type: "minus", value: readFactor(reader, depth + 1) };
  if (reader.accept("(") !== null) {
    const sum = readSum(reader, depth + 1);
    if (reader.accept(")") === null) throw reader.expected('")"');
    return sum;
  }
  const token = reader.peek;
  if (/^[0-9.]/.test(token)) {
    reader.take();
    const value = Number(token);
    return { type: "number", value: reader.accept("%") === null ? value : value / 100 };
  }
  if (token === "old") {
    reader.take();
    // Filled in once the comparison is known.
    return { type: "figure", name: "old" as TrialFigure, of: "old" };
  }
  const [owner, name] = token.includes(".") ? token.split(".") : ["new", token];
  const isOwner = owner === "old" || owner === "new";
  if (name === undefined || !isOwner || !isFigure(name))
    throw reader.expected(`a number, old, or one of ${figureNames}`);
  reader.take();
  return { type: "figure", name, of: owner };
};

const readProduct = (reader: Reader, depth: number): Sum => {
  let left = readFactor(reader, depth);
  for (let type = reader.accept("*", "/"); type !== null; type = reader.accept("*", "/"))
    left = { type, left, right: readFactor(reader, depth) };
  return left;
};

const readSum = (reader: Reader, depth: number): Sum => {
  let left = readProduct(reader, depth);
  for (let type = reader.accept("+", "-"); type !== null; type = reader.accept("+", "-"))
    left = { type, left, right: readProduct(reader, depth) };
  return left;
};

const figuresIn = (sum: Sum): readonly Extract<Sum, { readonly type: "figure" }>[] => {
  if (sum.type === "figure") return [sum];
  if (sum.type === "number") return [];
  return sum.type === "minus" ? figuresIn(sum.value) : [...figuresIn(sum.left), ...figuresIn(sum.right)];
};

const isBareOld = ({ name }: { readonly name: string }): boolean => name === "old";

const withOld = (sum: Sum, name: TrialFigure): Sum => {
  if (sum.type === "figure") return isBareOld(sum) ? { ...sum, name } : sum;
  if (sum.type === "number") return sum;
  if (sum.type === "minus") return { ...sum, value: withOld(sum.value, name) };
  return { ...sum, left: withOld(sum.left, name), right: withOld(sum.right, name) };
};

const readComparison = (reader: Reader, depth: number): Condition => {
  const left = readSum(reader, depth);
  const comparator = reader.accept("<=", ">=", "!=", "<", ">", "=");
  if (comparator === null) throw reader.expected("a comparison: < <= > >= = !=");
  const right = readSum(reader, depth);
  const all = [...figuresIn(left), ...figuresIn(right)];
  const named = new Set(all.filter((one) => !isBareOld(one)).map(({ name }) => name));
  const [figure] = named;
  if (all.length === 0) throw reader.refusal(`a comparison with one of ${figureNames}`, "numbers alone");
  if (all.some(isBareOld) && (named.size !== 1 || figure === undefined))
    throw reader.refusal("old beside one figure, or old.<figure>", `old beside ${named.size}`);
  const name = figure as TrialFigure;
  return { type: "compare", comparator, left: withOld(left, name), right: withOld(right, name) };
};

const readOne = (reader: Reader, depth: number): Condition => {
  if (depth > deepest) throw reader.refusal(`at most ${deepest} levels`, "more");
  if (reader.accept("not") !== null) return { type: "not", value: readOne(reader, depth + 1) };
  if (reader.peek !== "(") return readComparison(reader, depth);
  // A bracket opens a rule or a sum: which one shows what follows it.
  const mark = reader.mark();
  try {
    return readComparison(reader, depth);
  } catch (error) {
    reader.back(mark);
    reader.take();
    let rule: Condition;
    try {
      rule = readOr(reader, depth + 1);
    } catch {
      throw error;
    }
    if (reader.accept(")") === null) throw reader.expected('")"');
    return rule;
  }
};

const readAnd = (reader: Reader, depth: number): Condition => {
  let left = readOne(reader, depth);
  while (reader.accept("and") !== null) left = { type: "and", left, right: readOne(reader, depth) };
  return left;
};

const readOr = (reader: Reader, depth: number): Condition => {
  let left = readAnd(reader, depth);
  while (reader.accept("or") !== null) left = { type: "or", left, right: readAnd(reader, depth) };
  return left;
};

const figuresOf = (condition: Condition): readonly TrialFigure[] => {
  if (condition.type === "not") return figuresOf(condition.value);
  if (condition.type === "compare")
    return [...figuresIn(condition.left), ...figuresIn(condition.right)].map(({ name }) => name);
  return [...figuresOf(condition.left), ...figuresOf(condition.right)];
};

/** Reads a rule, that of `field`. Throws `SwathError("config")` that says what was wanted and got. */
export const readRule = (text: string, field = "promote"): PromotionRule => {
  const reader = new Reader(text, field);
  const condition = readOr(reader, 0);
  if (reader.peek !== "") throw reader.expected('"and", "or" or the end');
  return { text, condition, figures: [...new Set(figuresOf(condition))] };
};

/** Whether it can be decided only where objects are labelled. */
export const needsLabels = ({ figures }: PromotionRule): boolean =>
  figures.some((name) => trialFigures[name] === "labels");

const valueOf = (sum: Sum, old: FigureValues, next: FigureValues): number | null => {
  if (sum.type === "number") return sum.value;
  if (sum.type === "figure") {
    const value = (sum.of === "old" ? old : next)[sum.name] ?? null;
    return value !== null && Number.isFinite(value) ? value : null;
  }
  if (sum.type === "minus") {
    const value = valueOf(sum.value, old, next);
    return value === null ? null : -value;
  }
  const [a, b] = [valueOf(sum.left, old, next), valueOf(sum.right, old, next)];
  if (a === null || b === null) return null;
  if (sum.type === "/") return b === 0 ? null : a / b;
  return sum.type === "+" ? a + b : sum.type === "-" ? a - b : a * b;
};

/** Sums of decimal fractions are not exact: what differs by less is the same. */
const grain = 1e-9;

const compare = (comparator: Comparator, a: number, b: number): boolean => {
  const isSame = Math.abs(a - b) <= grain;
  if (comparator === "=") return isSame;
  if (comparator === "!=") return !isSame;
  if (comparator.endsWith("=") && isSame) return true;
  return !isSame && (comparator.startsWith("<") ? a < b : a > b);
};

const holds = (condition: Condition, old: FigureValues, next: FigureValues): boolean | null => {
  if (condition.type === "compare") {
    const [a, b] = [valueOf(condition.left, old, next), valueOf(condition.right, old, next)];
    return a === null || b === null ? null : compare(condition.comparator, a, b);
  }
  if (condition.type === "not") {
    const value = holds(condition.value, old, next);
    return value === null ? null : !value;
  }
  const [a, b] = [holds(condition.left, old, next), holds(condition.right, old, next)];
  const decisive = condition.type === "or";
  if (a === decisive || b === decisive) return decisive;
  return a === null || b === null ? null : !decisive;
};

/** Whether a rule holds; `null`: a figure that it needs is not known, and nothing is promoted on a guess. */
export const ruleHolds = (rule: PromotionRule, old: FigureValues, next: FigureValues): boolean | null =>
  holds(rule.condition, old, next);

/** The figures that a rule names, for people: `f1 0.61, old 0.64`. */
export const ruleFigures = ({ figures }: PromotionRule, old: FigureValues, next: FigureValues): string => {
  const text = (value: number | null | undefined): string =>
    value === null || value === undefined ? "not known" : `${Math.round(value * 1e4) / 1e4}`;
  return figures.map((name) => `${name} ${text(next[name])}, old ${text(old[name])}`).join("; ");
};
