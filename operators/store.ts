import type { ProductKind } from "../pipeline/product/product.ts";
import { bytes, type Bytes, type Instant } from "../pipeline/units.ts";
import type { SpoolSlot } from "../pipeline/spool.ts";
import { SortedList } from "./sorted-list.ts";

/** A product on board: its envelope lies in the spool, here is what the radio and the ceiling need to know. */
export interface StoredProduct {
  readonly number: number;
  readonly kind: ProductKind;
  readonly acquisition: number;
  readonly tile: number | null;
  readonly readyAt: Instant;
  /** Sent first when smaller. */
  readonly priority: number;
  /** Bytes of the envelope: what has to cross the link. */
  readonly size: number;
  /** `null` in a simulation without pixels. */
  readonly slot: SpoolSlot | null;
}

/** Bytes [start, end) of a product's envelope that still have to be sent, not before `from`. */
export interface UnsentRange {
  readonly start: number;
  readonly end: number;
  readonly from: Instant;
  /** True when the ground named it missing. */
  readonly resend: boolean;
}

interface Entry {
  readonly product: StoredProduct;
  /** The entry is in the queue as long as there are any. */
  readonly unsent: UnsentRange[];
  acknowledged: number;
  /** A frame has carried some of it: the ground may hold a part, and evicting it would waste what was sent. */
  started: boolean;
}

/** A product that had to go. */
export interface Eviction {
  readonly product: StoredProduct;
  readonly at: Instant;
  readonly reason: "store-full";
}

const byAge = ({ product: a }: Entry, { product: b }: Entry): number =>
  a.readyAt - b.readyAt || a.number - b.number;

/**
 * The onboard store: a ceiling in bytes, strict priorities, first in first out inside a priority.
 *
 * Overflow policy: evict. When a product does not fit, products go that no frame was sent of: lowest priority first, of
 * those the latest ready, the new one among them. What has been begun is finished, so that the ground is not left with
 * halves; a result is never given up for an image that has not been begun.
 */
export class OnboardStore {
  readonly #capacity: number;
  readonly #entries = new Map<number, Entry>();
  /** Everything with unsent bytes, by priority, most urgent first; in each what was ready first comes first. */
  #lanes: ReadonlyMap<number, SortedList<Entry>> = new Map();
  /** Entries with ranges that may have to wait: new ones, and those named missing in the last turn. */
  readonly #deferred = new Set<Entry>();
  #held = 0;

  constructor(capacity: Bytes) {
    this.#capacity = capacity;
  }

  /** Never above the ceiling. */
  get heldBytes(): Bytes {
    return bytes(this.#held);
  }

  get products(): readonly StoredProduct[] {
    return [...this.#entries.values()].map((entry) => entry.product);
  }

  has(number: number): boolean {
    return this.#entries.has(number);
  }

  /** Takes a product in; returns what had to go for it, which may be the product itself. */
  put(product: StoredProduct): readonly Eviction[] {
    const evictions: Eviction[] = [];
    const entry: Entry = {
      product,
      unsent: [{ start: 0, end: product.size, from: product.readyAt, resend: false }],
      acknowledged: 0,
      started: false,
    };
    this.#entries.set(product.number, entry);
    this.#held += product.size;
    this.#enqueue(entry);
    this.#deferred.add(entry);
    while (this.#held > this.#capacity) {
      const victim = this.#leastUrgent();
      // There is always one: what was there before fits, and nothing of the new product has been sent.
      if (victim === undefined) throw new RangeError("the store is over its ceiling with nothing to give up");
      this.#remove(victim);
      evictions.push({ product: victim.product, at: product.readyAt, reason: "store-full" });
    }
    return evictions;
  }

  /** Takes a product out for good, if it is there and no frame has carried any of it; `null` otherwise. */
  take(number: number): StoredProduct | null {
    const entry = this.#entries.get(number);
    if (entry === undefined || entry.started) return null;
    this.#remove(entry);
    return entry.product;
  }

  /** The most urgent unsent range at time `t`; `null` when nothing is ready. */
  next(t: Instant): { readonly product: StoredProduct; readonly range: UnsentRange } | null {
    const isReady = ({ from }: UnsentRange): boolean => from <= t;
    for (const lane of this.#lanes.values()) {
      const entry = lane.find(({ unsent }) => unsent.some(isReady));
      if (entry !== undefined)
        return { product: entry.product, range: entry.unsent.find(isReady) as UnsentRange };
    }
    return null;
  }

  /** When something becomes ready after `t`, at the earliest; `null` when nothing waits. */
  nextReady(t: Instant): Instant | null {
    let earliest: Instant | null = null;
    for (const entry of this.#deferred) {
      let isDeferred = false;
      for (const { from } of entry.unsent) {
        if (from <= t) continue;
        isDeferred = true;
        if (earliest === null || from < earliest) earliest = from;
      }
      if (!isDeferred) this.#deferred.delete(entry);
    }
    return earliest;
  }

  /** Notes that the first `count` bytes of `range` have been put into a frame. */
  markSent(product: number, range: UnsentRange, count: number): void {
    const entry = this.#entry(product);
    const { unsent } = entry;
    const at = unsent.indexOf(range);
    if (at < 0) throw new RangeError(`product ${product} has no such bytes to send`);
    entry.started = true;
    if (range.start + count < range.end) unsent[at] = { ...range, start: range.start + count };
    else unsent.splice(at, 1);
    if (unsent.length === 0) this.#dequeue(entry);
  }

  /** Puts back bytes [start, end) that the ground is missing; they may be sent again from `from` on. */
  markMissing(product: number, start: number, end: number, from: Instant): void {
    const entry = this.#entry(product);
    const { unsent } = entry;
    if (unsent.length === 0) this.#enqueue(entry);
    this.#deferred.add(entry);
    // Frame after frame of one product lost is one range, else a product of many frames takes a search for each of them.
    const last = unsent.at(-1);
    const continues = last?.end === start && last.from === from && last.resend;
    if (continues) unsent[unsent.length - 1] = { ...last, end };
    else unsent.push({ start, end, from, resend: true });
  }

  /** Notes bytes that the ground has for certain; returns true when the product is complete and gone from the store. */
  acknowledge(product: number, count: number): boolean {
    const entry = this.#entry(product);
    entry.acknowledged += count;
    if (entry.acknowledged < entry.product.size) return false;
    this.#remove(entry);
    return true;
  }

  #entry(product: number): Entry {
    const entry = this.#entries.get(product);
    if (entry === undefined) throw new RangeError(`product ${product} is not in the store`);
    return entry;
  }

  #lane({ priority }: StoredProduct): SortedList<Entry> {
    const known = this.#lanes.get(priority);
    if (known !== undefined) return known;
    const lane = new SortedList<Entry>(byAge);
    const lanes = [...this.#lanes, [priority, lane] as const].toSorted(([a], [b]) => a - b);
    this.#lanes = new Map(lanes);
    return lane;
  }

  /** Of what no frame was sent of. */
  #leastUrgent(): Entry | undefined {
    const lanes = [...this.#lanes.values()].toReversed();
    for (const lane of lanes) {
      const entry = lane.findLast(({ started }) => !started);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #enqueue(entry: Entry): void {
    this.#lane(entry.product).add(entry);
  }

  #dequeue(entry: Entry): void {
    this.#lane(entry.product).remove(entry);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.product.number);
    this.#deferred.delete(entry);
    this.#held -= entry.product.size;
    if (entry.unsent.length > 0) this.#dequeue(entry);
  }
}
