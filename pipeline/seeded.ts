/**
 * Seeded randomness. Every draw in Swath is a pure function of a key, never of the clock or of other draws
 * `seeded(run.seed, "noise", contact, turn)` gives the same numbers in any process, in any order of calls.
 *
 * The generator is xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2021).
 * `log`, `sqrt` and friends are V8's own fdlibm port, so results do not depend on the machine's C library.
 */
export type SeedKey = string | number;

/** Words of the state; the seed is a hash of the key. */
type Words = readonly [number, number, number, number];

/** How far a stream has been drawn from. */
export interface SeededSnapshot {
  readonly words: Uint32Array;
  readonly spare: number | null;
}

/** A stream of random numbers that follows from a seed alone. */
export class Seeded {
  /** Where this stream began: splitting starts from here, so it does not matter how much was drawn before. */
  readonly #origin: Words;
  readonly #state: Uint32Array;
  #spare: number | null = null;

  constructor(words: Words) {
    this.#origin = words;
    this.#state = Uint32Array.of(...words);
  }

  /** How far it has been drawn from. */
  snapshot(): SeededSnapshot {
    return { words: this.#state.slice(), spare: this.#spare };
  }

  /** Goes on from where a stream of the same key was. */
  restore({ words, spare }: SeededSnapshot): void {
    this.#state.set(words);
    this.#spare = spare;
  }

  /** An independent stream for a part of the work; the same whether or not this one has been drawn from. */
  split(...key: readonly SeedKey[]): Seeded {
    return new Seeded(hashKey(key, this.#origin));
  }

  /** An integer of 0 … 2³² − 1. */
  uint32(): number {
    const s = this.#state;
    const s0 = s[0]!;
    const s1 = s[1]!;
    const s2 = s[2]!;
    const s3 = s[3]!;
    const scrambled = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
    const t2 = s2 ^ s0;
    const t3 = s3 ^ s1;
    s[0] = s0 ^ t3;
    s[1] = s1 ^ t2;
    s[2] = t2 ^ (s1 << 9);
    s[3] = rotateLeft(t3, 11);
    return scrambled >>> 0;
  }

  /** In [0, 1), all 53 bits drawn. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** An integer of 0 … `end` − 1; `end` at most 2⁵³, where bias is below 1 in 2⁵³ / end. */
  integer(end: number): number {
    return Math.floor(this.uniform() * end);
  }

  /** Mean 0, standard deviation 1 (Marsaglia's polar method). */
  gaussian(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /**
   * How many trials fail before the first that succeeds, each with `probability`; `Infinity` for 0.
   * Walks rare events over a long buffer without looking at every bit of it.
   */
  geometric(probability: number): number {
    if (probability <= 0) return Infinity;
    if (probability >= 1) return 0;
    return Math.floor(Math.log1p(-this.uniform()) / Math.log1p(-probability));
  }

  /** How many of `trials` succeed, each with `probability`. Takes time in proportion to the mean (or its complement). */
  binomial(trials: number, probability: number): number {
    if (probability > 0.5) return trials - this.binomial(trials, 1 - probability);
    let successes = 0;
    for (let at = this.geometric(probability); at < trials; at += 1 + this.geometric(probability))
      successes++;
    return successes;
  }
}

/** The stream that belongs to a key. Parts are typed: `1` and `"1"` differ, and so do `("a", "b")` and `("ab")`. */
export const seeded = (...key: readonly SeedKey[]): Seeded =>
  new Seeded(hashKey(key, [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667]));

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** Absorbs 32-bit words into four lanes and finishes each with murmur3's avalanche. */
const hashKey = (key: readonly SeedKey[], [a0, b0, c0, d0]: Words): Words => {
  let [a, b, c, d] = [a0, b0, c0, d0];
  const absorb = (word: number): void => {
    a = b ^ Math.imul(a ^ word, 0x23974a6f);
    b = c ^ Math.imul(b ^ word, 0xac4c1b51 | 0);
    c = d ^ Math.imul(c ^ word, 0x94a3c18d | 0);
    d = a ^ Math.imul(d ^ word, 0xa136aaad | 0);
    a = rotateLeft(a, 15);
    c = rotateLeft(c, 13);
  };
  const float = new DataView(new ArrayBuffer(8));
  for (const part of key) {
    if (typeof part === "string") {
      absorb(0x73 ^ (part.length << 8));
      for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i));
    } else {
      float.setFloat64(0, part);
      absorb(0x6e);
      absorb(float.getInt32(0));
      absorb(float.getInt32(4));
    }
  }
  for (let round = 0; round < 4; round++) absorb(key.length);
  // The all-zero state is the one xoshiro never leaves.
  return [avalanche(a), avalanche(b), avalanche(c), avalanche(d) | 1];
};

const avalanche = (x: number): number => {
  let y = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  y = Math.imul(y ^ (y >>> 13), 0xc2b2ae35);
  return (y ^ (y >>> 16)) >>> 0;
};
