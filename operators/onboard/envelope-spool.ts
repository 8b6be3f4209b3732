import type { Spool, SpoolSlot } from "../../pipeline/spool.ts";
import type { StoredProduct } from "../flight/store.ts";

/** Envelopes kept at hand beside the one that is being sent; bytes. Overflow policy: drop the least recently used. */
const recentBytes = 16e6;

/** The bytes of what a satellite stores: in a spool on disk, so that memory stays flat, with the latest at hand. */
export class Envelopes {
  readonly #spool: Spool;
  readonly #recent = new Map<SpoolSlot, Uint8Array>();
  #recentSize = 0;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Throws `SwathError("storage")` on a full disk. */
  write(envelope: Uint8Array): Promise<SpoolSlot> {
    return this.#spool.write(envelope);
  }

  /** The envelope of a product, which may be asked for once a frame. */
  async read({ slot }: Pick<StoredProduct, "slot">): Promise<Uint8Array> {
    if (slot === null) throw new RangeError("a product that has no bytes to be read");
    const known = this.#recent.get(slot);
    if (known !== undefined) {
      this.#recent.delete(slot);
      this.#recent.set(slot, known);
      return known;
    }
    const envelope = await this.#spool.read(slot);
    this.#recent.set(slot, envelope);
    this.#recentSize += envelope.byteLength;
    for (const [oldest, { byteLength }] of this.#recent) {
      if (this.#recentSize <= recentBytes || oldest === slot) break;
      this.#recent.delete(oldest);
      this.#recentSize -= byteLength;
    }
    return envelope;
  }
}
