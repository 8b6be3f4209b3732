/*
 * A binary arithmetic coder (a range coder with carry, as in LZMA) and the adaptive bits that it is fed with. All in integers, so that every
 * machine decodes what any machine encoded.
 */

/** Chances of zero of many bits, each learned from what was coded with it: the mean of one that follows quickly and one that follows slowly. */
export interface AdaptiveBits {
  readonly quick: Uint16Array;
  readonly slow: Uint16Array;
}

/** `count` bits of which nothing is known. */
export const adaptiveBits = (count: number): AdaptiveBits => ({
  quick: new Uint16Array(count).fill(1 << 14),
  slow: new Uint16Array(count).fill(1 << 14),
});

/** Chances are 15 bits wide. */
const whole = 1 << 15;
/** No chance is ever so small that a bit against it costs more than 11 bits. */
const least = 16;

const chanceOfZero = ({ quick, slow }: AdaptiveBits, index: number): number => {
  const chance = ((quick[index] as number) + (slow[index] as number)) >>> 1;
  return Math.min(whole - least, Math.max(least, chance));
};

const learn = ({ quick, slow }: AdaptiveBits, index: number, bit: number): void => {
  const [a, b] = [quick[index] as number, slow[index] as number];
  quick[index] = bit === 0 ? a + ((whole - a) >>> 4) : a - (a >>> 4);
  slow[index] = bit === 0 ? b + ((whole - b) >>> 7) : b - (b >>> 7);
};

/** What codes bits one way or the other: an encoder takes the bit that it is given and returns it, a decoder finds it. */
export interface BitCoder {
  /** One bit with the chances of `bits[index]`, which learn from it. */
  readonly bit: (bits: AdaptiveBits, index: number, bit: number) => number;
  /** `width` bits that are as likely as not, highest first. */
  readonly plain: (value: number, width: number) => number;
}

const top = 2 ** 24;

/** Encodes bits; `finish` gives the bytes. */
export class RangeEncoder implements BitCoder {
  #low = 0;
  #range = 2 ** 32 - 1;
  #held = 0;
  /** Bytes held back because a carry may still change them: `#held`, and 0xff's after it. */
  #waiting = 1;
  #bytes = new Uint8Array(1024);
  #length = 0;

  bit(bits: AdaptiveBits, index: number, bit: number): number {
    const bound = (this.#range >>> 15) * chanceOfZero(bits, index);
    if (bit === 0) this.#range = bound;
    else {
      this.#low += bound;
      this.#range -= bound;
    }
    learn(bits, index, bit);
    this.#settle();
    return bit;
  }

  plain(value: number, width: number): number {
    for (let i = width - 1; i >= 0; i--) {
      this.#range = this.#range >>> 1;
      if ((value >>> i) & 1) this.#low += this.#range;
      this.#settle();
    }
    return value;
  }

  /** All bytes. Nothing may be coded afterwards. */
  finish(): Uint8Array {
    for (let i = 0; i < 5; i++) this.#shift();
    // The first byte is never anything but a zero, and zeros at the end are read where there is nothing.
    let end = this.#length;
    while (end > 1 && this.#bytes[end - 1] === 0) end -= 1;
    return this.#bytes.slice(1, end);
  }

  #settle(): void {
    while (this.#range < top) {
      this.#range = (this.#range * 256) >>> 0;
      this.#shift();
    }
  }

  #shift(): void {
    if (this.#low < 0xff000000 || this.#low >= 2 ** 32) {
      const carry = this.#low >= 2 ** 32 ? 1 : 0;
      for (let byte = this.#held; this.#waiting > 0; this.#waiting -= 1, byte = 0xff) this.#put(byte + carry);
      this.#held = Math.floor(this.#low / top) & 0xff;
    }
    this.#waiting += 1;
    this.#low = (this.#low % top) * 256;
  }

  #put(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length] = byte & 0xff;
    this.#length += 1;
  }
}

/** Decodes what a `RangeEncoder` wrote. Of bytes that it did not write it makes some bits or other: a digest has to tell. */
export class RangeDecoder implements BitCoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #code = 0;
  #range = 2 ** 32 - 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#take();
  }

  bit(bits: AdaptiveBits, index: number): number {
    const bound = (this.#range >>> 15) * chanceOfZero(bits, index);
    const bit = this.#code < bound ? 0 : 1;
    if (bit === 0) this.#range = bound;
    else {
      this.#code -= bound;
      this.#range -= bound;
    }
    learn(bits, index, bit);
    this.#settle();
    return bit;
  }

  plain(_value: number, width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++) {
      this.#range = this.#range >>> 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      this.#settle();
    }
    return value;
  }

  #settle(): void {
    while (this.#range < top) {
      this.#range = (this.#range * 256) >>> 0;
      this.#take();
    }
  }

  #take(): void {
    this.#code = ((this.#code * 256) >>> 0) + (this.#bytes[this.#at] ?? 0);
    this.#at += 1;
  }
}
