import { SwathError } from "../../pipeline/errors.ts";
import { instant, type BytesPerSecond, type Instant, type Seconds } from "../../pipeline/units.ts";

/** One way from node to node for a while, as ION has it. */
export interface IonContact {
  readonly from: number;
  readonly to: number;
  readonly start: Instant;
  readonly stop: Instant;
  readonly rate: BytesPerSecond;
  /** Share of certainty, 0 … 1; 1 where the file does not say. */
  readonly confidence: number;
  /** Of the file, from 1; 0 for what was read from none. */
  readonly line: number;
}

/** How far two nodes are from each other for a while, both ways. */
export interface IonRange {
  readonly a: number;
  readonly b: number;
  readonly start: Instant;
  readonly stop: Instant;
  /** One-way light time. */
  readonly light: Seconds;
}

/** A contact plan as files of commands to `ionadmin` hold it. */
export interface IonPlan {
  readonly contacts: readonly IonContact[];
  readonly ranges: readonly IonRange[];
  /** What comments call the nodes. */
  readonly names: ReadonlyMap<number, string>;
}

/** Commands of an ionrc file that say nothing of contacts: the node itself, its state and its limits. */
const others = new Set(["1", "s", "x", "e", "v", "h", "?", "w", "m", "r", "t", "q", "l", "i"]);
const longestNode = Number.MAX_SAFE_INTEGER;
const absolute = /^(\d{4})\/(\d{2})\/(\d{2})-(\d{2}):(\d{2}):(\d{2})$/;

/** `yyyy/mm/dd-hh:mm:ss`, UTC; `null` for what is no such moment. */
const readAbsolute = (text: string): Instant | null => {
  const [, year = "", month = "", day = "", ...clock] = absolute.exec(text) ?? [];
  if (year === "") return null;
  const iso = `${year}-${month}-${day}T${clock.join(":")}Z`;
  const ms = Date.parse(iso);
  // A 30 February is taken for a day in March.
  const isReal = Number.isFinite(ms) && new Date(ms).toISOString().startsWith(iso.slice(0, 19));
  return isReal ? instant(ms / 1000) : null;
};

/** The same as text; fractions of a second are dropped. */
const formatAbsolute = (t: number): string =>
  new Date(Math.floor(t) * 1000).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", "-");

/**
 * Reads the contacts and ranges of an ionrc file (ionrc(5) of ION): `a contact start stop from to rate [confidence]`, rate in bytes a second, `a
 * range start stop one other light-seconds`, `@ time`; times as `yyyy/mm/dd-hh:mm:ss` or `+seconds` after the reference, which is `reference`
 * until the file says another. Comments `# node 7 NAME` name nodes. Other commands of ionadmin are passed over.
 *
 * @param source what messages call the file
 * @throws SwathError("config") for the first line that is none, by file and line, with what it wanted and got
 */
export const readIonPlan = (text: string, source: string, reference: Instant | null): IonPlan => {
  const contacts: IonContact[] = [];
  const ranges: IonRange[] = [];
  const names = new Map<number, string>();
  let now = reference;

  const readLine = (words: readonly string[], line: number): void => {
    const refuse = (wanted: string, got: string | undefined): never => {
      throw new SwathError("config", { what: `${source}:${line}`, wanted, got: got ?? "nothing" });
    };
    const time = (word: string | undefined): Instant => {
      const wanted = "a time, yyyy/mm/dd-hh:mm:ss or +seconds";
      if (word === undefined) return refuse(wanted, word);
      if (!word.startsWith("+")) return readAbsolute(word) ?? refuse(wanted, `"${word}"`);
      if (!/^\+\d{1,10}$/.test(word)) return refuse(wanted, `"${word}"`);
      if (now === null)
        return refuse("an absolute time, a line @ yyyy/mm/dd-hh:mm:ss before it, or --from", `"${word}"`);
      return instant(now + Number(word));
    };
    const number = (word: string | undefined, wanted: string, low: number, high: number): number => {
      const value = word !== undefined && /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
      return value >= low && value <= high ? value : refuse(wanted, word === undefined ? word : `"${word}"`);
    };
    const node = (word: string | undefined): number => {
      const value = number(word, "a node number, 1 or more", 1, longestNode);
      return Number.isInteger(value) ? value : refuse("a whole node number", `"${word}"`);
    };
    const [command, kind, first, second, one, other, last, confidence] = words;
    if (command === "@") {
      now = time(kind);
      return;
    }
    if (command === "a" && (kind === "contact" || kind === "range")) {
      const start = time(first);
      const stop = time(second);
      if (!(stop > start)) refuse("a stop after its start", `${first} … ${second}`);
      const [from, to] = [node(one), node(other)];
      if (from === to) refuse("two nodes", `${from} twice`);
      const most = kind === "contact" ? 8 : 7;
      if (words.length > most) refuse("the end of the line", `"${words.slice(most).join(" ")}"`);
      if (kind === "range") {
        const light = number(last, "light seconds, 0 or more", 0, 1e6) as Seconds;
        ranges.push({ a: from, b: to, start, stop, light });
        return;
      }
      const rate = number(last, "bytes a second, 0 or more", 0, 1e15) as BytesPerSecond;
      const sure = confidence === undefined ? 1 : number(confidence, "a confidence, 0 … 1", 0, 1);
      contacts.push({ from, to, start, stop, rate, confidence: sure, line });
      return;
    }
    if (command !== undefined && others.has(command)) return;
    refuse("a contact, a range, @, # or another command of ionadmin", `"${words.slice(0, 2).join(" ")}"`);
  };

  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const named = /^\s*#\s*node\s+(\d+)\s+(\S.*?)\s*$/.exec(raw);
    if (named !== null) names.set(Number(named[1]), named[2] as string);
    const words = raw
      .replace(/[#;].*$/, "")
      .trim()
      .split(/\s+/);
    if (words[0] !== "") readLine(words, index + 1);
  }
  return { contacts, ranges, names };
};

/** The number as ION reads it: no exponent, nine digits behind the point at most. */
const plain = (value: number): string => value.toFixed(9).replace(/\.?0+$/, "");

/**
 * A contact plan as an ionrc file: absolute times in whole seconds inside what they stand for, so that nothing is promised that is not there; what
 * is shorter is left out. `head` stands above as comments.
 */
export const writeIonPlan = ({ contacts, ranges, names }: IonPlan, head: readonly string[] = []): string => {
  const within = (start: Instant, stop: Instant): readonly [number, number] => [
    Math.ceil(start),
    Math.floor(stop),
  ];
  const around = (start: Instant, stop: Instant): readonly [number, number] => [
    Math.floor(start),
    Math.ceil(stop),
  ];
  const times = ([start, stop]: readonly [number, number]): string =>
    `${formatAbsolute(start)} ${formatAbsolute(stop)}`;
  const lines = [
    ...head.map((line) => `# ${line}`),
    ...[...names].map(([number, name]) => `# node ${number} ${name}`),
    ...ranges.map(
      ({ a, b, start, stop, light }) => `a range ${times(around(start, stop))} ${a} ${b} ${plain(light)}`,
    ),
    ...contacts.flatMap(({ from, to, start, stop, rate, confidence }) => {
      const [begin, end] = within(start, stop);
      if (end <= begin) return [];
      const sure = confidence === 1 ? "" : ` ${plain(confidence)}`;
      return [`a contact ${times([begin, end])} ${from} ${to} ${Math.floor(rate)}${sure}`];
    }),
  ];
  return `${lines.join("\n")}\n`;
};
