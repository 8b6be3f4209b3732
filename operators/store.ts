import type { ProductKind } from "../pipeline/product/product.ts";
import { bytes, type Bytes, type Instant } from "../pipeline/units.ts";
import type { SpoolSlot } from "../pipeline/spool.ts";

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
  readonly slot: SpoolSlot;
}

/** Bytes [start, end) of a product that still have to be sent, not before `from`. */
export interface UnsentRange {
  readonly start: number;
  readonly end: number;
  readonly from: Instant;
  /** True when the ground named it missing. */
  readonly resend: boolean;
}

interface Entry {
  readonly product: StoredProduct;
  unsent: UnsentRange[];
  acknowledged: number;
  /** Some of it is on its way: evicting it now would waste what was sent. */
  started: boolean;
}

export interface Eviction {
  readonly product: StoredProduct;
  readonly at: Instant;
  readonly reason: "store-full";
}

const byUrgency = (a: StoredProduct, b: StoredProduct): number =>
  a.priority - b.priority || a.readyAt - b.readyAt || a.number - b.number;

/**
 * The onboard store: a ceiling in bytes, strict priorities, first in first out inside a priority.
 *
 * Overflow policy: evict. When a product does not fit, products that no frame was sent of go first, lowest priority
 * and latest ready first, the new one among them: a result is never given up for an image.
 */
export class OnboardStore {
  readonly #capacity: number;
  readonly #entries = new Map<number, Entry>();
  /** Everything that may have unsent bytes, most urgent first. */
  readonly #queue: Entry[] = [];
  #held = 0;

  constructor(capacity: Bytes) {
    this.#capacity = capacity;
  }

  get heldBytes(): Bytes {
    return bytes(this.#held);
  }

  get products(): readonly StoredProduct[] {
    return [...this.#entries.values()].map((entry) => entry.product);
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
    this.#insert(entry);
    while (this.#held > this.#capacity) {
      const victim = this.#queue.findLast((candidate) => !candidate.started);
      if (victim === undefined) break; // All of it is being sent: the overshoot is one product at most.
      this.#remove(victim);
      evictions.push({ product: victim.product, at: product.readyAt, reason: "store-full" });
    }
    return evictions;
  }

  /** The most urgent unsent range at time `t`; `null` when nothing is ready. */
  next(t: Instant): { readonly product: StoredProduct; readonly range: UnsentRange } | null {
    for (const entry of this.#queue) {
      const range = entry.unsent.find((candidate) => candidate.from <= t);
      if (range !== undefined) return { product: entry.product, range };
    }
    return null;
  }

  /** When something becomes ready after `t`, at the earliest; `null` when nothing waits. */
  nextReady(t: Instant): Instant | null {
    let earliest: Instant | null = null;
    for (const { unsent } of this.#queue) {
      for (const { from } of unsent) if (from > t && (earliest === null || from < earliest)) earliest = from;
    }
    return earliest;
  }

  /** Notes that the first `count` bytes of `range` have been put into a frame. */
  markSent(product: number, range: UnsentRange, count: number): void {
    const entry = this.#entry(product);
    entry.started = true;
    const rest = { ...range, start: range.start + count };
    entry.unsent = entry.unsent.flatMap((r) => (r === range ? (rest.start < rest.end ? [rest] : []) : [r]));
    if (entry.unsent.length === 0) this.#queue.splice(this.#queue.indexOf(entry), 1);
  }

  /** Puts back bytes [start, end) that the ground is missing; they may be sent again from `from` on. */
  markMissing(product: number, start: number, end: number, from: Instant): void {
    const entry = this.#entry(product);
    const idle = entry.unsent.length === 0;
    entry.unsent.push({ start, end, from, resend: true });
    if (idle) this.#insert(entry);
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

  #insert(entry: Entry): void {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#queue[middle] as Entry;
      if (byUrgency(other.product, entry.product) < 0) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, entry);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.product.number);
    this.#held -= entry.product.size;
    const at = this.#queue.indexOf(entry);
    if (at >= 0) this.#queue.splice(at, 1);
  }
}
