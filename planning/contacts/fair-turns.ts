import { field, passFields, type PassTable } from "./pass-table.ts";

/** Whose turn it is to choose an antenna: rows of passes one after the other, the next one by what was given for those before. */
export interface Turns {
  /** The row of the next pass; `null` after the last one. */
  readonly next: () => number | null;
  /** What that pass was given, in seconds. Wanted once after each `next`. */
  readonly give: (seconds: number) => void;
}

/** Rows in a fixed order, whatever they are given. */
export const turnsInOrder = (order: Uint32Array): Turns => {
  let place = 0;
  return { next: () => order[place++] ?? null, give: () => {} };
};

/**
 * Max-min fair: the satellite that was given least so far chooses next, and takes the first of its own passes.
 * One that has few passes, or none left, holds nobody up. Equal shares go by rank.
 *
 * @param passes the rows of a satellite one after the other, best first (see `sortForTurns`)
 * @param ranks of satellites, by their place
 * @param given what each satellite has been given before, seconds; it is written to
 */
export const fairTurns = (
  { count, rows }: PassTable,
  ranks: Int32Array,
  given = new Float64Array(ranks.length),
): Turns => {
  // The row whose turn is next, and the one after the last, of each satellite.
  const place = new Uint32Array(ranks.length);
  const end = new Uint32Array(ranks.length);
  for (let row = 0; row < count; row++) {
    const satellite = rows[row * passFields + field.satellite] as number;
    if (end[satellite] === 0) place[satellite] = row;
    end[satellite] = row + 1;
  }

  const isBefore = (a: number, b: number): boolean => {
    const less = (given[a] as number) - (given[b] as number);
    return less < 0 || (less === 0 && (ranks[a] as number) < (ranks[b] as number));
  };
  /** A heap: nobody stands before the one at half their place. */
  const heap = Array.from(ranks.keys())
    .filter((satellite) => (end[satellite] as number) > 0)
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
      for (;;) {
        const first = heap[0];
        if (first === undefined) return null;
        const row = place[first] as number;
        if (row < (end[first] as number)) {
          place[first] = row + 1;
          return row;
        }
        const last = heap.pop() as number;
        if (heap.length === 0) return null;
        heap[0] = last;
        sinkFirst();
      }
    },
    give: (seconds) => {
      // Who is given nothing has least still.
      if (seconds === 0) return;
      const first = heap[0] as number;
      given[first] = (given[first] as number) + seconds;
      sinkFirst();
    },
  };
};
