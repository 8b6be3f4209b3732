import { microAmount, parseDecimal, type Fraction, type MicroAmount } from "./amount.ts";
import {
  exact,
  isOptionalResource,
  resourceKeys,
  resources,
  type OptionalResource,
  type ResourceKey,
  type Work,
} from "./resource.ts";

/** The price of one unit of each resource as a decimal text, in the currency: ledgers keep it, so that anyone can add them up again. */
export type Prices = Readonly<
  Record<Exclude<ResourceKey, OptionalResource>, string> & Partial<Record<OptionalResource, string>>
>;

/** Prices ready to be multiplied with. */
export type Tariff = Readonly<Record<ResourceKey, Fraction>>;

/** Throws `RangeError` for a price that is missing and must not be, or no decimal number of at most 9 digits before and 12 behind the point. */
export const readTariff = (prices: Readonly<Record<string, unknown>>): Tariff =>
  Object.fromEntries(
    resources.map((resource) => {
      const { key, unit } = resource;
      const text = prices[key] ?? (isOptionalResource(resource) ? "0" : undefined);
      const price = typeof text === "string" ? parseDecimal(text) : null;
      if (price === null) throw new RangeError(`the price of a ${unit} is ${JSON.stringify(text)}`);
      return [key, price];
    }),
  ) as Tariff;

/**
 * `⌊(remainder + quantity × numerator) ÷ denominator⌋` and what is left of it. A product that does not fit 2⁵³ is worked out in big
 * integers: the answer is exact either way.
 */
const divide = (
  remainder: number,
  quantity: number,
  { numerator, denominator }: Fraction,
): readonly [whole: number, remainder: number] => {
  const product = quantity * numerator;
  if (product <= Number.MAX_SAFE_INTEGER - denominator) {
    const sum = remainder + product;
    const left = sum % denominator;
    return [(sum - left) / denominator, left];
  }
  const sum = BigInt(remainder) + BigInt(quantity) * BigInt(numerator);
  const by = BigInt(denominator);
  return [exact(Number(sum / by)), Number(sum % by)];
};

/**
 * What work comes to, as one tenant is charged for it piece by piece. What rounding keeps back of a resource is carried to the next
 * charge: after any number of charges their sum is the price of all the work together, rounded down to a millionth once for each resource.
 */
export class Meter {
  readonly #tariff: Tariff;
  readonly #remainders: Partial<Record<ResourceKey, number>> = {};

  constructor(tariff: Tariff) {
    this.#tariff = tariff;
  }

  /** The charge for this work, after all that was charged before. Throws `RangeError` for quantities that are no whole numbers from 0 on. */
  charge(work: Work): MicroAmount {
    let sum = 0;
    for (const key of resourceKeys) {
      const quantity = work[key];
      if (quantity === undefined || quantity === 0) continue;
      if (quantity < 0) throw new RangeError(`${quantity} of ${key}`);
      const [whole, left] = divide(this.#remainders[key] ?? 0, exact(quantity), this.#tariff[key]);
      this.#remainders[key] = left;
      sum += whole;
    }
    return microAmount(sum);
  }
}

/** The most that this work may be charged as, whatever was charged before: every resource rounded up. */
export const priceOf = (work: Work, tariff: Tariff): MicroAmount => {
  let sum = 0;
  for (const key of resourceKeys) {
    const [whole, left] = divide(0, exact(work[key] ?? 0), tariff[key]);
    sum += whole + (left > 0 ? 1 : 0);
  }
  return microAmount(sum);
};
