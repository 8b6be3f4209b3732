import { formatBytes, formatDuration, formatNumber, formatPercent } from "../../pipeline/format.ts";
import type { Verdict, Verdicts } from "./verdict-summary.ts";

/** Two digits: a margin is not known better. */
const times = (value: number): string => `${formatNumber(Number(value.toPrecision(2)))} ×`;

/** Margins above this factor are printed as `more than`: the exact figure is of no use. */
const plenty = 1000;

/** What stands in a cell: how it fits, its deciding figure, and the room that there is. */
export interface VerdictCell {
  /** `✓`, `✕` or `–`. */
  readonly mark: string;
  /** The mark in a word, for those who do not see it. */
  readonly word: string;
  /** `87 %`, `28.1 °C`, `4.74 GB`; empty where there is none. */
  readonly figure: string;
  /** `6.1 × to spare`, `wants 2.9 ×`, `always full`, `at any work`. */
  readonly room: string;
}

const figureOf = ({ subject, value, limit }: Verdict): string => {
  if (value === null || limit === null) return "";
  if (subject === "power") return formatPercent(Number(value.toPrecision(2)));
  if (subject === "heat") return `${formatNumber(value - 273.15)} °C`;
  if (subject === "store") return formatBytes(value);
  return limit === 0 ? "" : formatPercent(Number((value / limit).toPrecision(2)));
};

const roomOf = ({ subject, value, margin }: Verdict): string => {
  if (subject === "power" && value !== null && value > 1 - 1e-6) return "always full";
  if (margin === null) return "at any work";
  if (margin === 0) return "even without work";
  if (margin < 1) return `wants ${times(1 / margin)}`;
  return margin >= plenty ? "over 1,000 × to spare" : `${times(margin)} to spare`;
};

/** One verdict as a cell of a table. */
export const verdictCell = (verdict: Verdict): VerdictCell => {
  if (verdict.verdict === "unknown") return { mark: "–", word: "not known", figure: "", room: "" };
  const fits = verdict.verdict === "fits";
  return {
    mark: fits ? "✓" : "✕",
    word: verdict.verdict,
    figure: figureOf(verdict),
    room: roomOf(verdict),
  };
};

/** The largest duty: `43 %`, `4.3 × the work`, `none`; `–` where it is not known. */
export const largestDutyText = ({ largestDuty }: Pick<Verdicts, "largestDuty">): string => {
  if (largestDuty === null) return "–";
  if (largestDuty.work === 0) return "none";
  return largestDuty.duty === null
    ? `${times(largestDuty.work)} the work`
    : formatPercent(Number(Math.min(1, largestDuty.duty).toPrecision(2)));
};

/** Sum over all satellites: `all contacts carry 24.8 of 31.6 TB`. */
const sumText = ({ subject, all }: Verdict): string | null => {
  if (all === null) return null;
  const { value, limit } = all;
  if (subject === "computer") {
    return `all computers work ${formatDuration(value)} of ${formatDuration(limit)}`;
  }
  return `all contacts could carry ${formatBytes(limit)} of the ${formatBytes(value)} asked for`;
};

const failureText = (verdict: Verdict): string => {
  const { subject, margin, limitedBy, satellite } = verdict;
  const wants = margin === null || margin === 0 ? "does not fit at any duty" : `wants ${times(1 / margin)}`;
  const who = satellite === null || limitedBy.includes(satellite) ? "" : ` (${satellite})`;
  const sum = sumText(verdict);
  return `${subject} ${wants}: ${limitedBy}${who}${sum === null ? "" : `; ${sum}`}`;
};

/**
 * The verdicts in one sentence: which limit gives way first and with how much room, or every one that does not hold; `null` where
 * nothing was judged.
 */
export const verdictSentence = (name: string, verdicts: Verdicts): string | null => {
  const { limits, givesWayFirst } = verdicts;
  if (limits.every(({ verdict }) => verdict === "unknown")) return null;
  const failed = limits.filter(({ verdict }) => verdict === "does not fit");
  if (failed.length > 0) return `${name} does not fit: ${failed.map(failureText).join("; ")}.`;
  const open = limits.filter(({ verdict }) => verdict === "unknown");
  const judged = `${limits.length - open.length}`;
  const scope = open.length === 0 ? "all five limits" : `the ${judged} limits that could be judged`;
  const first = limits.find(({ subject }) => subject === givesWayFirst);
  if (first === undefined || first.margin === null) return `${name} fits ${scope} at any work.`;
  return `${name} fits ${scope}; as work grows the ${first.subject} gives way first, at ${times(first.margin)} (${first.limitedBy}).`;
};
