import type { SendOrder } from "../../pipeline/mission/spacecraft.ts";
import { type ProductClass, productClasses } from "../../pipeline/product/product-kind.ts";
import { frameDataBytes } from "../../pipeline/link/frames/frame.ts";
import { SortedList } from "./sorted-list.ts";

/** What a queue must know of what stands in it. */
export interface Queued {
  readonly product: {
    readonly number: number;
    readonly readyAt: number;
    readonly priority: number;
    /** What it is worth to the ground, and how many bytes it takes. */
    readonly value: number;
    readonly size: number;
    /** Whose it is; absent where the link is nobody's in particular. */
    readonly owners?: readonly string[];
  };
}

/** What has unsent bytes, in the order in which it is to be sent. */
export interface SendQueue<Item extends Queued> {
  readonly add: (item: Item) => void;
  /** Does nothing when it is not there. */
  readonly remove: (item: Item) => void;
  /** The most urgent of those that `accept` takes; asking changes nothing. */
  readonly first: (accept: (item: Item) => boolean) => Item | undefined;
  /** `count` bytes of an item, which stood first, have been sent. */
  readonly charge: (item: Item, count: number) => void;
  /** So many more bytes of an item that stands first may follow before the order by itself gives its place to another. */
  readonly leeway: (item: Item) => number;
  /** Whose turn it is, in an order that has turns; what stands in the queue is no part of it. `null`: that cannot be kept. */
  readonly snapshot: () => readonly number[] | null;
  /** Goes on with the turns of a queue of the same order. */
  readonly restore: (turns: readonly number[]) => void;
}

/** Bytes of the heaviest class in a round: enough frames in a row to be planned as one, few enough to stay fair. */
const quantum = 64 * frameDataBytes;

/** Compares by age: what was ready first comes first; ties go to the lower number. */
export const byAge = ({ product: a }: Queued, { product: b }: Queued): number =>
  a.readyAt - b.readyAt || a.number - b.number;

/** Value for each byte. */
export const density = ({ product: { value, size } }: Queued): number => value / size;

const byDensity = (a: Queued, b: Queued): number => density(b) - density(a) || byAge(a, b);

/** An order that follows from what stands in the queue. */
const noTurns: Pick<SendQueue<Queued>, "charge" | "leeway" | "snapshot" | "restore"> = {
  charge: () => undefined,
  leeway: () => Infinity,
  snapshot: () => [],
  restore: () => undefined,
};

/** Strict priorities, first in first out inside a priority. */
const strictQueue = <Item extends Queued>(): SendQueue<Item> => {
  let lanes: ReadonlyMap<number, SortedList<Item>> = new Map();
  const laneOf = ({ product: { priority } }: Item): SortedList<Item> => {
    const known = lanes.get(priority);
    if (known !== undefined) return known;
    const lane = new SortedList<Item>(byAge);
    lanes = new Map([...lanes, [priority, lane] as const].toSorted(([a], [b]) => a - b));
    return lane;
  };
  return {
    add: (item) => laneOf(item).add(item),
    remove: (item) => laneOf(item).remove(item),
    first(accept) {
      for (const lane of lanes.values()) {
        const item = lane.find(accept);
        if (item !== undefined) return item;
      }
      return undefined;
    },
    ...noTurns,
  };
};

const valueQueue = <Item extends Queued>(): SendQueue<Item> => {
  const list = new SortedList<Item>(byDensity);
  return {
    add: (item) => list.add(item),
    remove: (item) => list.remove(item),
    first: (accept) => list.find(accept),
    ...noTurns,
  };
};

interface Lane<Item> {
  readonly items: SortedList<Item>;
  /** Bytes a round. */
  readonly share: number;
  /** Left of the round; below 0 by what the last frame took too much. */
  credit: number;
}

/**
 * Deficit round robin over the classes (Shreedhar and Varghese, SIGCOMM 1995), by the byte: a class is sent while it has
 * credit, its last frame may overdraw it, and the next round makes up for that. A class that has nothing to send keeps no
 * credit, so that nothing is saved up for a burst.
 */
const weightedQueue = <Item extends Queued>(
  weights: Readonly<Record<ProductClass, number>>,
): SendQueue<Item> => {
  const all = Object.values(weights);
  // Bytes a round for a weight of 1: the heaviest gets a quantum, the lightest a frame, so that a debt is paid in one round.
  const unit = Math.max(quantum / Math.max(...all), frameDataBytes / Math.min(...all));
  const lanes = productClasses.map((name): Lane<Item> => ({
    items: new SortedList<Item>(byAge),
    share: unit * weights[name],
    credit: 0,
  }));
  let current = 0;
  const indexOf = ({ product: { priority } }: Item): number => Math.min(priority, lanes.length - 1);
  const laneAt = (index: number): Lane<Item> => lanes[index % lanes.length] as Lane<Item>;
  return {
    add: (item) => laneAt(indexOf(item)).items.add(item),
    remove: (item) => laneAt(indexOf(item)).items.remove(item),
    first(accept) {
      const from = laneAt(current).credit > 0 ? 0 : 1;
      for (let step = 0; step < lanes.length; step++) {
        const item = laneAt(current + from + step).items.find(accept);
        if (item !== undefined) return item;
      }
      return undefined;
    },
    charge(item, count) {
      const index = indexOf(item);
      const lane = laneAt(index);
      if (index !== current || lane.credit <= 0) {
        // The round has gone on to this class past the others: who was passed had nothing to send, or had had its share.
        for (const other of lanes) if (other !== lane) other.credit = Math.min(0, other.credit);
        lane.credit += lane.share;
        current = index;
      }
      lane.credit -= count;
    },
    leeway: (item) => (indexOf(item) === current ? laneAt(current).credit : 0),
    snapshot: () => [current, ...lanes.map(({ credit }) => credit)],
    restore([turn = 0, ...credits]) {
      current = turn;
      for (const [index, lane] of lanes.entries()) lane.credit = credits[index] ?? 0;
    },
  };
};

/** A queue in the order that the plan has declared. */
export const openSendQueue = <Item extends Queued>(order: SendOrder): SendQueue<Item> =>
  order.kind === "strict"
    ? strictQueue()
    : order.kind === "value"
      ? valueQueue()
      : weightedQueue(order.weights);
