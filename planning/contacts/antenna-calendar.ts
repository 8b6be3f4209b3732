import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";
import { markBusy, newMarks, shareSlot, slotsOver, type Slots } from "./busy-slots.ts";
import { field, passFields, type PassTable } from "./pass-table.ts";

/** An allotment in numbers: the row of its pass, and the rest as in `Allotment`. */
export interface AllottedRow {
  readonly row: number;
  readonly antenna: number;
  readonly aos: Instant;
  readonly los: Instant;
}

/** When something is taken, ordered by start and by end alike: two columns of `count` numbers, since half a million passes ask. */
export interface Calendar {
  count: number;
  from: Float64Array;
  to: Float64Array;
  /** The same in slots, once something is taken and where slots are kept. */
  marks: Uint32Array | null;
}

const noTimes = new Float64Array(0);

/** Nothing is taken. */
export const newCalendar = (): Calendar => ({ count: 0, from: noTimes, to: noTimes, marks: null });

/** Index of the first entry that ends after `t`. */
const firstAfter = ({ count, to }: Calendar, t: number): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((to[middle] as number) > t) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Writes the parts of [from, to] that are free and at least `minimum` long as pairs into `free`; returns how many numbers. */
const freeInto = (calendar: Calendar, from: number, to: number, minimum: number, free: number[]): number => {
  let count = 0;
  let start = from;
  for (let i = firstAfter(calendar, from); i < calendar.count; i++) {
    const taken = calendar.from[i] as number;
    if (taken >= to) break;
    if (taken > start && taken - start >= minimum) {
      free[count++] = start;
      free[count++] = taken;
    }
    start = Math.max(start, calendar.to[i] as number);
  }
  if (to > start && to - start >= minimum) {
    free[count++] = start;
    free[count++] = to;
  }
  return count;
};

/** Whether `freeInto` would find anything, from the first entry that ends after `from` on. */
const isFree = (calendar: Calendar, entry: number, from: number, to: number, minimum: number): boolean => {
  let start = from;
  for (let i = entry; i < calendar.count; i++) {
    const taken = calendar.from[i] as number;
    if (taken >= to) break;
    if (taken > start && taken - start >= minimum) return true;
    start = Math.max(start, calendar.to[i] as number);
  }
  return to > start && to - start >= minimum;
};

/** Entries with their turnaround may overlap at the ends; the order by `to` is also the order by `from`. */
const reserve = (calendar: Calendar, from: number, to: number, slots: Slots | null): void => {
  if (slots !== null) {
    calendar.marks ??= newMarks(slots);
    markBusy(slots, calendar.marks, from, to);
  }
  const { count } = calendar;
  if (count === calendar.from.length) {
    const [wider, later] = [new Float64Array(2 * count + 8), new Float64Array(2 * count + 8)];
    wider.set(calendar.from);
    later.set(calendar.to);
    [calendar.from, calendar.to] = [wider, later];
  }
  const place = firstAfter(calendar, to);
  calendar.from.copyWithin(place + 1, place, count);
  calendar.to.copyWithin(place + 1, place, count);
  calendar.from[place] = from;
  calendar.to[place] = to;
  calendar.count = count + 1;
};

const notReached = 0xffff_ffff;

/** The antennas of a list of stations, and when each is taken. */
export interface Antennas {
  /**
   * Gives the pass in a row of a table what is free of it: of its satellite, whose calendar is given, then of antenna 0, 1, … of its station.
   * Adds what that is to `allotted`; returns its seconds.
   */
  readonly serve: (passes: PassTable, row: number, satellite: Calendar, allotted: AllottedRow[]) => number;
  /**
   * Moves those of the rows to the front, in the order they have, of which `serve` would give anything to a satellite that has no contact yet; returns how many
   * there are. As antennas only ever become fuller, `serve` will give nothing of the others. Quick where rows come station by station in time order.
   */
  readonly keepRoom: (passes: PassTable, rows: Uint32Array) => number;
}

/**
 * Antennas of which none is taken. Rows count stations by their place in the list.
 *
 * @param span the stretch in which passes lie, where that is known: most that are too late are then turned away sooner
 */
export const openAntennas = (
  stations: readonly GroundStation[],
  { minimumContact, turnaround }: { readonly minimumContact: Seconds; readonly turnaround: Seconds },
  span?: readonly [from: number, to: number],
): Antennas => {
  const slots = span === undefined ? null : slotsOver(span[0], span[1], minimumContact);
  const antennas = stations.map(({ antennas: count }) => Array.from({ length: count }, newCalendar));
  const minima = stations.map(({ acquisition }) =>
    Math.max(minimumContact, acquisition ?? 0, Number.MIN_VALUE),
  );
  const slews = stations.map((station) => station.turnaround ?? turnaround);
  /** Entries up to which `keepRoom` has looked through the antennas of a station. */
  const reached = new Uint32Array(Math.max(0, ...stations.map(({ antennas: count }) => count)));
  const wanted: number[] = [];
  const free: number[] = [];
  return {
    keepRoom({ rows }, some) {
      let kept = 0;
      let station = -1;
      let last = 0;
      for (const row of some) {
        const i = row * passFields;
        const rise = rows[i + field.aos] as number;
        const set = rows[i + field.los] as number;
        const place = rows[i + field.station] as number;
        const minimum = minima[place] as number;
        if (!(set > rise && set - rise >= minimum)) continue;
        const sites = antennas[place] as readonly Calendar[];
        if (place !== station || rise < last) reached.fill(notReached);
        station = place;
        last = rise;
        let hasRoom = false;
        for (let antenna = 0; antenna < sites.length && !hasRoom; antenna++) {
          const calendar = sites[antenna] as Calendar;
          let entry = reached[antenna] as number;
          if (entry === notReached) entry = firstAfter(calendar, rise);
          while (entry < calendar.count && (calendar.to[entry] as number) <= rise) entry++;
          reached[antenna] = entry;
          hasRoom = isFree(calendar, entry, rise, set, minimum);
        }
        if (hasRoom) some[kept++] = row;
      }
      return kept;
    },
    serve({ rows }, row, own, allotted) {
      let given = 0;
      const i = row * passFields;
      const [rise, set] = [rows[i + field.aos] as number, rows[i + field.los] as number];
      const place = rows[i + field.station] as number;
      const sites = antennas[place] as readonly Calendar[];
      const minimum = minima[place] as number;
      const slew = slews[place] as number;
      let wants = -1;
      for (let antenna = 0; antenna < sites.length && wants !== 0; antenna++) {
        const calendar = sites[antenna] as Calendar;
        const { marks } = calendar;
        if (slots !== null && marks !== null && own.marks !== null)
          if (!shareSlot(slots, own.marks, marks, rise, set)) continue;
        if (wants < 0) wants = freeInto(own, rise, set, minimum, wanted);
        const before = allotted.length;
        for (let part = 0; part < wants; part += 2) {
          const pieces = freeInto(
            calendar,
            wanted[part] as number,
            wanted[part + 1] as number,
            minimum,
            free,
          );
          for (let piece = 0; piece < pieces; piece += 2) {
            const [aos, los] = [instant(free[piece] as number), instant(free[piece + 1] as number)];
            allotted.push({ row, antenna, aos, los });
            given += los - aos;
            reserve(own, aos, los, slots);
            reserve(calendar, aos - slew, los + slew, slots);
          }
        }
        if (allotted.length > before) wants = freeInto(own, rise, set, minimum, wanted);
      }
      return given;
    },
  };
};
