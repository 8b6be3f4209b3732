/** Reads bits, least significant first. Past the end come zeros; `overrun` tells. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** `count` ≤ 16. */
  read(count: number): number {
    while (this.#pendingBits < count) {
      this.#pending |= (this.#bytes[this.#at] ?? 0) << this.#pendingBits;
      this.#at++;
      this.#pendingBits += 8;
    }
    const value = this.#pending & ((1 << count) - 1);
    this.#pending >>>= count;
    this.#pendingBits -= count;
    return value;
  }

  get overrun(): boolean {
    return this.#at > this.#bytes.length;
  }
}
