/*
 * What is metered. Every quantity is a whole number of millionths of the unit that its price stands for, so that a quantity times a price
 * is a whole number of millionths of the currency: 12 bytes are 12 millionths of a megabyte.
 */

/** One thing that a tenant uses, and is charged for. */
export interface Resource {
  /** In ledgers, where it counts millionths of `unit`. */
  readonly key: string;
  /** What its price in a price file is for one of. */
  readonly unit: string;
  /** A millionth of it, for people. */
  readonly micro: string;
  /** A price file need not price it: then it is counted and costs nothing. */
  readonly isOptional?: true;
}

/** All that is metered, in the order of ledgers and tables. Link bytes go by the priority that they are sent with. */
export const resources = [
  { key: "operations", unit: "teraoperation", micro: "10⁶ operations" },
  { key: "energy", unit: "joule", micro: "µJ" },
  { key: "pixels", unit: "megapixel of a band", micro: "pixels of a band" },
  { key: "tokens", unit: "megatoken", micro: "tokens" },
  { key: "resultBytes", unit: "megabyte of results", micro: "B" },
  { key: "chipBytes", unit: "megabyte of chips", micro: "B" },
  { key: "tileBytes", unit: "megabyte of tiles", micro: "B" },
  { key: "orderBytes", unit: "megabyte of orders on the uplink", micro: "B", isOptional: true },
  { key: "contact", unit: "contact second", micro: "µs" },
  { key: "store", unit: "gigabyte-hour", micro: "kB·h" },
] as const satisfies readonly Resource[];

/** Names a resource. */
export type ResourceKey = (typeof resources)[number]["key"];

/** Names one that may go unpriced. */
export type OptionalResource = Extract<(typeof resources)[number], { readonly isOptional: true }>["key"];

/** Whether it may go unpriced. */
export const isOptionalResource = (resource: Resource): boolean => resource.isOptional === true;

/** Keys of all resources, in their order. */
export const resourceKeys: readonly ResourceKey[] = resources.map(({ key }) => key);

/** Work by resource, in whole millionths of its unit; what is not named is 0. */
export type Work = Readonly<Partial<Record<ResourceKey, number>>>;

/** The sum of works. Throws `RangeError` beyond what whole numbers can hold exactly, 2⁵³. */
export const addWork = (works: readonly Work[]): Work => {
  const sum: Partial<Record<ResourceKey, number>> = {};
  for (const work of works)
    for (const key of resourceKeys) {
      const more = work[key] ?? 0;
      if (more !== 0) sum[key] = exact((sum[key] ?? 0) + more);
    }
  return sum;
};

/** The number itself, if it is a whole number that is held exactly. Throws `RangeError` otherwise. */
export const exact = (value: number): number => {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`an amount of ${value} is no whole number below 2⁵³`);
};

/** Whether nothing of anything was used. */
export const isNothing = (work: Work): boolean => resourceKeys.every((key) => (work[key] ?? 0) === 0);
