import { alphaTo, fromDual, logarithm, multiply, power, toDual } from "./galois.ts";
import { checkSymbols, codewordSymbols, firstRoot, interleaveDepth, rootSpacing } from "./reed-solomon.ts";

/**
 * Corrects the codeblock at `at` in place, up to 16 wrong symbols in each of its five codewords.
 * Returns how many symbols were wrong, or `null` when a codeword is beyond repair; the block may then be half
 * corrected. More than 16 errors can land on another codeword, unnoticed: only the frame's CRC-32 decides.
 * Syndromes, Berlekamp–Massey, Chien search, Forney: Blahut, "Algebraic Codes for Data Transmission", ch. 7.
 */
export const correctCodeblock = (buffer: Uint8Array, at: number): number | null => {
  let corrected = 0;
  for (let codeword = 0; codeword < interleaveDepth; codeword++) {
    const errors = correctCodeword(buffer, at + codeword);
    if (errors === null) return null;
    corrected += errors;
  }
  return corrected;
};

const correctCodeword = (buffer: Uint8Array, at: number): number | null => {
  const syndromes = syndromesOf(buffer, at);
  if (syndromes.every((s) => s === 0)) return 0;
  const locator = errorLocator(syndromes);
  if (locator === null) return null;
  const evaluator = productModulo(syndromes, locator, checkSymbols);
  const found: { symbol: number; error: number }[] = [];
  for (let symbol = 0; symbol < codewordSymbols; symbol++) {
    // The symbol is the coefficient of x^(254 − symbol); its locator is X = β^(254 − symbol), β = α¹¹.
    const exponent = rootSpacing * (codewordSymbols - 1 - symbol);
    const inverse = alphaTo(-exponent);
    if (evaluate(locator, inverse) !== 0) continue;
    const slope = derivativeAt(locator, inverse);
    if (slope === 0) return null;
    const scale = multiply(alphaTo(exponent * (1 - firstRoot)), evaluate(evaluator, inverse));
    found.push({ symbol, error: multiply(scale, alphaTo(-logarithm[slope]!)) });
  }
  if (found.length !== locator.length - 1) return null;
  for (const { symbol, error } of found) {
    const index = at + symbol * interleaveDepth;
    buffer[index] = toDual[fromDual[buffer[index]!]! ^ error]!;
  }
  return found.length;
};

/** The received word at the 32 roots of the generator, by Horner's rule. */
const syndromesOf = (buffer: Uint8Array, at: number): Uint8Array => {
  const syndromes = new Uint8Array(checkSymbols);
  for (let j = 0; j < checkSymbols; j++) {
    const step = (rootSpacing * (firstRoot + j)) % 255;
    let sum = 0;
    for (let i = 0, index = at; i < codewordSymbols; i++, index += interleaveDepth) {
      sum = (sum === 0 ? 0 : power[logarithm[sum]! + step]!) ^ fromDual[buffer[index]!]!;
    }
    syndromes[j] = sum;
  }
  return syndromes;
};

/** Berlekamp–Massey: Λ(x), lowest power first, of degree at most 16; `null` when no such polynomial fits. */
const errorLocator = (syndromes: Uint8Array): Uint8Array | null => {
  let locator = new Uint8Array(checkSymbols + 1);
  let previous = new Uint8Array(checkSymbols + 1);
  locator[0] = 1;
  previous[0] = 1;
  let degree = 0;
  let shift = 1;
  let lastDiscrepancy = 1;
  for (let n = 0; n < checkSymbols; n++, shift++) {
    let discrepancy = syndromes[n]!;
    for (let i = 1; i <= degree; i++) discrepancy ^= multiply(locator[i]!, syndromes[n - i]!);
    if (discrepancy === 0) continue;
    const ratio = multiply(discrepancy, alphaTo(-logarithm[lastDiscrepancy]!));
    const next = locator.slice();
    for (let i = 0; i + shift <= checkSymbols; i++) next[i + shift]! ^= multiply(ratio, previous[i]!);
    if (2 * degree <= n) {
      degree = n + 1 - degree;
      previous = locator;
      lastDiscrepancy = discrepancy;
      shift = 0;
    }
    locator = next;
  }
  return degree > checkSymbols / 2 || locator[degree] === 0 ? null : locator.slice(0, degree + 1);
};

/** a(x) b(x) mod x^length, lowest power first. */
const productModulo = (a: Uint8Array, b: Uint8Array, length: number): Uint8Array => {
  const product = new Uint8Array(length);
  for (let i = 0; i < b.length; i++) {
    for (let j = 0; i + j < length; j++) product[i + j]! ^= multiply(b[i]!, a[j]!);
  }
  return product;
};

const evaluate = (polynomial: Uint8Array, x: number): number =>
  polynomial.reduceRight((sum, coefficient) => multiply(sum, x) ^ coefficient, 0);

/** Formal derivative at x: in characteristic 2 only the odd powers are left. */
const derivativeAt = (polynomial: Uint8Array, x: number): number =>
  evaluate(
    Uint8Array.from({ length: polynomial.length - 1 }, (_, i) => (i % 2 === 0 ? polynomial[i + 1]! : 0)),
    x,
  );
