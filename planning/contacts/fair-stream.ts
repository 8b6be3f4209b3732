import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { type AllotmentOptions, keysOf, ranksOf } from "./antenna.ts";
import { type AllottedRow, type Calendar, newCalendar, openAntennas } from "./antenna-calendar.ts";
import { fairTurns } from "./fair-turns.ts";
import { appendPass, field, newPassTable, passFields, passValue, type PassTable } from "./pass-table.ts";

/** An allotment of a constellation of any size, its rows those of `passes`. */
export interface StreamedAllotment {
  /** Passes of the satellites that were given anything, and of no others. */
  readonly passes: PassTable;
  /** In order of `aos`, then satellite, then station. */
  readonly rows: readonly AllottedRow[];
}

/** Takes the passes of one satellite after the other. */
export interface FairStream {
  /**
   * The passes of the satellite at this place of the caller's list. Satellites come in the order of their names, each once.
   */
  readonly offer: (satellite: number, passes: PassTable) => void;
  readonly close: () => StreamedAllotment;
}

/**
 * `allotRows` under the rule `fair`, to the last bit, without holding the passes of everybody: while a satellite has been given nothing it is its
 * turn, so that satellites come in the order of their names, each tries its passes until it is given something, and who is given
 * nothing is done with. Only the others, at most as many as antennas have contacts, come to a second turn and are remembered.
 */
export const openFairStream = (
  stations: readonly GroundStation[],
  { minimumContact, turnaround }: Pick<AllotmentOptions, "minimumContact" | "turnaround">,
): FairStream => {
  const antennas = openAntennas(stations, { minimumContact, turnaround });
  const stationRanks = ranksOf(stations.map(({ id }) => id));
  const rankOf = (table: PassTable, row: number): number =>
    stationRanks[passValue(table, row, "station")] as number;
  const passes = newPassTable();
  const allotted: AllottedRow[] = [];
  /** Of those that were given something: their places in the caller's list, their calendars, what they were given, and their passes left. */
  const served: number[] = [];
  const calendars: Calendar[] = [];
  const shares: number[] = [];
  const left: number[] = [];
  let scratch = new Uint32Array(1024);

  /** Rows of a satellite that could be given something, best first. */
  const orderOf = (table: PassTable): Uint32Array => {
    if (scratch.length < table.count) scratch = new Uint32Array(2 * table.count);
    for (let row = 0; row < table.count; row++) scratch[row] = row;
    // Once antennas are full this is what most satellites come to, and none is left to put in order.
    const kept = scratch.slice(0, antennas.keepRoom(table, scratch.subarray(0, table.count)));
    if (kept.length < 2) return kept;
    const keys = keysOf(table, "fair");
    return kept.sort(
      (a, b) =>
        (keys[a] as number) - (keys[b] as number) ||
        passValue(table, a, "aos") - passValue(table, b, "aos") ||
        rankOf(table, a) - rankOf(table, b),
    );
  };

  return {
    offer(satellite, own) {
      const order = orderOf(own);
      const calendar = newCalendar();
      const first: AllottedRow[] = [];
      let given = 0;
      let turn = 0;
      while (turn < order.length && given === 0)
        given = antennas.serve(own, order[turn++] as number, calendar, first);
      if (given === 0) return;
      // Remembered in the order of its turns, under its place among those that are.
      const place = served.push(satellite) - 1;
      calendars.push(calendar);
      shares.push(given);
      for (const [at, row] of order.entries()) {
        if (at < turn - 1) continue;
        const value = (name: keyof typeof field): number => passValue(own, row, name);
        const kept = passes.count;
        appendPass(
          passes,
          place,
          value("station"),
          value("aos"),
          value("los"),
          value("culmination"),
          value("maxElevation"),
        );
        if (at >= turn) left.push(kept);
        else for (const one of first) allotted.push({ ...one, row: kept });
      }
    },
    close() {
      const open = newPassTable(Math.max(1, left.length));
      for (const row of left)
        open.rows.set(
          passes.rows.subarray(row * passFields, (row + 1) * passFields),
          open.count++ * passFields,
        );
      const ranks = Int32Array.from(served, (_, place) => place);
      const turns = fairTurns(open, ranks, Float64Array.from(shares));
      for (let row = turns.next(); row !== null; row = turns.next()) {
        const before = allotted.length;
        const calendar = calendars[passValue(open, row, "satellite")] as Calendar;
        turns.give(antennas.serve(open, row, calendar, allotted));
        for (let at = before; at < allotted.length; at++)
          allotted[at] = { ...(allotted[at] as AllottedRow), row: left[row] as number };
      }
      const rows = allotted.sort(
        (a, b) =>
          a.aos - b.aos ||
          passValue(passes, a.row, "satellite") - passValue(passes, b.row, "satellite") ||
          rankOf(passes, a.row) - rankOf(passes, b.row),
      );
      for (let row = 0; row < passes.count; row++)
        passes.rows[row * passFields + field.satellite] = served[
          passValue(passes, row, "satellite")
        ] as number;
      return { passes, rows };
    },
  };
};
