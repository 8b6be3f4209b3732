import { field, passFields, type PassTable } from "./pass-table.ts";

/** Whose turn it is to choose an antenna: rows of passes one after the other, the next one by what was given for those before. */
export interface Turns {
  /** The row of the next pass; `null` after the last one. */
  readonly next: () => number | null;
  /** What that pass was given, in seconds. Wanted once after each `next`. */
  readonly give: (seconds: number) => void;
}

/** The rows in a fixed order, whatever they are given. */
export const turnsInOrder = (order: Uint32Array): Turns => {
  let place = 0;
  return { next: () => order[place++] ?? null, give: () => {} };
};

/** Nobody has been given anything. */
const nothing = (satellites: number): Float64Array => new Float64Array(satellites);

/**
 * Max-min fair: the satellite that was given least so far chooses next, and takes the first of its own passes in the order given.
 * One that has few passes, or none left, holds nobody up. Equal shares go by rank.
 *
 * @param order rows, each satellite's best pass first
 * @param ranks of satellites, by their place
 * @param given what each satellite has been given before, seconds; it is written to
 */
export const fairTurns = (
  { rows }: PassTable,
  order: Uint32Array,
  ranks: Int32Array,
  given = nothing(ranks.length),
): Turns => {
  const satelliteOf = (row: number): number => rows[row * passFields + field.satellite] as number;
  // Each satellite's rows in a row of their own, in the order given.
  const end = new Uint32Array(ranks.length + 1);
  for (const row of order) end[satelliteOf(row) + 1] = (end[satelliteOf(row) + 1] as number) + 1;
  for (let i = 1; i < end.length; i++) end[i] = (end[i] as number) + (end[i - 1] as number);
  const place = end.slice(0, ranks.length);
  const own = new Uint32Array(order.length);
  const filled = place.slice();
  for (const row of order) {
    const satellite = satelliteOf(row);
    const at = filled[satellite] as number;
    own[at] = row;
    filled[satellite] = at + 1;
  }

  const isBefore = (a: number, b: number): boolean => {
    const less = (given[a] as number) - (given[b] as number);
    return less < 0 || (less === 0 && (ranks[a] as number) < (ranks[b] as number));
  };
  /** A heap: nobody stands before the one at half their place. */
  const heap = Array.from(ranks.keys())
    .filter((satellite) => (place[satellite] as number) < (end[satellite + 1] as number))
    .sort((a, b) => (isBefore(a, b) ? -1 : 1));
  const sinkFirst = (): void => {
    const first = heap[0] as number;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as number, heap[child] as number)) child++;
      if (!isBefore(heap[child] as number, first)) break;
      heap[hole] = heap[child] as number;
      hole = child;
    }
    heap[hole] = first;
  };
  return {
    next: () => {
      const first = heap[0];
      return first === undefined ? null : (own[place[first] as number] as number);
    },
    give: (seconds) => {
      const first = heap[0] as number;
      given[first] = (given[first] as number) + seconds;
      place[first] = (place[first] as number) + 1;
      if ((place[first] as number) >= (end[first + 1] as number)) {
        const last = heap.pop() as number;
        if (heap.length === 0) return;
        heap[0] = last;
      }
      sinkFirst();
    },
  };
};
