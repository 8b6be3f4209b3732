import { alphaTo, fromDual, multiply, toDual } from "./galois.ts";

/**
 * Reed–Solomon (255, 223) of CCSDS 131.0-B §4, E = 16, dual-basis symbols, interleaved to depth 5: symbol j of
 * codeword i stands at byte 5 j + i of the codeblock. Five codewords carry 1,115 bytes and 160 check bytes.
 */
export const interleaveDepth = 5;
/** Symbols of a codeword, one byte each. */
export const codewordSymbols = 255;
/** Check symbols of a codeword: up to 16 wrong symbols are corrected. */
export const checkSymbols = 32;
/** Data symbols of a codeword: 223. */
export const messageSymbols = codewordSymbols - checkSymbols;
/** Data bytes of a codeblock: 1,115. */
export const messageBytes = messageSymbols * interleaveDepth;
/** Bytes of a codeblock, check symbols included: 1,275. */
export const codeblockBytes = codewordSymbols * interleaveDepth;

/** The roots of the generator are α^(11 j), j = 112 … 143. */
export const firstRoot = 112;
/** The power of α between neighbouring roots. */
export const rootSpacing = 11;

/** Coefficients of g(x) from x³² (which is 1) down to x⁰. */
const generator = (): Uint8Array => {
  let g = Uint8Array.of(1);
  for (let j = 0; j < checkSymbols; j++) {
    const root = alphaTo(rootSpacing * (firstRoot + j));
    const next = new Uint8Array(g.length + 1);
    for (let i = 0; i < g.length; i++) {
      next[i]! ^= g[i]!;
      next[i + 1]! ^= multiply(g[i]!, root);
    }
    g = next;
  }
  return g;
};

const wordsOfState = checkSymbols / 4;

/**
 * Four symbols a step, as CRCs are sliced by four. The state is the remainder so far, eight big-endian words with the
 * highest power first. `slices[(k · 256 + b) · 8 …]` holds b · x^(35 − k) mod g(x), both b and the result in the dual
 * basis: the change of basis is linear, so it can live in the table and costs nothing at run time.
 */
const slices = ((): Int32Array => {
  const g = generator();
  const table = new Int32Array(4 * 256 * wordsOfState);
  for (let symbol = 0; symbol < 256; symbol++) {
    const remainder = g.slice(1).map((coefficient) => multiply(coefficient, fromDual[symbol]!));
    for (let k = 3; k >= 0; k--) {
      for (let i = 0; i < checkSymbols; i++) {
        const word = (k * 256 + symbol) * wordsOfState + (i >> 2);
        table[word]! |= toDual[remainder[i]!]! << (24 - 8 * (i & 3));
      }
      // On to the next power: multiply by x and reduce.
      const top = remainder[0]!;
      remainder.copyWithin(0, 1);
      remainder[checkSymbols - 1] = 0;
      for (let i = 0; i < checkSymbols; i++) remainder[i]! ^= multiply(top, g[i + 1]!);
    }
  }
  return table;
})();

/** Fills in the 160 check bytes of the codeblock that starts at `at`, from its first 1,115 bytes. */
export const encodeCheckSymbols = (buffer: Uint8Array, at: number): void => {
  for (let codeword = 0; codeword < interleaveDepth; codeword++) encodeCodeword(buffer, at + codeword);
};

const encodeCodeword = (buffer: Uint8Array, at: number): void => {
  const table = slices;
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  // 223 = 3 + 55 · 4: one leading zero symbol, which changes nothing, makes the steps even.
  let input = (buffer[at]! << 16) | (buffer[at + 5]! << 8) | buffer[at + 10]!;
  let next = at + 15;
  const end = at + messageBytes;
  for (;;) {
    const fed = s0 ^ input;
    const a = (fed >>> 24) << 3;
    const b = 2048 + (((fed >>> 16) & 0xff) << 3);
    const c = 4096 + (((fed >>> 8) & 0xff) << 3);
    const d = 6144 + ((fed & 0xff) << 3);
    s0 = s1 ^ table[a]! ^ table[b]! ^ table[c]! ^ table[d]!;
    s1 = s2 ^ table[a + 1]! ^ table[b + 1]! ^ table[c + 1]! ^ table[d + 1]!;
    s2 = s3 ^ table[a + 2]! ^ table[b + 2]! ^ table[c + 2]! ^ table[d + 2]!;
    s3 = s4 ^ table[a + 3]! ^ table[b + 3]! ^ table[c + 3]! ^ table[d + 3]!;
    s4 = s5 ^ table[a + 4]! ^ table[b + 4]! ^ table[c + 4]! ^ table[d + 4]!;
    s5 = s6 ^ table[a + 5]! ^ table[b + 5]! ^ table[c + 5]! ^ table[d + 5]!;
    s6 = s7 ^ table[a + 6]! ^ table[b + 6]! ^ table[c + 6]! ^ table[d + 6]!;
    s7 = table[a + 7]! ^ table[b + 7]! ^ table[c + 7]! ^ table[d + 7]!;
    if (next >= end) break;
    input =
      (buffer[next]! << 24) | (buffer[next + 5]! << 16) | (buffer[next + 10]! << 8) | buffer[next + 15]!;
    next += 20;
  }
  for (const word of [s0, s1, s2, s3, s4, s5, s6, s7]) {
    buffer[next] = word >>> 24;
    buffer[next + 5] = word >>> 16;
    buffer[next + 10] = word >>> 8;
    buffer[next + 15] = word;
    next += 20;
  }
};
