import type { Plan } from "./plan.ts";
import type { PolicyTables } from "./policy-tables.ts";
import { countOfGroup, countUpTo, groupRows, tallyOf, type Groups, type Tally } from "./sorted.ts";

/** What the computers do. */
export interface ComputerRecord {
  /** Rows of `captures`, `computes` and `waits` by satellite, in order of time. */
  readonly capturesOf: Groups;
  readonly computesOf: Groups;
  readonly waitsOf: Groups;
  /** Seconds that work is under way, over all satellites, by the moment it ends. */
  readonly worked: Tally;
  /** No work takes longer; s. */
  readonly longest: number;
}

/** Puts the work of a policy in order. */
export const computerRecord = (
  { head }: Plan,
  { captures, computes, waits }: PolicyTables,
): ComputerRecord => {
  const satellites = head.satellites.length;
  const { at_s, to_s } = computes.columns;
  const lengths = Float64Array.from(to_s, (to, row) => to - (at_s[row] as number));
  return {
    capturesOf: groupRows(captures.columns.satellite, satellites),
    computesOf: groupRows(computes.columns.satellite, satellites),
    waitsOf: groupRows(waits.columns.satellite, satellites),
    worked: tallyOf(to_s, lengths),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
  };
};

/** A computer at one moment. */
export interface ComputerState {
  readonly state: "idle" | "works" | "stands still";
  /** Row of `computes` that is under way; `null` when idle. */
  readonly work: number | null;
  /** Why it stands still, and since when. */
  readonly reason: { readonly what: string; readonly since: number } | null;
  /** Acquisitions that were taken and have to wait. */
  readonly waiting: number;
  /** Row of `computes` that was done last; `null` before the first. */
  readonly last: number | null;
}

/** The computer of a satellite at `t`. */
export const computerAt = (
  { capturesOf, computesOf, waitsOf }: ComputerRecord,
  { captures, computes, waits }: PolicyTables,
  texts: readonly string[],
  satellite: number,
  t: number,
): ComputerState => {
  const begun = countOfGroup(computesOf, satellite, computes.columns.at_s, t);
  const start = computesOf.starts[satellite] ?? 0;
  const latest = begun === 0 ? null : (computesOf.rows[start + begun - 1] as number);
  const isBusy = latest !== null && (computes.columns.to_s[latest] as number) > t;
  const before = begun > 1 ? (computesOf.rows[start + begun - 2] as number) : null;
  const taken = countOfGroup(capturesOf, satellite, captures.columns.at_s, t);
  const failed = failuresOf(capturesOf, captures, satellite, taken);
  const stops = countOfGroup(waitsOf, satellite, waits.columns.at_s, t);
  const place = (waitsOf.starts[satellite] ?? 0) + stops - 1;
  const stop = stops === 0 ? null : (waitsOf.rows[place] as number);
  const isStill = stop !== null && (waits.columns.to_s[stop] as number) > t;
  return {
    state: isStill ? "stands still" : isBusy ? "works" : "idle",
    work: isBusy ? latest : null,
    reason: isStill
      ? {
          what: texts[waits.columns.reason[stop] as number] ?? "",
          since: stillSince(waitsOf, waits, waitsOf.starts[satellite] ?? 0, place),
        }
      : null,
    waiting: taken - failed - begun,
    last: isBusy ? before : latest,
  };
};

const failuresOf = (
  { starts, rows }: Groups,
  { columns }: PolicyTables["captures"],
  satellite: number,
  count: number,
): number => {
  const start = starts[satellite] ?? 0;
  let failures = 0;
  for (let place = start; place < start + count; place++)
    if ((columns.failure[rows[place] as number] as number) !== 0) failures++;
  return failures;
};

/** Long waits come in pieces that meet. */
const stillSince = (
  { rows }: Groups,
  { columns }: PolicyTables["waits"],
  start: number,
  place: number,
): number => {
  let since = columns.at_s[rows[place] as number] as number;
  for (let earlier = place - 1; earlier >= start; earlier--) {
    const row = rows[earlier] as number;
    if ((columns.to_s[row] as number) !== since) break;
    since = columns.at_s[row] as number;
  }
  return since;
};

/** Seconds of work of all computers together up to `t`, what is under way counted as far as it is. */
export const workedUpTo = (
  { worked, longest }: ComputerRecord,
  { computes }: PolicyTables,
  t: number,
): number => {
  const { at_s, to_s } = computes.columns;
  let sum = worked.sums[countUpTo(worked.times, t)] as number;
  for (let row = countUpTo(at_s, t) - 1; row >= 0 && (at_s[row] as number) >= t - longest; row--)
    if ((to_s[row] as number) > t) sum += t - (at_s[row] as number);
  return sum;
};
