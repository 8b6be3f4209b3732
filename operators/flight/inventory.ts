import type { Store } from "../../pipeline/mission/spacecraft.ts";
import type { CaptureRecord, ProductRecord } from "../../pipeline/mission/ledger.ts";
import { type ProductKind, priorityOf } from "../../pipeline/product/product.ts";
import type { SpoolSlot } from "../../pipeline/spool.ts";
import { bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import { OnboardStore, type Eviction, type StoredProduct } from "./store.ts";

const none: readonly StoredProduct[] = [];

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

/**
 * Every product that a satellite makes, from the computer to the last acknowledgement: first on its way (made, but not
 * ready before some time to come), then in the store, then gone. Numbers and times only: the bytes lie elsewhere.
 */
export class Inventory {
  readonly store: OnboardStore;
  readonly #ownersOf: ((acquisition: number) => readonly string[]) | null;
  readonly #onEviction: (eviction: Eviction) => void;
  readonly #records = new Map<number, ProductRecord>();
  /** In order of `readyAt`, since there is one computer; those before `#settled` have gone into the store. */
  readonly #made: StoredProduct[] = [];
  /** Scenes as they were taken, in order; not in the store yet. */
  readonly #captures: { readonly acquisition: number; readonly size: number; readonly at: Instant }[] = [];
  #settled = 0;
  /** Those before have been asked for by `arrivals`. */
  #offered = 0;

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
    const number = this.#records.size;
    const place = { number, kind, acquisition, tile, readyAt, value };
    this.#made.push({ ...place, priority: priorityOf(kind), size, slot, ...this.#owners(acquisition) });
    const asked = askedAt === null ? {} : { askedAt };
    this.#records.set(number, {
      ...place,
      workAt,
      size: bytes(size),
      fate: "on-board",
      origin: null,
      ...asked,
    });
  }

  /** Takes in a scene as it was taken at `at`, at or after which everything that follows is ready. */
  keepCapture(acquisition: number, size: number, at: Instant): void {
    this.#captures.push({ acquisition, size, at });
  }

  /** Takes in what another satellite handed over at `at`, before which everything has been settled. Returns its number here. */
  receive(product: HandedProduct, at: Instant): number {
    const { kind, acquisition, tile, workAt, value, size, slot, origin } = product;
    const number = this.#records.size;
    const place = { number, kind, acquisition, tile, readyAt: at, value };
    const stored = { ...place, priority: priorityOf(kind), size, slot, ...this.#owners(acquisition) };
    this.#made.splice(this.#settled, 0, stored);
    this.#records.set(number, { ...place, workAt, size: bytes(size), fate: "on-board", origin });
    this.settle(at);
    return number;
  }

  /** Gives a product away, unless it is gone or some of it has been sent: what was begun is finished where it was begun. */
  handOver(number: number, from: string): HandedProduct | null {
    const product = this.store.take(number);
    if (product === null) return null;
    const { workAt, origin } = this.#records.get(number) as ProductRecord;
    this.#setFate(number, "handed-over");
    const { kind, acquisition, tile, value, size, slot } = product;
    return { kind, acquisition, tile, workAt, value, size, slot, origin: origin ?? from };
  }

  /** What came into the store since the last call and is still there. */
  arrivals(): readonly StoredProduct[] {
    if (this.#offered === this.#settled) return none;
    const fresh = this.#made.slice(this.#offered, this.#settled);
    this.#offered = this.#settled;
    return fresh.filter(({ number }) => this.store.has(number));
  }

  /** Takes back the products of the acquisition last added, none of which has been settled. */
  withdraw(acquisition: number): void {
    while (this.#made.length > this.#settled && this.#made.at(-1)?.acquisition === acquisition) {
      this.#records.delete((this.#made.pop() as StoredProduct).number);
    }
    if (this.#captures.at(-1)?.acquisition === acquisition) this.#captures.pop();
    this.store.captures.forget(acquisition);
  }

  /** Moves everything that is ready by `t` into the store. */
  settle(t: Instant): void {
    for (let next = this.#made[this.#settled]; next !== undefined && next.readyAt <= t;) {
      this.#settleCaptures(next.readyAt);
      this.#evicted(this.store.put(next));
      this.#settled++;
      next = this.#made[this.#settled];
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
      this.#setFate(eviction.product.number, eviction.reason);
      this.#onEviction(eviction);
    }
  }

  #settleCaptures(t: Instant): void {
    for (let next = this.#captures[0]; next !== undefined && next.at <= t; next = this.#captures[0]) {
      this.#captures.shift();
      this.store.keepCapture(next.acquisition, next.size, next.at);
    }
  }

  /** What kind of product a number stands for. */
  kindOf(number: number): ProductKind {
    return (this.#records.get(number) as ProductRecord).kind;
  }

  /** What the run calls a product, whoever has it. */
  nameOf(number: number): ProductName {
    const { acquisition, kind, tile } = this.#records.get(number) as ProductRecord;
    return { acquisition, kind, tile };
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
    for (const { number, fate } of this.#records.values()) {
      if (fate === "on-board" && !left.has(number)) this.#setFate(number, "delivered");
    }
    return [...this.#records.values()];
  }

  #owners(acquisition: number): Pick<StoredProduct, "owners"> {
    return this.#ownersOf === null ? {} : { owners: this.#ownersOf(acquisition) };
  }

  #setFate(number: number, fate: ProductRecord["fate"]): void {
    this.#records.set(number, { ...(this.#records.get(number) as ProductRecord), fate });
  }
}
