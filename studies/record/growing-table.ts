import {
  type Column,
  newColumn,
  type AnyRow,
  type Table,
  type TableShape,
  type TextList,
} from "../../pipeline/column-file.ts";

/** A table to whose end rows are added. */
export interface GrowingTable {
  readonly rows: number;
  readonly add: (row: AnyRow) => void;
  /** Rows from … to, as a table that views this one. */
  readonly slice: (from: number, to: number) => Table;
  /** The first column, over all rows. */
  readonly times: Float64Array;
}

const firstRoom = 64;

/** An empty table of that shape; its first column is of times. */
export const growingTable = (shape: TableShape, texts: TextList): GrowingTable => {
  const names = Object.keys(shape);
  let room = firstRoom;
  let rows = 0;
  let columns = names.map((name) => newColumn(shape[name] as TableShape[string], room));
  const grow = (): void => {
    room *= 2;
    columns = columns.map((column, at) => {
      const larger = newColumn(shape[names[at] as string] as TableShape[string], room);
      larger.set(column);
      return larger;
    });
  };
  return {
    get rows() {
      return rows;
    },
    add(row) {
      if (rows === room) grow();
      for (const [at, name] of names.entries()) {
        const value = row[name] as string | number;
        (columns[at] as Column)[rows] = typeof value === "string" ? texts.placeOf(value) : value;
      }
      rows++;
    },
    slice: (from, to) => ({
      rows: to - from,
      columns: Object.fromEntries(
        names.map((name, at) => [name, (columns[at] as Column).subarray(from, to)]),
      ),
    }),
    get times() {
      return (columns[0] as Float64Array).subarray(0, rows);
    },
  };
};
