/**
 * The Hamming code over words of 64 bits with an overall parity bit, 72 bits in all: one wrong bit is corrected, two are
 * detected (R. W. Hamming, Bell System Technical Journal 29, 1950, 147; the width that memories with ECC have). Three wrong
 * bits look like one, and make a fourth.
 *
 * Bit 0 of a codeword is the overall parity; the places that are powers of two hold the other seven checks; data fills the rest.
 */
export const codeBits = 72;
/** Data bits of a codeword. */
export const dataBits = 64;

/** Places of the data bits in a codeword. */
const dataPlaces: readonly number[] = Array.from({ length: codeBits }, (_, place) => place).filter(
  (place) => (place & (place - 1)) !== 0,
);

/** What decoding a word found. `detected`: wrong, and not corrected. */
export type WordVerdict = "clean" | "corrected" | "detected";

/** A codeword as its bits, each 0 or 1; 72 of them for the 64 given. */
export const encodeWord = (data: ArrayLike<number>): Uint8Array => {
  const code = new Uint8Array(codeBits);
  dataPlaces.forEach((place, i) => (code[place] = (data[i] as number) & 1));
  const syndrome = syndromeOf(code);
  for (let check = 1; check < codeBits; check *= 2) code[check] = (syndrome & check) === 0 ? 0 : 1;
  code[0] = parityOf(code);
  return code;
};

/** Data and verdict of a codeword; data as it stands where two bits are wrong. */
export const decodeWord = (
  code: Uint8Array,
): { readonly data: Uint8Array; readonly verdict: WordVerdict } => {
  const { verdict, turned } = judge(syndromeOf(code), parityOf(code));
  const data = Uint8Array.from(dataPlaces, (place) => (code[place] as number) ^ (place === turned ? 1 : 0));
  return { data, verdict };
};

/**
 * What becomes of a word whose bits at `places` of its codeword were turned over, whatever its data: the code is linear.
 * `left` are the data bits, 0 … 63, that are wrong after decoding.
 */
export const decodeFlips = (
  places: readonly number[],
): { readonly verdict: WordVerdict; readonly left: readonly number[] } => {
  const code = new Uint8Array(codeBits);
  for (const place of places) code[place] = (code[place] as number) ^ 1;
  const { data, verdict } = decodeWord(code);
  return { verdict, left: [...data.keys()].filter((bit) => data[bit] === 1) };
};

const parityOf = (code: Uint8Array): number => code.reduce((sum, bit) => sum ^ bit, 0);

/** Exclusive or of the places of all ones: 0 for a codeword, the place of the wrong bit where one is wrong. */
const syndromeOf = (code: Uint8Array): number =>
  code.reduce((sum, bit, place) => (bit === 1 ? sum ^ place : sum), 0);

const judge = (
  syndrome: number,
  parity: number,
): { readonly verdict: WordVerdict; readonly turned: number | null } => {
  if (syndrome === 0 && parity === 0) return { verdict: "clean", turned: null };
  // An even number of wrong bits, or a place that no codeword has.
  if (parity === 0 || syndrome >= codeBits) return { verdict: "detected", turned: null };
  return { verdict: "corrected", turned: syndrome };
};
