import { exact } from "./resource.ts";

/**
 * Money in whole millionths of the currency: a plain integer below 2⁵³, so that sums are exact. A mission of nine billion in any currency
 * fits.
 */
declare const currency: unique symbol;

/** Millionths of the currency of the price file. */
export type MicroAmount = number & { readonly [currency]: "10⁻⁶ of the currency" };

/** A whole number of millionths. Throws `RangeError` for any other number. */
export const microAmount = (value: number): MicroAmount => exact(value) as MicroAmount;

/** A fraction `numerator / denominator` of whole numbers without a common divisor. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/**
 * A decimal number without sign as it is written, `0.0125`, as an exact fraction: at most 9 digits before the point and 12 behind it. `null`
 * for any other text, among them negative numbers and what a computer writes as `1e-7`.
 */
export const parseDecimal = (text: string): Fraction | null => {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) return null;
  const places = (match[2] ?? "").replace(/0+$/, "");
  const whole = BigInt(`${match[1]}${places}`);
  // 9 + 12 digits are more than 2⁵³ holds: such a price has more digits than any money.
  if (whole > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const numerator = Number(whole);
  const denominator = 10 ** places.length;
  const common = divisor(numerator, denominator);
  return { numerator: numerator / common, denominator: denominator / common };
};

/** A decimal as millionths; `null` where it has more than six places or is no such decimal. */
export const parseAmount = (text: string): MicroAmount | null => {
  const fraction = parseDecimal(text);
  if (fraction === null || 1e6 % fraction.denominator !== 0) return null;
  const micro = fraction.numerator * (1e6 / fraction.denominator);
  return Number.isSafeInteger(micro) ? microAmount(micro) : null;
};

/** Millionths as a decimal, `12.5` or `0.000001`: all digits, none more. */
export const amountText = (amount: number): string => {
  const sign = amount < 0 ? "-" : "";
  const size = Math.abs(amount);
  const places = String(size % 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${sign}${Math.floor(size / 1e6)}${places === "" ? "" : `.${places}`}`;
};
