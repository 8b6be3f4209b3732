import { seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { defaultTurnaround } from "./station-networks.ts";
import { fairTurns, turnsInOrder } from "./fair-turns.ts";
import type { Pass } from "./pass.ts";
import { appendPass, field, newPassTable, passFields, passValue, type PassTable } from "./pass-table.ts";
import { type AllottedRow, type Calendar, newCalendar, openAntennas } from "./antenna-calendar.ts";

export type { AllottedRow } from "./antenna-calendar.ts";

const digitBits = 11;

const digits = 1 << digitBits;

/** So many keys are sorted sooner by comparison. */
const fewKeys = 400;

/**
 * The upper half of each double as an unsigned number that grows with it: sign, exponent and 20 bits of the mantissa.
 * IEEE 754: doubles of one sign are ordered as their bits are.
 */
const upperHalves = (keys: Float64Array): Uint32Array => {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const upper = new Uint32Array(keys.length);
  for (let i = 0; i < upper.length; i++) {
    const word = words[2 * i + (isLittle ? 1 : 0)] as number;
    upper[i] = word >>> 31 === 1 ? ~word : word | 0x8000_0000;
  }
  return upper;
};

/**
 * The indices of the keys in ascending order of key, equal keys in the order of `tie`: a radix sort on the keys' upper
 * halves, then by comparison within the short runs that these leave. Ten times as fast as sorting half a million objects.
 */
export const ranking = (keys: Float64Array, tie: (a: number, b: number) => number): Uint32Array => {
  const compare = (a: number, b: number): number => (keys[a] as number) - (keys[b] as number) || tie(a, b);
  if (keys.length <= fewKeys) return Uint32Array.from(keys.keys()).sort(compare);
  const upper = upperHalves(keys);
  let order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let spare = new Uint32Array(keys.length);
  for (let shift = 0; shift < 32; shift += digitBits) {
    const starts = new Uint32Array(digits + 1);
    for (let i = 0; i < upper.length; i++) {
      const next = (((upper[i] as number) >>> shift) & (digits - 1)) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let digit = 1; digit <= digits; digit++)
      starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
    for (let i = 0; i < order.length; i++) {
      const index = order[i] as number;
      const digit = ((upper[index] as number) >>> shift) & (digits - 1);
      const place = starts[digit] as number;
      spare[place] = index;
      starts[digit] = place + 1;
    }
    [order, spare] = [spare, order];
  }

  for (let from = 0; from < order.length;) {
    const value = upper[order[from] as number];
    let to = from + 1;
    while (to < order.length && upper[order[to] as number] === value) to++;
    if (to - from > 1) order.subarray(from, to).sort(compare);
    from = to;
  }
  return order;
};

/**
 * Which pass chooses first:
 * - `fair`: of the satellite that has been given least time so far, its highest; in a tight train each gets its share;
 * - `highest`: the one with the greatest maximum elevation, the best link of the horizon;
 * - `longest`: the one that lasts longest;
 * - `earliest`: the one that rises first keeps its antenna to the end; who comes later waits for what is left.
 * Ties go to the earlier, then to satellite and station by name.
 */
export type AllotmentRule = "fair" | "highest" | "longest" | "earliest";

/** All allotment rules. */
export const allotmentRules: readonly AllotmentRule[] = ["fair", "highest", "longest", "earliest"];

/** How passes are allotted to antennas. */
export interface AllotmentOptions {
  readonly rule: AllotmentRule;
  /** Shorter pieces are not worth pointing an antenna for and are left out, and so are those in which nothing gets locked. */
  readonly minimumContact: Seconds;
  /** How long an antenna needs between the end of one contact and the start of the next, where its station does not say. */
  readonly turnaround: Seconds;
}

/** The allotment when the user sets none. */
export const defaultAllotment: AllotmentOptions = {
  rule: "fair",
  minimumContact: seconds(30),
  turnaround: defaultTurnaround,
};

/** A part of a pass, or all of it, with the antenna that serves it. */
export interface Allotment {
  readonly pass: Pass;
  /** 0 … antennas − 1 of the pass's station. */
  readonly antenna: number;
  readonly aos: Instant;
  readonly los: Instant;
}

/** The place of each name in the order of names. */
export const ranksOf = (names: readonly string[]): Int32Array => {
  const order = names.map((_, i) => i).sort((a, b) => byName(names[a] as string, names[b] as string));
  const ranks = new Int32Array(names.length);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return ranks;
};

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What the rule puts first is least. */
export const keysOf = ({ count, rows }: PassTable, rule: AllotmentRule): Float64Array => {
  const keys = new Float64Array(count);
  const origin = (rows[field.aos] ?? 0) as number; // differences sort faster than instants, see `ranking`
  for (let row = 0; row < count; row++) {
    const i = row * passFields;
    const rise = rows[i + field.aos] as number;
    const set = rows[i + field.los] as number;
    keys[row] =
      rule === "highest" || rule === "fair"
        ? -(rows[i + field.maxElevation] as number)
        : rule === "longest"
          ? rise - set
          : rise - origin;
  }
  return keys;
};

let unsorted = new Float64Array(0);

/**
 * Puts the rows from `first` on, all of one satellite, in the order in which it takes its turns under the rule `fair`. Done while they are
 * at hand: half a million rows that are asked for here and there cost more than all the rest.
 */
export const sortForTurns = (passes: PassTable, first: number, stationRanks: Int32Array): void => {
  const from = first * passFields;
  const count = passes.count - first;
  if (unsorted.length < count * passFields) unsorted = new Float64Array(2 * count * passFields);
  const rows = unsorted;
  rows.set(passes.rows.subarray(from, passes.count * passFields));
  const table = { count, rows };
  const order = ranking(
    keysOf(table, "fair"),
    (a, b) =>
      passValue(table, a, "aos") - passValue(table, b, "aos") ||
      (stationRanks[passValue(table, a, "station")] as number) -
        (stationRanks[passValue(table, b, "station")] as number),
  );
  for (let place = 0; place < order.length; place++) {
    const i = (order[place] as number) * passFields;
    const into = from + place * passFields;
    for (let value = 0; value < passFields; value++) passes.rows[into + value] = rows[i + value] as number;
  }
};

/** From the first rise to the last set. */
const spanOf = ({ count, rows }: PassTable): readonly [from: number, to: number] => {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count * passFields; i += passFields) {
    from = Math.min(from, rows[i + field.aos] as number);
    to = Math.max(to, rows[i + field.los] as number);
  }
  return [from, to];
};

/**
 * `allotAntennas` for a table of passes, whose rows count satellites and stations by their place in these lists. Under the rule `fair` those of a satellite
 * are together and in order, see `sortForTurns`.
 */
export const allotRows = (
  passes: PassTable,
  satelliteNames: readonly string[],
  stations: readonly GroundStation[],
  { rule, minimumContact, turnaround }: AllotmentOptions,
): readonly AllottedRow[] => {
  const satelliteRanks = ranksOf(satelliteNames);
  const stationRanks = ranksOf(stations.map(({ id }) => id));
  const rank = (ranks: Int32Array, row: number, name: "satellite" | "station"): number =>
    ranks[passValue(passes, row, name)] as number;
  const byNames = (a: number, b: number): number =>
    rank(satelliteRanks, a, "satellite") - rank(satelliteRanks, b, "satellite") ||
    rank(stationRanks, a, "station") - rank(stationRanks, b, "station");
  const turns =
    rule === "fair"
      ? fairTurns(passes, satelliteRanks)
      : turnsInOrder(
          ranking(
            keysOf(passes, rule),
            (a, b) => passValue(passes, a, "aos") - passValue(passes, b, "aos") || byNames(a, b),
          ),
        );
  const antennas = openAntennas(stations, { minimumContact, turnaround }, spanOf(passes));
  const calendars = satelliteNames.map(newCalendar);
  const allotted: AllottedRow[] = [];
  for (let row = turns.next(); row !== null; row = turns.next()) {
    const own = calendars[passValue(passes, row, "satellite")] as Calendar;
    turns.give(antennas.serve(passes, row, own, allotted));
  }
  return allotted.sort((a, b) => a.aos - b.aos || byNames(a.row, b.row));
};

/**
 * Gives antennas to passes, greedily in the order of the rule. A pass takes of its window whatever is free: of its
 * satellite, then of antenna 0, 1, …; so windows are cut short or split, and a piece below the minimum is dropped.
 *
 * Laws: no antenna serves two satellites at once nor two contacts less than the turnaround apart; no satellite holds two
 * antennas at once; every allotment lies inside its pass and lasts at least the minimum; the order of the input is
 * irrelevant. Sorted by `aos`, then satellite, then station. Passes of stations that are not listed get none.
 */
export const allotAntennas = (
  passes: readonly Pass[],
  stations: readonly GroundStation[],
  options: AllotmentOptions,
): readonly Allotment[] => {
  const names = [...new Set(passes.map(({ satellite }) => satellite))];
  const satelliteIndex = new Map(names.map((name, index) => [name, index]));
  const stationIndex = new Map(stations.map(({ id }, index) => [id, index]));
  // Each satellite's together, best first, as turns want them.
  const served = passes
    .filter(({ station }) => stationIndex.has(station))
    .sort(
      (a, b) =>
        (satelliteIndex.get(a.satellite) ?? 0) - (satelliteIndex.get(b.satellite) ?? 0) ||
        b.maxElevation - a.maxElevation ||
        a.aos - b.aos ||
        byName(a.station, b.station),
    );
  const table = newPassTable(served.length);
  for (const { satellite, station, aos, los, culmination, maxElevation } of served) {
    const [s, g] = [satelliteIndex.get(satellite) ?? 0, stationIndex.get(station) ?? 0];
    appendPass(table, s, g, aos, los, culmination, maxElevation);
  }
  return allotRows(table, names, stations, options).map(({ row, antenna, aos, los }) => ({
    pass: served[row] as Pass,
    antenna,
    aos,
    los,
  }));
};
