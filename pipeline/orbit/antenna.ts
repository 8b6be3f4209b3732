import { instant, seconds, type Instant, type Seconds } from "../units.ts";
import type { GroundStation } from "./contact.ts";
import type { Pass } from "./pass.ts";

/**
 * Which pass chooses first:
 * - `highest`: the one with the greatest maximum elevation, the best link of the horizon;
 * - `longest`: the one that lasts longest;
 * - `earliest`: the one that rises first keeps its antenna to the end; who comes later waits for what is left.
 * Ties go to the earlier, then to satellite and station by name.
 */
export type AllotmentRule = "highest" | "longest" | "earliest";

export const allotmentRules: readonly AllotmentRule[] = ["highest", "longest", "earliest"];

export interface AllotmentOptions {
  readonly rule: AllotmentRule;
  /** Shorter pieces are not worth pointing an antenna for and are left out. */
  readonly minimumContact: Seconds;
  /** How long an antenna needs between the end of one contact and the start of the next. */
  readonly turnaround: Seconds;
}

export const defaultAllotment: AllotmentOptions = {
  rule: "highest",
  minimumContact: seconds(30),
  turnaround: seconds(0),
};

/** A part of a pass, or all of it, with the antenna that serves it. */
export interface Allotment {
  readonly pass: Pass;
  /** 0 … antennas − 1 of the pass's station. */
  readonly antenna: number;
  readonly aos: Instant;
  readonly los: Instant;
}

/** When something is taken, ordered by start and by end alike. */
type Calendar = { readonly from: number; readonly to: number }[];

/** Index of the first entry that ends after `t`. */
const firstAfter = (calendar: Calendar, t: number): number => {
  let low = 0;
  let high = calendar.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calendar[middle] as Calendar[number]).to > t) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The parts of [from, to] that are free and at least `minimum` long. */
const freeWithin = (
  calendar: Calendar,
  from: number,
  to: number,
  minimum: number,
): readonly (readonly [from: number, to: number])[] => {
  const free: [number, number][] = [];
  let start = from;
  for (let i = firstAfter(calendar, from); i < calendar.length; i++) {
    const taken = calendar[i] as Calendar[number];
    if (taken.from >= to) break;
    if (taken.from > start && taken.from - start >= minimum) free.push([start, taken.from]);
    start = Math.max(start, taken.to);
  }
  if (to > start && to - start >= minimum) free.push([start, to]);
  return free;
};

/** Entries with their turnaround may overlap at the ends; the order by `to` is also the order by `from`. */
const reserve = (calendar: Calendar, from: number, to: number): void => {
  calendar.splice(firstAfter(calendar, to), 0, { from, to });
};

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const orderOf = (rule: AllotmentRule): ((a: Pass, b: Pass) => number) => {
  const first: (a: Pass, b: Pass) => number =
    rule === "highest"
      ? (a, b) => b.maxElevation - a.maxElevation
      : rule === "longest"
        ? (a, b) => b.los - b.aos - (a.los - a.aos)
        : () => 0;
  return (a, b) =>
    first(a, b) || a.aos - b.aos || byName(a.satellite, b.satellite) || byName(a.station, b.station);
};

const calendarOf = (calendars: Map<string, Calendar>, key: string): Calendar => {
  const known = calendars.get(key);
  if (known !== undefined) return known;
  const fresh: Calendar = [];
  calendars.set(key, fresh);
  return fresh;
};

/**
 * Gives antennas to passes, greedily in the order of the rule. A pass takes of its window whatever is free: of its
 * satellite, then of antenna 0, 1, …; so windows are cut short or split, and a piece below the minimum is dropped.
 *
 * Laws: no antenna serves two satellites at once nor two contacts less than the turnaround apart; no satellite holds two
 * antennas at once; every allotment lies inside its pass and lasts at least the minimum; the order of the input is
 * irrelevant. Sorted by `aos`, then satellite, then station.
 */
export const allotAntennas = (
  passes: readonly Pass[],
  stations: readonly GroundStation[],
  { rule, minimumContact, turnaround }: AllotmentOptions,
): readonly Allotment[] => {
  const satellites = new Map<string, Calendar>();
  const antennas = new Map<string, readonly Calendar[]>(
    stations.map(({ id, antennas: count }) => [id, Array.from({ length: count }, (): Calendar => [])]),
  );
  const minimum = Math.max(minimumContact, Number.MIN_VALUE);
  const allotments: Allotment[] = [];
  for (const pass of passes.toSorted(orderOf(rule))) {
    const satellite = calendarOf(satellites, pass.satellite);
    let wanted = freeWithin(satellite, pass.aos, pass.los, minimum);
    for (const [antenna, calendar] of (antennas.get(pass.station) ?? []).entries()) {
      if (wanted.length === 0) break;
      for (const [from, to] of wanted) {
        for (const [aos, los] of freeWithin(calendar, from, to, minimum)) {
          allotments.push({ pass, antenna, aos: instant(aos), los: instant(los) });
          reserve(satellite, aos, los);
          reserve(calendar, aos - turnaround, los + turnaround);
        }
      }
      wanted = freeWithin(satellite, pass.aos, pass.los, minimum);
    }
  }
  return allotments.sort(
    (a, b) =>
      a.aos - b.aos || byName(a.pass.satellite, b.pass.satellite) || byName(a.pass.station, b.pass.station),
  );
};
