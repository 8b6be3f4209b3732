import type { Raster } from "../pipeline/raster/raster.ts";
import type { Bytes } from "../pipeline/units.ts";

interface Entry {
  readonly raster: Promise<Raster>;
  readonly size: number;
}

/**
 * Decoded tiles at hand, of all acquisitions together: every core is part of up to nine windows, and to decode it nine
 * times would be most of the work. Overflow policy: drop the least recently used; it is decoded again when asked for.
 */
export class DecodedTiles {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();
  #held = 0;

  constructor(capacity: Bytes) {
    this.#capacity = capacity;
  }

  /** The tile under `key`, from `decode` when it is not at hand; `size`: what it takes in memory. */
  get(key: string, size: Bytes, decode: () => Promise<Raster>): Promise<Raster> {
    const entry = this.#take(key) ?? { raster: decode(), size };
    this.#entries.set(key, entry);
    this.#held += entry.size;
    for (const oldest of this.#entries.keys()) {
      if (this.#held <= this.#capacity) break;
      this.#take(oldest);
    }
    return entry.raster;
  }

  #take(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#held -= entry.size;
    return entry;
  }
}
