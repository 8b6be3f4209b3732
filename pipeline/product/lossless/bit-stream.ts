/** Bits in the making, least significant first. */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** The lowest `count` bits of `value`; `count` ≤ 16. */
  write(value: number, count: number): void {
    this.#pending |= (value & ((1 << count) - 1)) << this.#pendingBits;
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#push(this.#pending & 255);
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }

  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.#push(this.#pending & 255);
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what `BitWriter` wrote. Past the end come zeros; `overrun` tells. */
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
