import type { EvictionRule, Store } from "../../pipeline/mission/spacecraft.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import { bytes, instant, type Bytes, type Instant } from "../../pipeline/units.ts";
import type { SpoolSlot } from "../../pipeline/spool.ts";
import { byAge, density, openSendQueue, type Queued, type SendQueue } from "./send-queue.ts";
import { fairSendQueue } from "./fair-send-queue.ts";
import { SortedList } from "./sorted-list.ts";
import type { CaptureRecord } from "../../pipeline/mission/ledger.ts";
import { CaptureReserve } from "./capture-reserve.ts";

/** A product on board: its envelope lies in the spool, here is what the radio and the ceiling need to know. */
export interface StoredProduct {
  readonly number: number;
  readonly kind: ProductKind;
  readonly acquisition: number;
  readonly tile: number | null;
  readonly readyAt: Instant;
  /** Sent first when smaller. */
  readonly priority: number;
  /** What it is worth to the ground: see `worth.ts`. */
  readonly value: number;
  /** Bytes of the envelope: what has to cross the link. */
  readonly size: number;
  /** The tenants that it was made for; absent in a mission without tenants. */
  readonly owners?: readonly string[];
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

/** What a store holds. */
export interface StoreSnapshot {
  readonly capacity: number;
  /** Of each entry: number of its product, bytes acknowledged, 1 once begun, how many unsent ranges, and of each start, end, from, 1 for a resend. */
  readonly entries: Float64Array;
  /** Whose turn it is to be sent. */
  readonly turns: readonly number[];
}

/** A product that had to go. */
export interface Eviction {
  readonly product: StoredProduct;
  readonly at: Instant;
  readonly reason: "store-full";
}

/** Who goes first stands last, but for the oldest: a list is cheap to add to where the latest belong. */
const expendable: Readonly<Record<EvictionRule, (a: Queued, b: Queued) => number>> = {
  "lowest-priority": (a, b) => a.product.priority - b.product.priority || byAge(a, b),
  oldest: byAge,
  "lowest-value": (a, b) => density(b) - density(a) || byAge(a, b),
};

/**
 * The onboard store: a ceiling in bytes, and a declared order in which it is emptied, strict priorities unless told otherwise.
 *
 * Overflow policy: evict. When a product does not fit, products go that no frame was sent of, the new one among them, by the
 * declared rule: unless told otherwise the lowest priority first, of those the latest ready, so that a result is never
 * given up for an image that has not been begun. What has been begun is finished under every rule: the ground is not left
 * with halves. Kept scenes, whose pixels may be requested, are evicted before any product.
 */
export class OnboardStore {
  #capacity: number;
  readonly #rule: EvictionRule;
  /** Of tenants; `null`: nobody shares the store. */
  readonly #weights: ReadonlyMap<string, number> | null;
  readonly #entries = new Map<number, Entry>();
  /** Everything with unsent bytes. */
  readonly #queue: SendQueue<Entry>;
  /** Everything that no frame was sent of. */
  readonly #expendable: SortedList<Entry>;
  /** Entries with ranges that may have to wait: new ones, and those named missing in the last turn. */
  readonly #deferred = new Set<Entry>();
  /** Takes what room the products leave. */
  readonly #captures: CaptureReserve;
  #held = 0;

  constructor(
    { capacity, eviction = "lowest-priority", order = { kind: "strict" } }: Store,
    onGivenUp?: (record: CaptureRecord, at: Instant) => void,
    weights: ReadonlyMap<string, number> | null = null,
  ) {
    this.#captures = new CaptureReserve(onGivenUp);
    this.#capacity = capacity;
    this.#rule = eviction;
    this.#weights = weights;
    this.#queue =
      weights === null ? openSendQueue(order) : fairSendQueue<Entry>(weights, () => openSendQueue(order));
    this.#expendable = new SortedList<Entry>(expendable[eviction]);
  }

  /** Never above the ceiling. */
  get heldBytes(): Bytes {
    return bytes(this.#held + this.#captures.heldBytes);
  }

  /** Scenes kept in case their pixels are requested. */
  get captures(): Pick<CaptureReserve, "has" | "records" | "forget"> {
    return this.#captures;
  }

  /** Keeps a scene as it was taken, while there is room. */
  keepCapture(acquisition: number, size: number, at: Instant): void {
    this.#captures.keep(acquisition, size, this.#capacity - this.#held, at);
  }

  get products(): readonly StoredProduct[] {
    return [...this.#entries.values()].map((entry) => entry.product);
  }

  has(number: number): boolean {
    return this.#entries.has(number);
  }

  /** The ceiling, less what is reserved. */
  get capacity(): Bytes {
    return bytes(this.#capacity);
  }

  /**
   * Sets bytes aside for what is no product (models and uploads), or gives them back where `count` is negative. Kept scenes and products go
   * for them by the same rules. Returns what had to go; `null` where even that would not make room, and then nothing has changed.
   */
  reserve(count: number, at: Instant): readonly Eviction[] | null {
    const left = this.#capacity - count;
    const begun = [...this.#entries.values()].reduce(
      (sum, { started, product }) => sum + (started ? product.size : 0),
      0,
    );
    if (count > 0 && begun > left) return null;
    this.#capacity = left;
    if (count > 0) this.#captures.shrink(this.#capacity - this.#held, at);
    return this.#evictOver(at);
  }

  /** Takes a product in; returns what had to go for it, which may be the product itself. */
  put(product: StoredProduct): readonly Eviction[] {
    const entry: Entry = {
      product,
      unsent: [{ start: 0, end: product.size, from: product.readyAt, resend: false }],
      acknowledged: 0,
      started: false,
    };
    this.#entries.set(product.number, entry);
    this.#held += product.size;
    this.#queue.add(entry);
    this.#expendable.add(entry);
    this.#deferred.add(entry);
    this.#captures.shrink(this.#capacity - this.#held, product.readyAt);
    return this.#evictOver(product.readyAt);
  }

  /** Takes a product out for good, if it is there and no frame has carried any of it; `null` otherwise. */
  take(number: number): StoredProduct | null {
    const entry = this.#entries.get(number);
    if (entry === undefined || entry.started) return null;
    this.#remove(entry);
    return entry.product;
  }

  /** The unsent range that is to be sent next at time `t`; `null` when nothing is ready. */
  next(t: Instant): { readonly product: StoredProduct; readonly range: UnsentRange } | null {
    const isReady = ({ from }: UnsentRange): boolean => from <= t;
    const entry = this.#queue.first(({ unsent }) => unsent.some(isReady));
    if (entry === undefined) return null;
    return { product: entry.product, range: entry.unsent.find(isReady) as UnsentRange };
  }

  /** So many more bytes of what `next` names may follow before the order of sending by itself gives its place to another. */
  leeway(product: number): number {
    return this.#queue.leeway(this.#entry(product));
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
    if (!entry.started) this.#expendable.remove(entry);
    entry.started = true;
    this.#queue.charge(entry, count);
    if (range.start + count < range.end) unsent[at] = { ...range, start: range.start + count };
    else unsent.splice(at, 1);
    if (unsent.length === 0) this.#queue.remove(entry);
  }

  /** Puts back bytes [start, end) that the ground is missing; they may be sent again from `from` on. */
  markMissing(product: number, start: number, end: number, from: Instant): void {
    const entry = this.#entry(product);
    const { unsent } = entry;
    if (unsent.length === 0) this.#queue.add(entry);
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

  /** What it holds, scenes that were kept for the ground left out; `null` for a store that is shared: its turns are not kept. */
  snapshot(): StoreSnapshot | null {
    const turns = this.#queue.snapshot();
    if (turns === null) return null;
    const entries: number[] = [];
    for (const { product, unsent, acknowledged, started } of this.#entries.values()) {
      entries.push(product.number, acknowledged, started ? 1 : 0, unsent.length);
      for (const { start, end, from, resend } of unsent) entries.push(start, end, from, resend ? 1 : 0);
    }
    return { capacity: this.#capacity, entries: Float64Array.from(entries), turns };
  }

  /** Goes on, empty as it is, as a store of the same rules did. */
  restore({ capacity, entries, turns }: StoreSnapshot, productOf: (number: number) => StoredProduct): void {
    this.#capacity = capacity;
    let at = 0;
    const read = (): number => entries[at++] as number;
    while (at < entries.length) {
      const product = productOf(read());
      const entry: Entry = { product, unsent: [], acknowledged: read(), started: read() === 1 };
      for (let left = read(); left > 0; left--)
        entry.unsent.push({ start: read(), end: read(), from: instant(read()), resend: read() === 1 });
      this.#entries.set(product.number, entry);
      this.#held += product.size;
      if (entry.unsent.length > 0) this.#queue.add(entry);
      if (!entry.started) this.#expendable.add(entry);
      // Whoever waits for nothing is dropped at the next look.
      this.#deferred.add(entry);
    }
    this.#queue.restore(turns);
  }

  #evictOver(at: Instant): readonly Eviction[] {
    const evictions: Eviction[] = [];
    while (this.#held > this.#capacity) {
      const victim = this.#victim();
      // There is always one: what has been begun fits, and nothing of a new product has been sent.
      if (victim === undefined) throw new RangeError("the store is over its ceiling with nothing to give up");
      this.#remove(victim);
      evictions.push({ product: victim.product, at, reason: "store-full" });
    }
    return evictions;
  }

  #entry(product: number): Entry {
    const entry = this.#entries.get(product);
    if (entry === undefined) throw new RangeError(`product ${product} is not in the store`);
    return entry;
  }

  #victim(): Entry | undefined {
    const anyone = this.#overShare();
    return this.#rule === "oldest" ? this.#expendable.find(anyone) : this.#expendable.findLast(anyone);
  }

  /** Whose products go first: those of the tenants who hold most of the store for their weight. Anyone's where nobody shares it. */
  #overShare(): (entry: Entry) => boolean {
    const weights = this.#weights;
    if (weights === null) return () => true;
    const held = new Map<string, number>();
    const canGive = new Set<string>();
    for (const { product, started } of this.#entries.values()) {
      const owners = product.owners ?? [];
      const key = owners.join("\n");
      const weight = owners.reduce((sum, owner) => sum + (weights.get(owner) ?? 1), 0) || 1;
      held.set(key, (held.get(key) ?? 0) + product.size / weight);
      if (!started) canGive.add(key);
    }
    const [most] = [...held].filter(([key]) => canGive.has(key)).toSorted(([, a], [, b]) => b - a);
    return ({ product }) => (product.owners ?? []).join("\n") === most?.[0];
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.product.number);
    this.#deferred.delete(entry);
    this.#held -= entry.product.size;
    if (!entry.started) this.#expendable.remove(entry);
    if (entry.unsent.length > 0) this.#queue.remove(entry);
  }
}
