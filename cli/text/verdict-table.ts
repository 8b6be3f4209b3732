import Table from "cli-table3";
import { largestDutyText, verdictCell, verdictSentence, type Verdicts } from "../../studies/answer.ts";
import { indented, plain } from "./table.ts";

/** What was judged, under the name that its row has: a policy, or a flight. */
export interface JudgedRow {
  readonly name: string;
  readonly verdicts: Verdicts;
  /** A sentence says what gives way first, also where it fits. */
  readonly isLeading: boolean;
}

const subjects = ["link", "computer", "power", "heat", "store"] as const;

/** `✓ 6.1 × to spare` in as few columns as it takes. */
const cellText = (verdict: Verdicts["limits"][number]): string => {
  const { mark, room } = verdictCell(verdict);
  return `${mark} ${room.replace(/ to spare$/, "").replace(/^over 1,000 ×$/, "> 1,000 ×")}`.trim();
};

/** The verdicts side by side and in sentences, as lines; empty where nothing was judged, but for the reason. */
export const verdictLines = (
  rows: readonly JudgedRow[],
  head: string,
  style: (text: string) => string,
): readonly string[] => {
  const judged = rows.filter(({ verdicts }) => verdicts.limits.some(({ verdict }) => verdict !== "unknown"));
  if (judged.length === 0) return [];
  const table = new Table({
    head: [head, ...subjects, "largest duty"].map(style),
    ...plain,
  });
  for (const { name, verdicts } of judged) {
    table.push([name, ...verdicts.limits.map(cellText), largestDutyText(verdicts)]);
  }
  return [
    "Does it fit? Times the work that there is room for, in a steady state; the worst satellite decides.",
    ...indented(table),
    ...judged.flatMap(({ name, verdicts, isLeading }) => {
      if (verdicts.fits !== false && !isLeading) return [];
      const said = verdictSentence(name, verdicts);
      return said === null ? [] : [`  ${said}`];
    }),
  ];
};
