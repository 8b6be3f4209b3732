/** 128 MB hold two rows of tiles of a 10,980² scene of four 16-bit bands: what windows read in row order come back to. */
export const defaultCacheBytes = 128_000_000;

/**
 * What was decoded, bounded in bytes. Overflow policy: the least recently used is dropped, and made again when it is asked for. Holds
 * promises: whoever asks for something that is just being made waits for that instead of starting another.
 */
export class ByteCache<Value> {
  readonly #capacityBytes: number;
  readonly #entries = new Map<string, { readonly value: Promise<Value>; readonly bytes: number }>();
  #heldBytes = 0;

  readonly #dropped: (value: Promise<Value>) => void;

  /**
   * `capacityBytes` bounds the sum of what its values say that they take; `dropped` hears of each value that is kept no longer, once.
   */
  constructor(
    capacityBytes: number = defaultCacheBytes,
    dropped: (value: Promise<Value>) => void = () => undefined,
  ) {
    this.#capacityBytes = capacityBytes;
    this.#dropped = dropped;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * The value under `key`, from `make` when it is not at hand; `bytes`: what it takes in memory. One that alone exceeds the capacity
   * is given and not kept. A failed `make` is forgotten: who started it is told, the next one tries again.
   */
  get(key: string, bytes: number, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const value = make();
    this.#entries.set(key, { value, bytes });
    this.#heldBytes += bytes;
    value.catch(() => {
      if (this.#entries.get(key)?.value === value) this.#forget(key);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#heldBytes <= this.#capacityBytes) break;
      this.#forget(oldest);
    }
    return value;
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.#forget(key);
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#heldBytes -= entry.bytes;
    this.#dropped(entry.value);
  }
}
