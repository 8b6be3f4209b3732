/** Numbers for people, the same in the terminal and in the report. SI prefixes, a space before the unit. */

const prefixes = ["", "k", "M", "G", "T", "P"] as const;

/** Three significant digits without an exponent: `0.0123`, `1.23`, `12.3`, `123`, `1,234`. */
export const formatNumber = (value: number, digits = 3): string => {
  if (value === 0) return "0";
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimals = Math.min(12, Math.max(0, digits - whole));
  return value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: decimals });
};

/** `1.23 MB`, `850 J`: three significant digits and the SI prefix that fits. */
export const formatSi = (value: number, unit: string): string => {
  let scaled = value;
  let step = 0;
  // 999.5 would print as 1,000.
  while (Math.abs(scaled) >= 999.5 && step < prefixes.length - 1) {
    scaled /= 1000;
    step++;
  }
  return `${formatNumber(scaled)} ${prefixes[step]}${unit}`;
};

/** Octets: `0 B`, `12.3 kB`, `4.56 GB`; 1 kB = 1000 B. */
export const formatBytes = (octets: number): string => formatSi(octets, "B");

/** `512 mJ`, `3.2 kJ`: an energy with an SI prefix. */
export const formatJoules = (amount: number): string =>
  amount > 0 && amount < 1 ? `${formatNumber(amount * 1000)} mJ` : formatSi(amount, "J");

/** Seconds in the two units that matter: `820 ms`, `3.2 s`, `4 min 05 s`, `2 h 14 min`, `3 d 04 h`. */
export const formatDuration = (duration: number): string => {
  if (duration < 0) return `−${formatDuration(-duration)}`;
  if (duration === 0) return "0 s";
  if (duration < 0.9995) return `${formatNumber(duration * 1000)} ms`;
  if (duration < 59.95) return `${formatNumber(duration)} s`;
  const pair = (major: number, minor: number, names: readonly [string, string]) =>
    `${major} ${names[0]} ${String(minor).padStart(2, "0")} ${names[1]}`;
  const whole = Math.round(duration);
  if (whole < 3600) return pair(Math.floor(whole / 60), whole % 60, ["min", "s"]);
  const minutes = Math.round(duration / 60);
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), minutes % 60, ["h", "min"]);
  const hours = Math.round(duration / 3600);
  return pair(Math.floor(hours / 24), hours % 24, ["d", "h"]);
};

/** Distances to 0 or 100 % that are not worth digits any more. */
const hardly = (percent: number): string => {
  if (percent > 50) return percent < 100 ? "> 99.9999 %" : "> 100 %";
  return percent > 0 ? "< 0.0001 %" : "< 0 %";
};

/**
 * A fraction as per cent. Digits go where they tell: two significant ones of the distance to 0 or to 100 %, so that
 * 0.99982 reads `99.982 %`. Only exactly 0 and 1 read `0 %` and `100 %`.
 */
export const formatPercent = (fraction: number): string => {
  const percent = fraction * 100;
  const distance = Math.min(Math.abs(percent), Math.abs(100 - percent));
  if (distance === 0) return `${Math.round(percent)} %`;
  if (distance < 0.0001) return hardly(percent);
  const decimals = Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(distance))));
  return `${percent.toFixed(decimals).replace("-", "−")} %`;
};

/** A quality figure: `0.873`; `–` where there is none. */
export const formatScore = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

/** A quality figure and where it lies: `0.58 (0.44 … 0.80)`; without an interval the figure alone, `–` where there is none. */
export const formatWithin = (
  value: number | null,
  interval: { readonly low: number; readonly high: number } | null,
): string => {
  if (value === null) return "–";
  const text = (one: number): string =>
    one
      .toFixed(2)
      .replace(/^-(0\.00)$/, "$1")
      .replace("-", "−");
  return interval === null ? text(value) : `${text(value)} (${text(interval.low)} … ${text(interval.high)})`;
};

/** Whole numbers with thousands separators: `12,345`. */
export const formatCount = (value: number): string => value.toLocaleString("en-GB");

/** So many of a kind: `1 station`, `12,345 stations`. `more`: the kind in the plural where that is not an added s. */
export const formatCountOf = (value: number, one: string, more = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : more}`;

const mostNames = 12;

/** Names for a message: all of them, or the first twelve where there are more. */
export const someOf = (names: readonly string[]): string =>
  `${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ", …" : ""}`;
