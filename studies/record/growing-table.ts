import {
  type Column,
  newColumn,
  type Table,
  type TableShape,
  type TextList,
} from "../../pipeline/column-file.ts";
import type { DueRows } from "./pending-rows.ts";

/** A table to whose end rows are added. */
export interface GrowingTable {
  readonly rows: number;
  /** Its texts are added to `texts`, each once. */
  readonly append: (rows: DueRows, texts: TextList) => void;
  /** Texts by their places `before` are from now on those of `texts`, to which they are added in order of columns and rows. */
  readonly placeTexts: (before: readonly string[], texts: TextList) => void;
  /** Rows from … to, as a table that views this one. */
  readonly slice: (from: number, to: number) => Table;
  /** The first column, over all rows. */
  readonly times: Float64Array;
}

const firstRoom = 64;

/** An empty table of that shape; its first column is of times. */
export const growingTable = (shape: TableShape): GrowingTable => {
  const names = Object.keys(shape);
  let room = firstRoom;
  let rows = 0;
  let columns = names.map((name) => newColumn(shape[name] as TableShape[string], room));
  const grow = (): void => {
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
    append({ order, columns: added, texts: words }, texts) {
      const needed = rows + order.length;
      if (needed > room) {
        while (room < needed) room *= 2;
        grow();
      }
      for (const [at, name] of names.entries()) {
        const into = columns[at] as Column;
        const from = added[at] as Float64Array;
        const isText = shape[name] === "text";
        for (let row = 0; row < order.length; row++) {
          const value = from[order[row] as number] as number;
          into[rows + row] = isText ? texts.placeOf(words[value] as string) : value;
        }
      }
      rows = needed;
    },
    placeTexts(before, texts) {
      for (const [at, name] of names.entries()) {
        if (shape[name] !== "text") continue;
        const column = columns[at] as Column;
        for (let row = 0; row < rows; row++)
          column[row] = texts.placeOf(before[column[row] as number] as string);
      }
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
