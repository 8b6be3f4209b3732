/**
 * GF(2⁸) as CCSDS 131.0-B (TM Synchronization and Channel Coding, §4.3) defines it for Reed–Solomon:
 * F(x) = x⁸ + x⁷ + x² + x + 1, α = x, and symbols on the wire in Berlekamp's dual basis.
 */
const fieldPolynomial = 0x187;

/** α^i for i = 0 … 509, twice round, so that a sum of two logarithms needs no modulo. */
export const power = new Uint8Array(510);
/** log_α(x) for x = 1 … 255; the entry for 0 is never to be read. */
export const logarithm = new Uint8Array(256);

for (let i = 0, x = 1; i < 255; i++) {
  power[i] = x;
  power[i + 255] = x;
  logarithm[x] = i;
  x <<= 1;
  if (x > 255) x ^= fieldPolynomial;
}

/** The product of two elements of the field. */
export const multiply = (x: number, y: number): number =>
  x === 0 || y === 0 ? 0 : power[logarithm[x]! + logarithm[y]!]!;

/** α^exponent for any integer exponent. */
export const alphaTo = (exponent: number): number => power[((exponent % 255) + 255) % 255]!;

/** Tr(x) = x + x² + x⁴ + … + x¹²⁸, which is 0 or 1. */
const trace = (x: number): number => {
  let sum = 0;
  for (let i = 0, term = x; i < 8; i++, term = multiply(term, term)) sum ^= term;
  return sum;
};

/**
 * Conventional symbol → dual basis and back. By definition of the dual of the basis {1, β, …, β⁷}, β = α¹¹⁷, the
 * coordinate z_i of x is Tr(x β^i); z_0 is sent first (the standard, Annex on transformation of representations).
 */
export const toDual = new Uint8Array(256);
/** Dual basis → conventional symbol; the inverse of `toDual`. */
export const fromDual = new Uint8Array(256);

for (let x = 0; x < 256; x++) {
  let z = 0;
  for (let i = 0; i < 8; i++) z = (z << 1) | trace(multiply(x, alphaTo(117 * i)));
  toDual[x] = z;
  fromDual[z] = x;
}
