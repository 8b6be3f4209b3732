/** Rows of a table by the value of one of its columns: `rows[start[v] … start[v + 1]]` are those of value `v`, in their order. */
export interface RowsBy {
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

/** Sorts rows into buckets in one pass (counting sort). Values at or past `values` are left out. */
export const rowsBy = (column: ArrayLike<number>, values: number): RowsBy => {
  const start = new Uint32Array(values + 1);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    if (value < values) start[value + 1] = (start[value + 1] as number) + 1;
  }
  for (let value = 0; value < values; value++)
    start[value + 1] = (start[value + 1] as number) + (start[value] as number);
  const rows = new Uint32Array(start[values] as number);
  const next = start.slice();
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    if (value >= values) continue;
    const at = next[value] as number;
    rows[at] = row;
    next[value] = at + 1;
  }
  return { start, rows };
};

/** The rows of one value. */
export const rowsOf = ({ start, rows }: RowsBy, value: number): Uint32Array =>
  rows.subarray(start[value] ?? 0, start[value + 1] ?? start[value] ?? 0);

/** How many entries of an ascending column are at or before `t`. */
export const countUpTo = (column: ArrayLike<number>, t: number): number => {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] as number) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
};
