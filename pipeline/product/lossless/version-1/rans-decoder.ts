import { frequencyBits, frequencyTotal, startsOf } from "../symbol-frequencies.ts";

/**
 * Range asymmetric numeral systems (Duda 2013) with static 12-bit frequencies and bytewise renormalisation. The state
 * stays in [2²³, 2³¹), so that every step is 32-bit integer arithmetic.
 */
const lowest = 1 << 23;

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

/** Reads symbols first to last. */
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
