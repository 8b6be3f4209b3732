import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";
import { field, passFields, type PassTable } from "./pass-table.ts";

/** An allotment in numbers: the row of its pass, and the rest as in `Allotment`. */
export interface AllottedRow {
  readonly row: number;
  readonly antenna: number;
  readonly aos: Instant;
  readonly los: Instant;
}

/** When something is taken, ordered by start and by end alike: two columns, since half a million passes ask. */
export interface Calendar {
  readonly from: number[];
  readonly to: number[];
}

/** Nothing is taken. */
export const newCalendar = (): Calendar => ({ from: [], to: [] });

/** Index of the first entry that ends after `t`. */
const firstAfter = ({ to }: Calendar, t: number): number => {
  let low = 0;
  let high = to.length;
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
  for (let i = firstAfter(calendar, from); i < calendar.from.length; i++) {
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

/** Entries with their turnaround may overlap at the ends; the order by `to` is also the order by `from`. */
const reserve = (calendar: Calendar, from: number, to: number): void => {
  const place = firstAfter(calendar, to);
  calendar.from.splice(place, 0, from);
  calendar.to.splice(place, 0, to);
};

/** The antennas of a list of stations, and when each is taken. */
export interface Antennas {
  /**
   * Gives the pass in a row of a table what is free of it: of its satellite, whose calendar is given, then of antenna 0, 1, … of its station.
   * Adds what that is to `allotted`; returns its seconds.
   */
  readonly serve: (passes: PassTable, row: number, satellite: Calendar, allotted: AllottedRow[]) => number;
  /** Whether `serve` would give a satellite anything of it that has no contact yet. */
  readonly hasRoom: (passes: PassTable, row: number) => boolean;
}

/** Antennas of which none is taken. Rows count stations by their place in the list. */
export const openAntennas = (
  stations: readonly GroundStation[],
  { minimumContact, turnaround }: { readonly minimumContact: Seconds; readonly turnaround: Seconds },
): Antennas => {
  const antennas = stations.map(({ antennas: count }) => Array.from({ length: count }, newCalendar));
  const minima = stations.map(({ acquisition }) =>
    Math.max(minimumContact, acquisition ?? 0, Number.MIN_VALUE),
  );
  const wanted: number[] = [];
  const free: number[] = [];
  return {
    hasRoom({ rows }, row) {
      const i = row * passFields;
      const [rise, set] = [rows[i + field.aos] as number, rows[i + field.los] as number];
      const place = rows[i + field.station] as number;
      const minimum = minima[place] as number;
      if (!(set > rise && set - rise >= minimum)) return false;
      return (antennas[place] as readonly Calendar[]).some(
        (calendar) => freeInto(calendar, rise, set, minimum, free) > 0,
      );
    },
    serve({ rows }, row, own, allotted) {
      let given = 0;
      const i = row * passFields;
      const [rise, set] = [rows[i + field.aos] as number, rows[i + field.los] as number];
      const place = rows[i + field.station] as number;
      const sites = antennas[place] as readonly Calendar[];
      const minimum = minima[place] as number;
      const slew = stations[place]?.turnaround ?? turnaround;
      let wants = freeInto(own, rise, set, minimum, wanted);
      for (let antenna = 0; antenna < sites.length && wants > 0; antenna++) {
        const calendar = sites[antenna] as Calendar;
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
            reserve(own, aos, los);
            reserve(calendar, aos - slew, los + slew);
          }
        }
        if (allotted.length > before) wants = freeInto(own, rise, set, minimum, wanted);
      }
      return given;
    },
  };
};
