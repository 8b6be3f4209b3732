/** How many entries of an ascending array are at most `value`. */
export const countUpTo = (
  ascending: Float64Array,
  value: number,
  from = 0,
  to = ascending.length,
): number => {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Sums of the first 0, 1, 2, … values. */
export const prefixSums = (values: ArrayLike<number>): Float64Array => {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] as number) + (values[i] as number);
  return sums;
};

/** The greatest of the first 1, 2, 3, … values. */
export const prefixMaxima = (values: ArrayLike<number>): Float64Array => {
  const maxima = new Float64Array(values.length);
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    greatest = Math.max(greatest, values[i] as number);
    maxima[i] = greatest;
  }
  return maxima;
};

/** Values that come with a time each, in order of time: how many there are up to a moment, and their sum. */
export interface Tally {
  readonly times: Float64Array;
  readonly sums: Float64Array;
}

/** Puts values in order of their times. */
export const tallyOf = (times: ArrayLike<number>, values: ArrayLike<number>): Tally => {
  const order = Uint32Array.from({ length: times.length }, (_, i) => i);
  order.sort((a, b) => (times[a] as number) - (times[b] as number));
  const sorted = new Float64Array(order.length);
  const inOrder = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) {
    sorted[i] = times[order[i] as number] as number;
    inOrder[i] = values[order[i] as number] as number;
  }
  return { times: sorted, sums: prefixSums(inOrder) };
};

/** The sum of what came up to `t`. */
export const sumUpTo = ({ times, sums }: Tally, t: number): number => sums[countUpTo(times, t)] as number;

/** Rows by what they belong to: those of group g are `rows[starts[g]] … rows[starts[g + 1] − 1]`, in their order. */
export interface Groups {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

/** Groups rows by a column of theirs; what is not below `groups` is left out. */
export const groupRows = (column: ArrayLike<number>, groups: number): Groups => {
  const starts = new Uint32Array(groups + 1);
  for (let i = 0; i < column.length; i++) {
    const group = column[i] as number;
    if (group < groups) starts[group + 1] = (starts[group + 1] as number) + 1;
  }
  for (let group = 0; group < groups; group++)
    starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
  const next = starts.slice();
  const rows = new Uint32Array(starts[groups] as number);
  for (let i = 0; i < column.length; i++) {
    const group = column[i] as number;
    if (group >= groups) continue;
    const place = next[group] as number;
    rows[place] = i;
    next[group] = place + 1;
  }
  return { starts, rows };
};

/** The rows of one group. */
export const rowsOf = ({ starts, rows }: Groups, group: number): Uint32Array =>
  rows.subarray(starts[group] ?? 0, starts[group + 1] ?? starts[group] ?? 0);

/** How many rows of one group have a time of at most `t`; their times ascend. */
export const countOfGroup = (
  { starts, rows }: Groups,
  group: number,
  times: Float64Array,
  t: number,
): number => {
  const start = starts[group] ?? 0;
  let [low, high] = [start, starts[group + 1] ?? start];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[rows[middle] as number] as number) <= t) low = middle + 1;
    else high = middle;
  }
  return low - start;
};

/** The k-th smallest of some values, counted from 1; reorders them. `null` where there are fewer. */
export const smallest = (values: Float64Array, k: number): number | null => {
  if (k < 1 || k > values.length) return null;
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let [i, j] = [left, right];
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i <= j) {
        const swapped = values[i] as number;
        values[i] = values[j] as number;
        values[j] = swapped;
        i++;
        j--;
      }
    }
    if (k - 1 <= j) right = j;
    else if (k - 1 >= i) left = i;
    else break;
  }
  return values[k - 1] as number;
};
