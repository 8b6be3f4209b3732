import { bitsBy, timeOfBit, type RouteGraph } from "./routing-graph.ts";

/** Bits of a hop that are taken: [starts[n], ends[n]) in order, no two touching. */
interface Taken {
  readonly starts: number[];
  readonly ends: number[];
}

/** A stretch of sending, seconds since the graph's origin. */
export interface Sending {
  readonly from: number;
  readonly to: number;
}

/** What is booked on hops, by their index. */
export interface CalendarSnapshot {
  /** Of each hop that anything was ever booked on: its index, how many stretches are taken, then the start and end of each, bits. */
  readonly taken: Float64Array;
  /** Bits that are left, of every hop. */
  readonly free: Float64Array;
}

/**
 * What is booked on each hop of a graph, counted in bits and not in seconds: a hop of any rate is then a line from 0 to its
 * capacity, sums are exact, and what touches merges. A booking takes all free bits from its start on until it has enough:
 * others may lie in between, since what is sent is cut into frames anyway.
 */
export interface Calendar {
  /** Of every hop's rate, 0 < share ≤ 1. */
  readonly share: number;
  /** False when `bits` more surely find no place on the hop, whenever they come. */
  readonly mayHold: (hop: number, bits: number) => boolean;
  /** When `bits` more could have been sent, starting at `t` or later; Infinity when the hop has less left. */
  readonly finish: (hop: number, t: number, bits: number) => number;
  /** Where they would go, `finish` being finite; and the same, taking them. */
  readonly plan: (hop: number, t: number, bits: number) => Sending;
  readonly book: (hop: number, t: number, bits: number) => Sending;
  readonly taken: (hop: number) => readonly Sending[];
  /** Drops what lies before `t`; nothing may be asked of that time any more. */
  readonly forget: (t: number) => void;
  readonly snapshot: () => CalendarSnapshot;
  /** Goes on, empty as it is, as a calendar of the same graph and share did. */
  readonly restore: (snapshot: CalendarSnapshot) => void;
}

/** Index of the first entry that ends after `bit`. */
const firstAfter = ({ ends }: Taken, bit: number): number => {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > bit) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** A calendar of a share of every hop's rate, 0 < share ≤ 1, with nothing booked. */
export const openCalendar = (graph: RouteGraph, share: number): Calendar => {
  const booked: (Taken | undefined)[] = Array.from({ length: graph.hops.length });
  const free = graph.capacity.slice();
  // Sums of many bookings are off in their last digits: a bit is nothing.
  const mayHold = (hop: number, bits: number): boolean => bits / share <= (free[hop] as number) + 1;

  const finish = (hop: number, t: number, bits: number): number => {
    if (!mayHold(hop, bits)) return Infinity;
    const capacity = graph.capacity[hop] as number;
    // Counted as on the whole hop: bits of a share take 1 / share times the place.
    let left = bits / share;
    let bit = bitsBy(graph, hop, t);
    const taken = booked[hop];
    if (taken !== undefined) {
      const { starts, ends } = taken;
      for (let n = firstAfter(taken, bit); n < starts.length; n++) {
        const gap = (starts[n] as number) - bit;
        if (gap > 0) {
          if (gap >= left) break;
          left -= gap;
        }
        bit = ends[n] as number;
      }
    }
    if (capacity - bit < left || capacity <= bit) return Infinity;
    return Math.max(t, timeOfBit(graph, hop, bit + left, left === 0));
  };

  const place = (hop: number, t: number, bits: number, takes: boolean): Sending => {
    const taken = (booked[hop] ??= { starts: [], ends: [] });
    const { starts, ends } = taken;
    let left = bits / share;
    let bit = bitsBy(graph, hop, t);
    const index = firstAfter(taken, bit);
    let next = index;
    // The first bit is free: step over what is taken there.
    let start = bit;
    if ((starts[next] ?? Infinity) <= bit) {
      start = starts[next] as number;
      bit = ends[next++] as number;
    }
    const first = bit;
    while (next < starts.length && (starts[next] as number) - bit < left) {
      left -= (starts[next] as number) - bit;
      bit = ends[next++] as number;
    }
    bit = Math.min(bit + left, starts[next] ?? Infinity);
    const sending = {
      from: Math.max(t, timeOfBit(graph, hop, first, true)),
      to: Math.max(t, timeOfBit(graph, hop, bit, false)),
    };
    if (!takes) return sending;
    free[hop]! -= bits / share;
    let from = index;
    if (from > 0 && ends[from - 1] === start) start = starts[--from] as number;
    const end = starts[next] === bit ? (ends[next++] as number) : bit;
    starts.splice(from, next - from, start);
    ends.splice(from, next - from, end);
    return sending;
  };

  return {
    share,
    mayHold,
    finish,
    plan: (hop, t, bits) => place(hop, t, bits, false),
    book: (hop, t, bits) => place(hop, t, bits, true),
    taken: (hop) =>
      (booked[hop]?.starts ?? []).map((start, n) => ({
        from: timeOfBit(graph, hop, start, true),
        to: timeOfBit(graph, hop, booked[hop]?.ends[n] as number, false),
      })),
    snapshot() {
      const numbers: number[] = [];
      for (const [hop, taken] of booked.entries()) {
        if (taken === undefined) continue;
        numbers.push(hop, taken.starts.length);
        for (const [n, start] of taken.starts.entries()) numbers.push(start, taken.ends[n] as number);
      }
      return { taken: Float64Array.from(numbers), free };
    },
    restore(snapshot) {
      free.set(snapshot.free);
      const { taken } = snapshot;
      for (let at = 0; at < taken.length;) {
        const [hop = 0, count = 0] = taken.subarray(at, at + 2);
        const spans = taken.subarray(at + 2, at + 2 + 2 * count);
        at += 2 + 2 * count;
        booked[hop] = {
          starts: Array.from({ length: count }, (_, n) => spans[2 * n] as number),
          ends: Array.from({ length: count }, (_, n) => spans[2 * n + 1] as number),
        };
      }
    },
    forget(t) {
      for (const [hop, taken] of booked.entries()) {
        if (taken === undefined) continue;
        if ((graph.end[hop] as number) <= t) {
          booked[hop] = undefined;
          continue;
        }
        const count = firstAfter(taken, bitsBy(graph, hop, t));
        taken.starts.splice(0, count);
        taken.ends.splice(0, count);
      }
    },
  };
};
