/** Whole decades round `values` (zeros left out), as exponents of ten; `null` when nothing is above zero. */
export const decades = (values: readonly number[]): readonly [from: number, to: number] | null => {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return null;
  const from = Math.floor(Math.log10(Math.min(...positive)));
  const to = Math.ceil(Math.log10(Math.max(...positive)));
  return [from, Math.max(to, from + 1)];
};

/** Where `value` lies between two exponents of ten, 0…1. */
export const alongDecades = (value: number, [from, to]: readonly [number, number]): number =>
  (Math.log10(value) - from) / (to - from);

const timeSteps = [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** At most `most` round UTC moments inside a span, in seconds since 1970. */
export const timeTicks = (from: number, to: number, most: number): readonly number[] => {
  const span = to - from;
  if (!(span > 0)) return [];
  const day = 86_400;
  const step = timeSteps.find((candidate) => span / candidate <= most) ?? Math.ceil(span / most / day) * day;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step);
};

/** `14:30` for a span within days, `13 Aug` for longer ones. */
export const timeLabel = (at: number, span: number): string => {
  const text = new Date(at * 1000).toUTCString();
  return span > 3 * 86_400 ? text.slice(5, 11) : text.slice(17, span < 300 ? 25 : 22);
};
