/*
 * Rows of weights that are others, reordered. A network that turns with the picture keeps each kernel four times, turned; others keep copies
 * for other reasons. Whoever has the old weights can find this out from them, so that a delta need not say it: new weights are then told
 * once. (Cohen and Welling 2016, arXiv 1602.07576, on networks that turn.)
 */

/** A row that is an earlier one, reordered: its value at `column` is that of the earlier row at `from[column]`. */
export interface Twin {
  readonly row: number;
  readonly from: Int32Array;
}

/** How many rows in a row may belong together. */
const periods = [16, 12, 8, 6, 4, 3, 2];
/** Rows whose values at a column, taken together, tell the column. */
const signatureRows = 4;
/** Share of the columns of a twin that have the same value in the old weights. */
const leastAlike = 0.9;

/** For each row of `weights` (rows × columns) its twin, or `null`. Takes time in proportion to the weights. */
export const findTwins = (weights: Int8Array, rows: number): readonly (Twin | null)[] => {
  const columns = weights.length / rows;
  const none: (Twin | null)[] = Array.from({ length: rows }, () => null);
  if (rows < 2 * signatureRows || !Number.isInteger(columns) || columns < 4) return none;
  for (const period of periods) {
    if (rows % period !== 0 || rows / period < signatureRows) continue;
    const orders: Int32Array[] = [];
    for (let turn = 1; turn < period; turn++) {
      const order = findOrder(weights, { rows, columns, period, turn });
      if (order === null) break;
      orders.push(order);
    }
    if (orders.length < period - 1) continue;
    return none.map((_, row) => {
      const from = orders[(row % period) - 1];
      const first = row - (row % period);
      return from !== undefined && isTwin(weights, columns, row, first, from) ? { row: first, from } : null;
    });
  }
  return none;
};

const isTwin = (
  weights: Int8Array,
  columns: number,
  row: number,
  first: number,
  from: Int32Array,
): boolean => {
  let alike = 0;
  for (let c = 0; c < columns; c++) {
    if (weights[row * columns + c] === weights[first * columns + (from[c] as number)]) alike += 1;
  }
  return alike >= leastAlike * columns;
};

interface Turn {
  readonly rows: number;
  readonly columns: number;
  readonly period: number;
  readonly turn: number;
}

/**
 * For each column of the rows `turn`, `turn + period`, … the column of the rows 0, `period`, … with the same values. Some rows may disagree
 * by rounding: columns are matched by the values of a few rows at a time, and the match that most of them find counts.
 */
const findOrder = (weights: Int8Array, { rows, columns, period, turn }: Turn): Int32Array | null => {
  const votes = Array.from({ length: columns }, () => new Map<number, number>());
  const groups = Math.floor(rows / period / signatureRows);
  for (let group = 0; group < Math.min(groups, 5); group++) {
    const signature = (column: number, offset: number): number => {
      let text = 0;
      for (let i = 0; i < signatureRows; i++) {
        const row = (group * signatureRows + i) * period + offset;
        text = text * 256 + (weights[row * columns + column] as number) + 128;
      }
      return text;
    };
    // What several columns share tells none of them.
    const columnOf = new Map<number, number>();
    for (let c = 0; c < columns; c++) {
      const key = signature(c, 0);
      columnOf.set(key, columnOf.has(key) ? -1 : c);
    }
    for (let c = 0; c < columns; c++) {
      const found = columnOf.get(signature(c, turn)) ?? -1;
      if (found >= 0) votes[c]?.set(found, (votes[c]?.get(found) ?? 0) + 1);
    }
  }
  const order = Int32Array.from(votes, (of) => [...of].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? -1);
  const unknown = order.filter((column) => column < 0).length;
  if (unknown > (1 - leastAlike) * columns) return null;
  // Of the few that nothing tells, any will do.
  const free = new Set(Array.from({ length: columns }, (_, c) => c));
  for (const column of order) free.delete(column);
  const spare = [...free];
  return order.map((column) => (column >= 0 ? column : (spare.shift() ?? 0)));
};
