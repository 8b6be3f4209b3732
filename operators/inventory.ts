import { encodeEnvelope } from "../pipeline/link/envelope.ts";
import type { ProductRecord } from "../pipeline/meter/ledger.ts";
import type { ProductKind } from "../pipeline/product/product.ts";
import type { Spool } from "../pipeline/spool.ts";
import { bytes, type Bytes, type Instant } from "../pipeline/units.ts";
import type { ReadyDraft } from "./onboard.ts";
import { priorityOf } from "./select.ts";
import { OnboardStore, type Eviction, type StoredProduct } from "./store.ts";

/** Envelopes kept at hand beside the one that is being sent; bytes. Overflow policy: drop the least recently used. */
const recentBytes = 16e6;

/**
 * Every product that a satellite makes, from the computer to the last acknowledgement: first on its way (made, but not
 * ready before some time to come), then in the store, then gone. Envelopes lie in the spool, so memory stays flat.
 */
export class Inventory {
  readonly store: OnboardStore;
  readonly #spool: Spool;
  readonly #onEviction: (eviction: Eviction) => void;
  readonly #records = new Map<number, ProductRecord>();
  /** In order of `readyAt`, since there is one computer; those before `#settled` have gone into the store. */
  readonly #made: StoredProduct[] = [];
  #settled = 0;
  readonly #recent = new Map<number, Uint8Array>();
  #recentSize = 0;

  constructor(spool: Spool, capacity: Bytes, onEviction: (eviction: Eviction) => void) {
    this.#spool = spool;
    this.store = new OnboardStore(capacity);
    this.#onEviction = onEviction;
  }

  /** Takes in what the computer made; drafts come in order of `readyAt`. Throws `SwathError("storage")` on a full disk. */
  async add(acquisition: number, { kind, tile, readyAt, payload }: ReadyDraft): Promise<void> {
    const number = this.#records.size;
    const priority = priorityOf[kind];
    const place = { number, kind, acquisition, tile, readyAt };
    const envelope = encodeEnvelope({ ...place, priority, payload });
    const slot = await this.#spool.write(envelope);
    this.#made.push({ ...place, priority, size: envelope.byteLength, slot });
    this.#records.set(number, { ...place, size: bytes(envelope.byteLength), fate: "on-board" });
  }

  /** Takes back the products of the acquisition last added, none of which has been settled. */
  withdraw(acquisition: number): void {
    while (this.#made.length > this.#settled && this.#made.at(-1)?.acquisition === acquisition) {
      this.#records.delete((this.#made.pop() as StoredProduct).number);
    }
  }

  /** Moves everything that is ready by `t` into the store. */
  settle(t: Instant): void {
    for (let next = this.#made[this.#settled]; next !== undefined && next.readyAt <= t;) {
      for (const eviction of this.store.put(next)) {
        this.#setFate(eviction.product.number, eviction.reason);
        this.#onEviction(eviction);
      }
      this.#settled++;
      next = this.#made[this.#settled];
    }
  }

  /** What kind of product a number stands for. */
  kindOf(number: number): ProductKind {
    return (this.#records.get(number) as ProductRecord).kind;
  }

  /** When something not yet in the store will be ready, at the earliest; `null` when nothing is on its way. */
  nextArrival(): Instant | null {
    return this.#made[this.#settled]?.readyAt ?? null;
  }

  /** The envelope of a product, which may be asked for once a frame. */
  async read({ number, slot }: StoredProduct): Promise<Uint8Array> {
    const known = this.#recent.get(number);
    if (known !== undefined) {
      this.#recent.delete(number);
      this.#recent.set(number, known);
      return known;
    }
    const envelope = await this.#spool.read(slot);
    this.#recent.set(number, envelope);
    this.#recentSize += envelope.byteLength;
    for (const [oldest, { byteLength }] of this.#recent) {
      if (this.#recentSize <= recentBytes || oldest === number) break;
      this.#recent.delete(oldest);
      this.#recentSize -= byteLength;
    }
    return envelope;
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

  #setFate(number: number, fate: ProductRecord["fate"]): void {
    this.#records.set(number, { ...(this.#records.get(number) as ProductRecord), fate });
  }
}
