/** Nine significant digits: sums of floats taken in another order differ only beyond. Whole numbers stay exact. */
const settle = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(9)));

const canonical = (value: unknown): unknown => {
  if (typeof value === "number") return settle(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
};

/** The same value always as the same text: keys sorted, floats settled, two spaces, one newline at the end. */
export const canonicalText = (value: unknown): string => `${JSON.stringify(canonical(value), null, 2)}\n`;
