import { alphaTo, fromDual, logarithm, multiply, power, toDual } from "./galois.ts";
import {
  checkSymbols,
  codeblockBytes,
  codewordSymbols,
  encodeCheckSymbols,
  firstRoot,
  interleaveDepth,
  messageBytes,
  rootSpacing,
} from "./reed-solomon.ts";

/**
 * Corrects the codeblock at `at` in place, up to 16 wrong symbols in each of its five codewords.
 * Returns how many symbols were wrong, or `null` when a codeword is beyond repair; the block may then be half
 * corrected. More than 16 errors can land on another codeword, unnoticed: only the frame's CRC-32 decides.
 * Syndromes, Berlekamp–Massey, Chien search, Forney: Blahut, "Algebraic Codes for Data Transmission", ch. 7.
 */
export const correctCodeblock = (buffer: Uint8Array, at: number): number | null => {
  // What the encoder makes of the received message differs from the received check symbols by the remainder of the
  // received word modulo g(x). It has the same syndromes at an eighth of the length.
  const remainders = new Uint8Array(codeblockBytes); // Not `slice`: that of a Buffer does not copy.
  remainders.set(buffer.subarray(at, at + codeblockBytes));
  encodeCheckSymbols(remainders, 0);
  for (let i = messageBytes; i < codeblockBytes; i++) {
    remainders[i] = fromDual[remainders[i]! ^ buffer[at + i]!]!;
  }
  let corrected = 0;
  for (let codeword = 0; codeword < interleaveDepth; codeword++) {
    const syndromes = syndromesOf(remainders, messageBytes + codeword);
    const errors = syndromes === null ? 0 : correctCodeword(buffer, at + codeword, syndromes);
    if (errors === null) return null;
    corrected += errors;
  }
  return corrected;
};

/** The remainder whose first symbol is `remainders[at]` at the 32 roots of the generator; `null` when it is zero. */
const syndromesOf = (remainders: Uint8Array, at: number): Uint8Array | null => {
  let isClean = true;
  for (let i = 0; i < checkSymbols; i++) isClean &&= remainders[at + i * interleaveDepth] === 0;
  if (isClean) return null;
  const syndromes = new Uint8Array(checkSymbols);
  for (let j = 0; j < checkSymbols; j++) {
    const step = (rootSpacing * (firstRoot + j)) % 255;
    let sum = 0;
    for (let i = 0, index = at; i < checkSymbols; i++, index += interleaveDepth) {
      sum = (sum === 0 ? 0 : power[logarithm[sum]! + step]!) ^ remainders[index]!;
    }
    syndromes[j] = sum;
  }
  return syndromes;
};

const correctCodeword = (buffer: Uint8Array, at: number, syndromes: Uint8Array): number | null => {
  const locator = errorLocator(syndromes);
  if (locator === null) return null;
  const exponents = errorExponents(locator);
  if (exponents.length !== locator.length - 1) return null;
  const evaluator = productModulo(syndromes, locator, checkSymbols);
  const corrections: { readonly index: number; readonly error: number }[] = [];
  for (const exponent of exponents) {
    // Forney: e = X^(1 − 112) Ω(1/X) / Λ'(1/X), where X = β^exponent.
    const inverse = alphaTo(-rootSpacing * exponent);
    const slope = derivativeAt(locator, inverse);
    if (slope === 0) return null;
    const scale = alphaTo(rootSpacing * exponent * (1 - firstRoot) - logarithm[slope]!);
    const symbol = codewordSymbols - 1 - exponent;
    corrections.push({
      index: at + symbol * interleaveDepth,
      error: multiply(scale, evaluate(evaluator, inverse)),
    });
  }
  for (const { index, error } of corrections) buffer[index] = toDual[fromDual[buffer[index]!]! ^ error]!;
  return corrections.length;
};

/**
 * Chien search: the powers of x, 0 … 254, whose coefficients are wrong. With β = α¹¹ these are the e for which
 * Λ(β^−e) = 0; each term is walked from e to e + 1 by its own factor.
 */
const errorExponents = (locator: Uint8Array): readonly number[] => {
  const terms = [...locator.entries()]
    .filter(([, coefficient]) => coefficient !== 0)
    .map(([degree, coefficient]) => ({
      log: logarithm[coefficient]!,
      step: 255 - ((rootSpacing * degree) % 255),
    }));
  const found: number[] = [];
  for (let exponent = 0; exponent < codewordSymbols; exponent++) {
    let sum = 0;
    for (const term of terms) {
      sum ^= power[term.log]!;
      term.log += term.step;
      if (term.log >= 255) term.log -= 255;
    }
    if (sum === 0) found.push(exponent);
  }
  return found;
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
