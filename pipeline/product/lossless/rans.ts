/**
 * Range asymmetric numeral systems (Duda 2013) with static 12-bit frequencies and bytewise renormalisation. The state
 * stays in [2²³, 2³¹), so that every step is 32-bit integer arithmetic. A symbol costs its entropy to within a thousandth.
 */
const frequencyBits = 12;
/** The sum of all frequencies of a table: 4,096. */
export const frequencyTotal = 1 << frequencyBits;
const lowest = 1 << 23;

/** Whole frequencies that sum to `frequencyTotal`, none of them 0 where the count is not. At least one count is above 0. */
export const normaliseFrequencies = (counts: ArrayLike<number>): Uint16Array => {
  let total = 0;
  for (let s = 0; s < counts.length; s++) total += counts[s]!;
  const frequencies = new Uint16Array(counts.length);
  let left = frequencyTotal;
  let largest = 0;
  for (let s = 0; s < counts.length; s++) {
    if (counts[s] === 0) continue;
    const f = Math.max(1, Math.floor((counts[s]! * frequencyTotal) / total));
    frequencies[s] = f;
    left -= f;
    if (f > frequencies[largest]!) largest = s;
  }
  // Rounding down leaves a rest, the floor of 1 may overdraw: the commonest symbols bear both.
  while (left < 0) {
    let s = 0;
    for (let c = 1; c < counts.length; c++) if (frequencies[c]! > frequencies[s]!) s = c;
    frequencies[s] = frequencies[s]! - 1;
    left++;
  }
  if (left > 0) frequencies[largest] = frequencies[largest]! + left;
  return frequencies;
};

/** Where each symbol's slots begin. */
export const startsOf = (frequencies: Uint16Array): Uint16Array => {
  const starts = new Uint16Array(frequencies.length);
  let sum = 0;
  for (let s = 0; s < frequencies.length; s++) {
    starts[s] = sum;
    sum += frequencies[s]!;
  }
  return starts;
};

/** Takes symbols last to first; the decoder then yields them first to last. */
export class RansEncoder {
  #state = lowest;
  readonly #bytes: Uint8Array;
  #at: number;

  /** `symbols`: how many will be put at most. */
  constructor(symbols: number) {
    // 12 bits a symbol is the dearest there is.
    this.#bytes = new Uint8Array(Math.ceil(symbols * 1.5) + 8);
    this.#at = this.#bytes.length;
  }

  put(start: number, frequency: number): void {
    let state = this.#state;
    const limit = frequency << (31 - frequencyBits);
    // `limit` is 2³¹ for a symbol that is certain, which costs nothing.
    if (frequency === frequencyTotal) return;
    while (state >= limit) {
      this.#bytes[--this.#at] = state & 255;
      state >>>= 8;
    }
    const quotient = (state / frequency) | 0;
    this.#state = (quotient << frequencyBits) + (state - quotient * frequency) + start;
  }

  finish(): Uint8Array {
    for (let i = 0; i < 4; i++) {
      this.#bytes[--this.#at] = this.#state & 255;
      this.#state >>>= 8;
    }
    return this.#bytes.slice(this.#at);
  }
}

/** Slot → symbol, and the step that goes with it, for one set of frequencies. */
export interface RansTable {
  readonly frequencies: Uint16Array;
  readonly starts: Uint16Array;
  /** `frequencyTotal` entries. */
  readonly symbols: Uint8Array;
}

/** The decoder's table. `frequencies` sum to `frequencyTotal`. */
export const ransTable = (frequencies: Uint16Array): RansTable => {
  const starts = startsOf(frequencies);
  const symbols = new Uint8Array(frequencyTotal);
  for (let s = 0; s < frequencies.length; s++) symbols.fill(s, starts[s]!, starts[s]! + frequencies[s]!);
  return { frequencies, starts, symbols };
};

/** Reads symbols first to last from what `RansEncoder` wrote. */
export class RansDecoder {
  readonly #bytes: Uint8Array;
  #state = 0;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#state = ((this.#state << 8) | (bytes[this.#at++] ?? 0)) >>> 0;
    this.#state &= 0x7fffffff;
  }

  take({ frequencies, starts, symbols }: RansTable): number {
    const slot = this.#state & (frequencyTotal - 1);
    const symbol = symbols[slot]!;
    let state = frequencies[symbol]! * (this.#state >>> frequencyBits) + slot - starts[symbol]!;
    while (state < lowest) {
      state = (state << 8) | (this.#bytes[this.#at++] ?? 0);
      // A stream that ran dry would otherwise never leave 0.
      if (this.#at > this.#bytes.length + 8) break;
    }
    this.#state = state;
    return symbol;
  }

  /** Whether all bytes are used and the state is where the encoder began: a damaged stream very rarely ends so. */
  get finished(): boolean {
    return this.#at === this.#bytes.length && this.#state === lowest;
  }
}
