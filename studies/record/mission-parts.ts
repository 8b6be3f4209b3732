import { encodeColumns, type Table, type TextList } from "../../pipeline/column-file.ts";
import { missionTables } from "../../pipeline/mission/mission-tables.ts";
import type { MissionPart } from "../../pipeline/mission/mission-head.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import type { GrowingTable } from "./growing-table.ts";

/** A file of a record, and what its head says of it. */
export interface WrittenPart {
  readonly part: MissionPart;
  readonly file: RunFile;
}

/** Rows of one table from … to (not included). */
type Range = readonly [from: number, to: number];

/** One file with these tables. Throws `RangeError` for no rows at all where times are asked of it. */
export const writePart = (
  path: string,
  tables: Readonly<Record<string, Table>>,
  texts: readonly string[],
  said: Pick<MissionPart, "before" | "from_s" | "to_s">,
): WrittenPart => {
  const content = encodeColumns(missionTables, { tables, texts });
  const rows = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.rows]));
  return { file: { path, content }, part: { file: path, bytes: content.length, rows, ...said } };
};

/** Rows of a part, all tables together: about a megabyte. */
const partRows = 16_384;

/** Where the first row of each table stands that does not hold before `t`. */
const placesAt = (tables: ReadonlyMap<string, GrowingTable>, t: number): ReadonlyMap<string, number> =>
  new Map(
    [...tables].map(([name, { times }]) => {
      let [low, high] = [0, times.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((times[middle] as number) < t) low = middle + 1;
        else high = middle;
      }
      return [name, low];
    }),
  );

/** Moments at which a group is cut into parts: rows of one moment stay together. */
const cutsOf = (tables: ReadonlyMap<string, GrowingTable>): readonly number[] => {
  const total = [...tables.values()].reduce((sum, { rows }) => sum + rows, 0);
  const times = new Float64Array(total);
  let at = 0;
  for (const table of tables.values()) {
    times.set(table.times, at);
    at += table.rows;
  }
  times.sort();
  const cuts = new Set<number>();
  for (let row = partRows; row < total; row += partRows) cuts.add(times[row] as number);
  return [...cuts, Infinity];
};

/** Rows of a group from one place of each table to another, as one part; `null` where there are none. */
export const partBetween = (
  path: string,
  tables: ReadonlyMap<string, GrowingTable>,
  ranges: ReadonlyMap<string, Range>,
  texts: TextList,
): WrittenPart | null => {
  const cut: Record<string, Table> = {};
  const before: Record<string, number> = {};
  let [from_s, to_s] = [Infinity, -Infinity];
  for (const [name, table] of tables) {
    const [from, to] = ranges.get(name) ?? [0, 0];
    before[name] = from;
    if (to <= from) continue;
    cut[name] = table.slice(from, to);
    from_s = Math.min(from_s, table.times[from] as number);
    to_s = Math.max(to_s, table.times[to - 1] as number);
  }
  if (Object.keys(cut).length === 0) return null;
  return writePart(path, cut, texts.texts, { before, from_s, to_s });
};

/** A whole group in parts of about a megabyte, in order of time; `stem` is the beginning of their paths. */
export const partsOf = (
  stem: string,
  tables: ReadonlyMap<string, GrowingTable>,
  texts: TextList,
): readonly WrittenPart[] => {
  const parts: WrittenPart[] = [];
  let from: ReadonlyMap<string, number> = new Map();
  for (const cut of cutsOf(tables)) {
    const to = placesAt(tables, cut);
    const ranges = new Map([...to].map(([name, end]): [string, Range] => [name, [from.get(name) ?? 0, end]]));
    const part = partBetween(`${stem}-${parts.length}.bin`, tables, ranges, texts);
    if (part !== null) parts.push(part);
    from = to;
  }
  return parts;
};
