import {
  formatBytes,
  formatDuration,
  formatJoules,
  formatPercent,
  formatSi,
} from "../../../pipeline/format.ts";

/** Numbers of the pages: those of `pipeline/format.ts`, with a narrow space that no line breaks at before the unit. */
const units =
  /(\d) (?=%|×|°C|px\b|km\b|m\b|ms\b|s\b|min\b|h\b|d\b|[kMGTP]?(?:B|J|W)\b|J\/MP|MP\b|[kMG]?bit\/s)/g;

/** Sets a narrow no-break space between each number of a sentence and its unit. */
export const typeset = (text: string): string =>
  text.replace(units, "$1\u202f").replace(/(min|h|d)(?: | )(?=\d)/g, "$1\u00a0");

/** `formatBytes`, typeset. */
export const bytesText = (octets: number): string => typeset(formatBytes(octets));
/** `formatJoules`, typeset. */
export const joulesText = (amount: number): string => typeset(formatJoules(amount));
/** `formatDuration`, typeset. */
export const durationText = (seconds: number): string => typeset(formatDuration(seconds));
/** A data rate in bit/s with an SI prefix, typeset. */
export const rateText = (bitsPerSecond: number): string => typeset(formatSi(bitsPerSecond, "bit/s"));

/** `12.3 km`, `850 m`. */
export const distanceText = (metres: number): string =>
  typeset(
    metres < 1000
      ? `${Math.round(metres)} m`
      : `${metres < 9950 ? (metres / 1000).toFixed(1) : Math.round(metres / 1000).toLocaleString("en-GB")} km`,
  );

/** A share for tables: three digits where they tell, `< 0.001 %` and `> 99.99 %` at the ends. */
export const shareText = (fraction: number): string => {
  const percent = fraction * 100;
  if (percent === 0 || percent === 100) return `${percent}\u202f%`;
  if (percent > 0 && percent < 0.001) return "<\u202f0.001\u202f%";
  if (percent > 99.99 && percent < 100) return ">\u202f99.99\u202f%";
  if (percent > 99.94 && percent < 100) return `${percent.toFixed(2)}\u202f%`;
  if (percent >= 1000) return typeset(formatPercent(fraction));
  return `${percent >= 10 ? percent.toFixed(1) : Number(percent.toPrecision(2))}\u202f%`;
};

/** Times to spare or too much: two digits. */
export const timesText = (times: number): string =>
  `${times >= 9.95 ? Math.round(times).toLocaleString("en-GB") : times.toFixed(1)}\u202f×`;

/** AP50, precision, recall: two decimals; `–` where there is none. */
export const scoreText = (score: number | null): string => (score === null ? "–" : score.toFixed(2));

const numerals = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** Small whole numbers as words, the others as digits. */
export const countWord = (count: number): string => numerals[count] ?? count.toLocaleString("en-GB");

/** So many of a kind, as a sentence has it: `three stations`, `one station`. */
export const countWordOf = (count: number, noun: string): string =>
  `${countWord(count)} ${noun}${count === 1 ? "" : "s"}`;

/** `1 Jan 03:57:26`, UTC. */
export const momentText = (at: number): string => {
  const text = new Date(Math.round(at) * 1000).toUTCString();
  return `${Number(text.slice(5, 7))} ${text.slice(8, 11)} ${text.slice(17, 25)}`;
};
