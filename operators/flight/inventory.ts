import type { Store } from "../../pipeline/mission/spacecraft.ts";
import type { CaptureRecord, ProductRecord } from "../../pipeline/mission/ledger.ts";
import { type ProductKind, priorityOf } from "../../pipeline/product/product.ts";
import type { SpoolSlot } from "../../pipeline/spool.ts";
import { bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import type { NumberRowsSnapshot } from "./number-rows.ts";
import { ProductBook } from "./product-book.ts";
import { OnboardStore, type Eviction, type StoredProduct, type StoreSnapshot } from "./store.ts";

const none: readonly StoredProduct[] = [];

/** So many may have gone into the store before they are dropped from those on their way. */
const mostSettled = 32;

/** A product as another satellite handed it over. */
export interface HandedProduct {
  readonly kind: ProductKind;
  readonly acquisition: number;
  readonly tile: number | null;
  readonly workAt: Seconds;
  readonly value: number;
  readonly size: number;
  readonly slot: SpoolSlot | null;
  /** Who made it. */
  readonly origin: string;
}

/** A product as the computer leaves it. */
export interface MadeProduct {
  readonly kind: ProductKind;
  readonly tile: number | null;
  /** From then on the radio may have it. */
  readonly readyAt: Instant;
  /** The work that the computer had done by then on the acquisition, in seconds at full speed. */
  readonly workAt: Seconds;
  /** What it is worth to the ground: see `worth.ts`. */
  readonly value: number;
  /** Of the envelope. */
  readonly size: number;
  readonly slot: SpoolSlot | null;
}

/** Whose products are, and what weight each has on the link. */
export interface InventoryTenants {
  readonly ownersOf: (acquisition: number) => readonly string[];
  readonly weights: ReadonlyMap<string, number>;
}

/** What a satellite has and had. */
export interface InventorySnapshot {
  readonly book: NumberRowsSnapshot;
  readonly store: StoreSnapshot;
  /** Numbers of products on their way into the store, in order, and of those in it that were not yet told as arrivals. */
  readonly coming: readonly number[];
  readonly fresh: readonly number[];
}

/**
 * Every product that a satellite makes, from the computer to the last acknowledgement: first on its way (made, but not
 * ready before some time to come), then in the store, then gone. Numbers and times only: the bytes lie elsewhere.
 */
export class Inventory {
  readonly store: OnboardStore;
  readonly #ownersOf: ((acquisition: number) => readonly string[]) | null;
  readonly #onEviction: (eviction: Eviction) => void;
  readonly #book = new ProductBook();
  /** In order of `readyAt`, since there is one computer; those before `#settled` have gone into the store and are soon dropped. */
  #made: StoredProduct[] = [];
  /** Scenes as they were taken, in order; not in the store yet. */
  readonly #captures: { readonly acquisition: number; readonly size: number; readonly at: Instant }[] = [];
  #settled = 0;
  /** When each product that is gone went, other than down; in missions for tenants, who pay for the store. */
  readonly #leftAt = new Map<number, Instant>();
  /** What came into the store since `arrivals` was asked. */
  #fresh: StoredProduct[] = [];

  constructor(
    rules: Store,
    onEviction: (eviction: Eviction) => void,
    onGivenUp?: (record: CaptureRecord, at: Instant) => void,
    tenancy: InventoryTenants | null = null,
  ) {
    this.#ownersOf = tenancy?.ownersOf ?? null;
    this.store = new OnboardStore(rules, onGivenUp, tenancy?.weights ?? null);
    this.#onEviction = onEviction;
  }

  /** Takes in what the computer made, unasked or because the ground `askedAt` for it; products come in order of `readyAt`. */
  add(acquisition: number, made: MadeProduct, askedAt: Instant | null = null): void {
    const { kind, tile, readyAt, workAt, value, size, slot } = made;
    const place = { kind, acquisition, tile, readyAt, value };
    const asked = askedAt === null ? {} : { askedAt };
    const number = this.#book.add({ ...place, workAt, size: bytes(size), origin: null, ...asked });
    this.#made.push({
      number,
      ...place,
      priority: priorityOf(kind),
      size,
      slot,
      ...this.#owners(acquisition),
    });
  }

  /** Takes in a scene as it was taken at `at`, at or after which everything that follows is ready. */
  keepCapture(acquisition: number, size: number, at: Instant): void {
    this.#captures.push({ acquisition, size, at });
  }

  /** Takes in what another satellite handed over at `at`, before which everything has been settled. Returns its number here. */
  receive(product: HandedProduct, at: Instant): number {
    const { kind, acquisition, tile, workAt, value, size, slot, origin } = product;
    const place = { kind, acquisition, tile, readyAt: at, value };
    const number = this.#book.add({ ...place, workAt, size: bytes(size), origin });
    const stored = { number, ...place, priority: priorityOf(kind), size, slot, ...this.#owners(acquisition) };
    this.#made.splice(this.#settled, 0, stored);
    this.settle(at);
    return number;
  }

  /** Gives a product away at `at`, unless it is gone or some of it has been sent: what was begun is finished where it was begun. */
  handOver(number: number, from: string, at: Instant): HandedProduct | null {
    const product = this.store.take(number);
    if (product === null) return null;
    const { workAt, origin } = this.#book.recordOf(number);
    this.#book.setFate(number, "handed-over");
    this.#left(number, at);
    const { kind, acquisition, tile, value, size, slot } = product;
    return { kind, acquisition, tile, workAt, value, size, slot, origin: origin ?? from };
  }

  /** What came into the store since the last call and is still there. */
  arrivals(): readonly StoredProduct[] {
    if (this.#fresh.length === 0) return none;
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh.filter(({ number }) => this.store.has(number));
  }

  /** Takes back the products of the acquisition last added, none of which has been settled. */
  withdraw(acquisition: number): void {
    while (this.#made.length > this.#settled && this.#made.at(-1)?.acquisition === acquisition) {
      this.#made.pop();
      this.#book.removeLast();
    }
    if (this.#captures.at(-1)?.acquisition === acquisition) this.#captures.pop();
    this.store.captures.forget(acquisition);
  }

  /** Moves everything that is ready by `t` into the store. */
  settle(t: Instant): void {
    for (let next = this.#made[this.#settled]; next !== undefined && next.readyAt <= t;) {
      this.#settleCaptures(next.readyAt);
      this.#evicted(this.store.put(next));
      this.#fresh.push(next);
      this.#settled++;
      next = this.#made[this.#settled];
    }
    if (this.#settled > mostSettled) {
      this.#made.splice(0, this.#settled);
      this.#settled = 0;
    }
    this.#settleCaptures(t);
  }

  /** Sets bytes of the store aside for what is no product, or gives them back; says whether there was room. */
  reserve(count: number, at: Instant): boolean {
    const evictions = this.store.reserve(count, at);
    this.#evicted(evictions ?? []);
    return evictions !== null;
  }

  #evicted(evictions: readonly Eviction[]): void {
    for (const eviction of evictions) {
      this.#book.setFate(eviction.product.number, eviction.reason);
      this.#left(eviction.product.number, eviction.at);
      this.#onEviction(eviction);
    }
  }

  #left(number: number, at: Instant): void {
    if (this.#ownersOf !== null) this.#leftAt.set(number, at);
  }

  #settleCaptures(t: Instant): void {
    for (let next = this.#captures[0]; next !== undefined && next.at <= t; next = this.#captures[0]) {
      this.#captures.shift();
      this.store.keepCapture(next.acquisition, next.size, next.at);
    }
  }

  /** What kind of product a number stands for. */
  kindOf(number: number): ProductKind {
    return this.#book.kindOf(number);
  }

  /** What the run calls a product, whoever has it. */
  nameOf(number: number): ProductName {
    return this.#book.nameOf(number);
  }

  /** When something not yet in the store will be ready, at the earliest; `null` when nothing is on its way. */
  nextArrival(): Instant | null {
    return this.#made[this.#settled]?.readyAt ?? null;
  }

  /** Every product with what became of it, once nothing more is sent. */
  close(): readonly ProductRecord[] {
    const left = new Set(
      [...this.store.products, ...this.#made.slice(this.#settled)].map(({ number }) => number),
    );
    return Array.from({ length: this.#book.count }, (_, number): ProductRecord => {
      const record = this.#book.recordOf(number);
      const leftAt = this.#leftAt.get(number);
      if (leftAt !== undefined) return { ...record, leftAt };
      return record.fate === "on-board" && !left.has(number) ? { ...record, fate: "delivered" } : record;
    });
  }

  /** What it has and had; `null` where that holds more than a snapshot says: scenes kept for the ground, shares of tenants, bytes. */
  snapshot(): InventorySnapshot | null {
    const store = this.#ownersOf === null && this.#captures.length === 0 ? this.store.snapshot() : null;
    if (store === null || this.store.captures.records.length > 0) return null;
    const coming = this.#made.slice(this.#settled);
    if ([...coming, ...this.store.products].some(({ slot }) => slot !== null)) return null;
    const fresh = this.#fresh.filter(({ number }) => this.store.has(number));
    const numbers = (products: readonly StoredProduct[]) => products.map(({ number }) => number);
    return { book: this.#book.snapshot(), store, coming: numbers(coming), fresh: numbers(fresh) };
  }

  /** Goes on, empty as it is, as an inventory of the same rules did. */
  restore({ book, store, coming, fresh }: InventorySnapshot): void {
    this.#book.restore(book);
    const productOf = (number: number): StoredProduct => {
      const { kind, acquisition, tile, readyAt, value, size } = this.#book.recordOf(number);
      const place = { kind, acquisition, tile, readyAt, value };
      return { number, ...place, priority: priorityOf(kind), size, slot: null };
    };
    this.store.restore(store, productOf);
    this.#made = coming.map(productOf);
    this.#fresh = fresh.map(productOf);
  }

  #owners(acquisition: number): Pick<StoredProduct, "owners"> {
    return this.#ownersOf === null ? {} : { owners: this.#ownersOf(acquisition) };
  }
}
