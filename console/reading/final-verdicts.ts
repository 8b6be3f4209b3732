import { z } from "zod";
import { type Verdict, type Verdicts, verdictsSchema } from "../../measure/summary/verdict-summary.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import { bytesText, celsiusText, chargeText, percentText } from "../look/figures.ts";

/** One verdict as it stands in the row. `share`: how near the limit is, 0 … 1. `fits`: `null` where nothing limits, or nobody knows. */
export interface VerdictCell {
  readonly name: string;
  readonly fits: boolean | null;
  readonly word: string;
  readonly figure: string;
  readonly of: string;
  readonly share: number;
}

const judgedSchema = z.array(z.object({ verdicts: verdictsSchema }));
const summarySchema = z.union([
  z.object({ policies: judgedSchema }),
  z.object({ flights: judgedSchema }).transform(({ flights }) => ({ policies: flights })),
]);

/** The verdicts of a run's summary by the labels of the head, which has policies in the same order; none where the summary has none. */
export const finalVerdicts = ({ policies }: MissionHead, summary: unknown): ReadonlyMap<string, Verdicts> => {
  const read = summarySchema.safeParse(summary);
  if (!read.success) return new Map();
  return new Map(
    policies.flatMap(({ label }, place): [string, Verdicts][] => {
      const verdicts = read.data.policies[place]?.verdicts;
      return verdicts === undefined ? [] : [[label, verdicts]];
    }),
  );
};

const figureOf = ({ unit, value, limit }: Verdict): string => {
  if (value === null) return "";
  if (unit === "charge") return `${chargeText(value)} %`;
  if (unit === "K") return `${celsiusText(value)} °C`;
  if (unit === "s") return limit === null ? "" : percentText(value / limit);
  return limit === null ? bytesText(value) : `${bytesText(value)} of ${bytesText(limit)}`;
};

const limitOf = ({ unit, limit }: Verdict): string => {
  if (limit === null) return "";
  if (unit === "charge") return `floor ${chargeText(limit)} %`;
  if (unit === "K") return `limit ${celsiusText(limit).replace(/\.0$/, "")} °C`;
  return "";
};

const shareOf = ({ unit, value, limit }: Verdict): number => {
  if (value === null || limit === null) return 0;
  if (unit === "charge") return (1 - value) / (1 - limit);
  // From 0 °C, where nobody worries, to where the computer slows down.
  if (unit === "K") return (value - 273.15) / (limit - 273.15);
  return limit === 0 ? 0 : value / limit;
};

const roomOf = ({ margin }: Verdict): string =>
  margin === null
    ? ""
    : margin >= 100
      ? "room for 100 × the work"
      : `room for ${margin.toPrecision(2)} × the work`;

/** The verdicts of the whole run, as its summary has them: the worst satellite in a steady state. `shortOf` shortens names of satellites. */
export const finalCells = (
  verdicts: Verdicts,
  shortOf: (satellite: string) => string,
): readonly VerdictCell[] =>
  verdicts.limits.map((verdict) => {
    const { subject, satellite, reason } = verdict;
    const isKnown = verdict.verdict !== "unknown";
    const of = [satellite === null ? "" : `worst ${shortOf(satellite)}`, limitOf(verdict), roomOf(verdict)]
      .filter((part) => part !== "")
      .join(", ");
    return {
      name: subject,
      fits: isKnown ? verdict.verdict === "fits" : null,
      word: isKnown ? verdict.verdict : "not known",
      figure: figureOf(verdict),
      of: isKnown ? of : (reason ?? ""),
      share: shareOf(verdict),
    };
  });
