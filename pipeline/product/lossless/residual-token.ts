/**
 * Residuals as tokens and loose bits: small residuals are tokens of their own, larger ones a token for the exponent and
 * the next two bits, with the rest written as they are (the split of JPEG XL's hybrid integers). The sign interleaves:
 * 0, −1, 1, −2, 2 … become 0, 1, 2, 3, 4 … The tile kernel makes tokens by itself; this is what they mean.
 */
const direct = 16;
/** Enough for residuals of ±65,535: zigzag values below 2¹⁷. */
export const tokenCount = direct + (17 - 4) * 4;

/** Unsigned → signed: 0, 1, 2, 3 … become 0, −1, 1, −2 … */
export const unzigzag = (value: number): number => ((value & 1) === 0 ? value >> 1 : -((value + 1) >> 1));

/** How many loose bits follow a token. */
export const looseBitsOf = (token: number): number => (token < direct ? 0 : 2 + ((token - direct) >> 2));

/** The smallest zigzag value of a token; the loose bits are added to it. */
export const baseOf = (token: number): number =>
  token < direct ? token : (4 + ((token - direct) & 3)) << looseBitsOf(token);
