/** 128 MB hold two rows of tiles of a 10,980² scene of four 16-bit bands: what windows read in row order come back to. */
export const defaultCacheBytes = 128_000_000;

/**
 * Decoded blocks, least recently used out first, bounded in bytes. Holds promises: whoever asks for a block
 * that is just being decoded waits for that decode instead of starting another.
 */
export class BlockCache<Block> {
  readonly #capacityBytes: number;
  readonly #entries = new Map<string, { readonly block: Promise<Block>; readonly bytes: number }>();
  #heldBytes = 0;

  constructor(capacityBytes: number = defaultCacheBytes) {
    this.#capacityBytes = capacityBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get(key: string): Promise<Block> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.block;
  }

  /** Overflow: the least recently used blocks are forgotten, the new one too when it alone exceeds the capacity. */
  put(key: string, block: Promise<Block>, bytes: number): void {
    this.#forget(key);
    this.#entries.set(key, { block, bytes });
    this.#heldBytes += bytes;
    // A failed decode is not kept: the reader that started it reports it, the next one tries again.
    block.catch(() => {
      if (this.#entries.get(key)?.block === block) this.#forget(key);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#heldBytes <= this.#capacityBytes) break;
      this.#forget(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#heldBytes = 0;
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#heldBytes -= entry.bytes;
  }
}
