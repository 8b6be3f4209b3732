import { adaptiveBits, type AdaptiveBits, type BitCoder } from "./range-coder.ts";

/** Chances of the parts of a whole number: whether it is zero, its sign, how long it is, and its highest bits; a set for each context. */
export interface IntegerChances {
  readonly zero: AdaptiveBits;
  readonly negative: AdaptiveBits;
  readonly longer: AdaptiveBits;
  readonly digits: AdaptiveBits;
}

/** Longest number: 33 bits, the difference of two of 32. */
const longest = 34;
/** Bits below the highest one whose chances are learned; those below them are as likely as not. */
const learned = 3;

/** Chances of numbers in so many contexts. */
export const integerChances = (contexts: number): IntegerChances => ({
  zero: adaptiveBits(contexts),
  negative: adaptiveBits(contexts),
  longer: adaptiveBits(contexts * longest),
  digits: adaptiveBits(contexts * longest * (1 << learned)),
});

/**
 * One whole number up to 33 bits and its sign, as an exponential Golomb code whose bits have learned chances. Returns the number; a decoder
 * does not look at `value`.
 */
export const codeInteger = (
  coder: BitCoder,
  chances: IntegerChances,
  context: number,
  value: number,
): number => {
  if (coder.bit(chances.zero, context, value === 0 ? 0 : 1) === 0) return 0;
  const isNegative = coder.bit(chances.negative, context, value < 0 ? 1 : 0) === 1;
  const size = Math.abs(value);
  // Bits below the highest one.
  const wanted = size < 2 ** 31 ? 31 - Math.clz32(size) : Math.floor(Math.log2(size));
  let length = 0;
  while (
    length < longest - 1 &&
    coder.bit(chances.longer, context * longest + length, length < wanted ? 1 : 0) === 1
  ) {
    length += 1;
  }
  let found = 1;
  for (let i = length - 1; i >= 0;) {
    if (length - 1 - i < learned) {
      const index = ((context * longest + length) << learned) + found;
      found = 2 * found + coder.bit(chances.digits, index, Math.floor(size / 2 ** i) % 2);
      i -= 1;
      continue;
    }
    const width = Math.min(16, i + 1);
    const low = i + 1 - width;
    found = found * 2 ** width + coder.plain(Math.floor(size / 2 ** low) % 2 ** width, width);
    i -= width;
  }
  return isNegative ? -found : found;
};
