import { SwathError } from "../../errors.ts";
import type { Bytes, Instant } from "../../units.ts";
import { bytes, instant } from "../../units.ts";
import type { Piece } from "../frames/piece.ts";
import { RangeSet } from "../frames/ranges.ts";

/** A product of which every byte has arrived. */
export interface Completion {
  /** `Product.number`. */
  readonly product: number;
  /** For `decodeEnvelope`. */
  readonly envelope: Uint8Array;
  /** When the last of the bytes arrived. */
  readonly completedAt: Instant;
}

interface Assembly {
  readonly envelope: Uint8Array;
  readonly received: RangeSet;
  latest: number;
}

/**
 * Puts the products of one satellite together again, at the mission centre: the stations of a network hand on what they
 * accept, so a product may come down through several of them.
 *
 * The outcome does not depend on the order of calls, and pieces that come twice change nothing. That holds because a
 * satellite sends no byte twice unless a station has named its frame missing: a second copy of a byte is a message
 * played again, with the same arrival time. Each product completes exactly once.
 *
 * Incomplete products take memory for their whole length, at most `capacity` together. Overflow policy: error, since to
 * drop one would make the result depend on the order of arrival; `forget` what the satellite is known to have dropped.
 */
export class Reassembler {
  readonly #capacity: Bytes;
  readonly #partial = new Map<number, Assembly>();
  readonly #finished = new RangeSet();
  #held = 0;

  constructor(options: { readonly capacity: Bytes }) {
    this.#capacity = options.capacity;
  }

  /** Products of which some bytes have arrived, but not all. */
  get incomplete(): readonly number[] {
    return [...this.#partial.keys()].toSorted((a, b) => a - b);
  }

  /** Whether the product has completed, or was given up. */
  isFinished(product: number): boolean {
    return this.#finished.has(product);
  }

  /** Memory held for them. */
  get held(): Bytes {
    return bytes(this.#held);
  }

  /**
   * Takes in a piece, copying its data; returns the product that it completes.
   * Throws `SwathError` ("link") beyond the capacity, and for a piece that contradicts earlier ones on the total.
   */
  accept(piece: Piece, receivedAt: Instant): Completion | null {
    const { product, offset, data } = piece;
    if (this.#finished.has(product)) return null;
    const partial = this.#partial.get(product) ?? this.#start(piece);
    if (partial.envelope.length !== piece.total) {
      throw new SwathError("link", {
        what: `piece of product ${product} contradicts the ones before`,
        wanted: `a total of ${partial.envelope.length} bytes`,
        got: `${piece.total}`,
      });
    }
    for (const [first, last] of partial.received.add(offset, offset + data.length - 1)) {
      partial.envelope.set(data.subarray(first - offset, last + 1 - offset), first);
      partial.latest = Math.max(partial.latest, receivedAt);
    }
    if (partial.received.size < piece.total) return null;
    this.#finish(product, partial);
    return { product, envelope: partial.envelope, completedAt: instant(partial.latest) };
  }

  /** Gives up a product that can no longer complete; returns how many of its bytes had arrived. */
  forget(product: number): Bytes {
    const partial = this.#partial.get(product);
    if (partial === undefined) return bytes(0);
    this.#finish(product, partial);
    return bytes(partial.received.size);
  }

  #start({ product, total }: Piece): Assembly {
    if (this.#held + total > this.#capacity) {
      throw new SwathError("link", {
        what: `no memory left to put product ${product} together`,
        wanted: `at most ${this.#capacity} bytes for incomplete products`,
        got: `${this.#held} held and ${total} more`,
        hint: "fewer products in transit at once, or a larger reassembly capacity",
      });
    }
    this.#held += total;
    const partial = { envelope: new Uint8Array(total), received: new RangeSet(), latest: -Infinity };
    this.#partial.set(product, partial);
    return partial;
  }

  #finish(product: number, partial: Assembly): void {
    this.#held -= partial.envelope.length;
    this.#partial.delete(product);
    this.#finished.add(product, product);
  }
}
