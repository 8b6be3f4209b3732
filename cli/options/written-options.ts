/** Long names of the options that shape a mission, with pixels or without. */
export const missionKeys = [
  "constellation",
  "spacecraft",
  "stations",
  "start",
  "hours",
  "rate",
  "store",
  "evict",
  "order",
  "ber",
  "segment-loss",
  "outage",
  "crosslinks",
  "epoch",
  "seed",
] as const;

const attributeOf = (key: string): string =>
  key.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The given options by their long names, as text, so that a number in a file and the same number in the command line name the same run. */
export const writtenOptions = (
  keys: readonly string[],
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | readonly string[]>> =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = values[attributeOf(key)];
      return value === undefined
        ? []
        : [[key, Array.isArray(value) ? value.map(String) : `${value as string | number}`]];
    }),
  );
