import { instant, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { CrosslinkWindow } from "./crosslink-window.ts";

/**
 * Which window chooses its terminals first:
 * - `longest`: the one that lasts longest, so that lasting neighbours are never given up for passing ones;
 * - `earliest`: the one that opens first keeps its terminals to the end; who comes later waits for what is left.
 * Ties go to the earlier, then to the satellites by name.
 */
export type TerminalRule = "longest" | "earliest";

/** How crosslink windows are allotted to terminals. */
export interface TerminalOptions {
  readonly rule: TerminalRule;
  /** Per satellite: links at once. */
  readonly terminals: number;
  /** From the moment a terminal is given to a link until its first bit. */
  readonly pointingTime: Seconds;
  /** Links that would carry bits for less are left out. */
  readonly minimumLink: Seconds;
}

/** A part of a window, or all of it, in which both satellites give it a terminal. */
export interface TerminalAllotment {
  readonly window: CrosslinkWindow;
  /** 0 … terminals − 1 of `window.a` and of `window.b`. */
  readonly terminalA: number;
  readonly terminalB: number;
  /** The terminals turn to each other from here on, bits flow from `from` to `to`. */
  readonly pointingFrom: Instant;
  readonly from: Instant;
  readonly to: Instant;
}

type Span = readonly [from: number, to: number];

/** The parts of [from, to] in which fewer than `limit` of the spans lie over each other. */
const freeOf = (spans: readonly Span[], limit: number, [from, to]: Span): readonly Span[] => {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [start, end] of spans) {
    if (end <= from || start >= to) continue;
    starts.push(Math.max(start, from));
    ends.push(end);
  }
  if (starts.length < limit) return [[from, to]];
  starts.sort((a, b) => a - b);
  ends.sort((a, b) => a - b);
  const free: Span[] = [];
  let taken = 0;
  let since: number | null = from;
  for (let i = 0, j = 0; i < starts.length || (ends[j] ?? Infinity) < to;) {
    const start = starts[i] ?? Infinity;
    const end = ends[j] ?? Infinity;
    // What ends where another starts makes room for it.
    if (end <= start) {
      if (taken-- === limit) since = end;
      j++;
    } else {
      if (++taken === limit && since !== null) {
        if (start > since) free.push([since, start]);
        since = null;
      }
      i++;
    }
  }
  if (since !== null && to > since) free.push([since, to]);
  return free;
};

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const orderOf =
  (rule: TerminalRule) =>
  (x: CrosslinkWindow, y: CrosslinkWindow): number =>
    (rule === "longest" ? y.to - y.from - (x.to - x.from) : 0) ||
    x.from - y.from ||
    byName(x.a, y.a) ||
    byName(x.b, y.b);

/** The lowest terminal that is free from `at` on; `freeFrom` holds, for each, when it will be. */
const take = (freeFrom: number[], at: number, to: number): number => {
  const terminal = freeFrom.findIndex((free) => free <= at);
  freeFrom[terminal] = to;
  return terminal;
};

/**
 * Gives terminals to windows, greedily in the order of the rule. A window takes of its time whatever both satellites have
 * a terminal for; a window that waits for one, or is cut in two by a better, pays the pointing time again.
 *
 * Laws: no satellite serves more links at once than it has terminals, pointing counted; no terminal two at once; every link lies
 * inside its window, `pointingTime` after its terminals are taken, and lasts at least the minimum; the order of the input is
 * irrelevant. Sorted by `from`, then by the satellites' names.
 */
export const allotTerminals = (
  windows: readonly CrosslinkWindow[],
  { rule, terminals, pointingTime, minimumLink }: TerminalOptions,
): readonly TerminalAllotment[] => {
  const taken = new Map<string, Span[]>();
  const spansOf = (satellite: string): Span[] => {
    const known = taken.get(satellite);
    if (known !== undefined) return known;
    const fresh: Span[] = [];
    taken.set(satellite, fresh);
    return fresh;
  };
  const links: { readonly window: CrosslinkWindow; readonly span: Span }[] = [];
  const shortest = Math.max(minimumLink, Number.MIN_VALUE) + pointingTime;
  for (const window of windows.toSorted(orderOf(rule))) {
    if (window.to - window.from < shortest) continue;
    const [a, b] = [spansOf(window.a), spansOf(window.b)];
    const pieces = freeOf(a, terminals, [window.from, window.to]).flatMap((piece) =>
      freeOf(b, terminals, piece),
    );
    for (const span of pieces) {
      if (span[1] - span[0] < shortest) continue;
      links.push({ window, span });
      a.push(span);
      b.push(span);
    }
  }
  // At no time more spans than terminals: in order of their starts, there is always one free (interval graphs are perfect).
  const freeFrom = new Map<string, number[]>();
  const terminalsOf = (satellite: string): number[] => {
    const known = freeFrom.get(satellite) ?? Array.from({ length: terminals }, () => -Infinity);
    freeFrom.set(satellite, known);
    return known;
  };
  return links
    .toSorted(
      (x, y) => x.span[0] - y.span[0] || byName(x.window.a, y.window.a) || byName(x.window.b, y.window.b),
    )
    .map(({ window, span: [from, to] }) => ({
      window,
      terminalA: take(terminalsOf(window.a), from, to),
      terminalB: take(terminalsOf(window.b), from, to),
      pointingFrom: instant(from),
      from: instant(from + pointingTime),
      to: instant(to),
    }));
};

/** Longest first, and nothing below ten seconds of bits. */
export const defaultTerminalRule: Pick<TerminalOptions, "rule" | "minimumLink"> = {
  rule: "longest",
  minimumLink: seconds(10),
};
