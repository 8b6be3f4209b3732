import {
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
  formatScore,
} from "../pipeline/format.ts";
import type { RunSummary } from "../measure/summary/run-summary.ts";
import type { UpsetSummary } from "../measure/summary/upset-summary.ts";

/** `100×`, `1×`. */
export const formatFactor = (factor: number): string => `${formatNumber(factor)}×`;

const counted = ({ weightUpsets, tileUpsets, corrected, reloads, lostTiles }: UpsetSummary): string =>
  [
    `bits turned over: ${formatCount(weightUpsets)} in weights, ${formatCount(tileUpsets)} in tiles`,
    `${formatCount(corrected)} put right`,
    ...(reloads === 0 ? [] : [`${formatCount(reloads)} reloads of the weights`]),
    ...(lostTiles === 0 ? [] : [`tiles without an answer: ${formatCount(lostTiles)}`]),
  ].join(", ");

const compared = ({ without }: UpsetSummary, ap50: number | null): string => {
  if (without === null) return "not compared with a run without upsets";
  const same = without.identical
    ? "the same detections as without upsets"
    : `${formatPercent(without.foundFraction)} of the detections without upsets found, ${formatPercent(
        without.confirmedFraction,
      )} of those made confirmed`;
  return ap50 === null ? same : `${same}; AP50 ${formatScore(ap50)}, without ${formatScore(without.ap50)}`;
};

/** What particles did on board and what protection cost, a few lines a policy; empty where none were asked for. */
export const upsetLines = ({ policies }: RunSummary): readonly string[] =>
  policies.flatMap(({ policy, upsets, quality }) =>
    upsets === undefined
      ? []
      : [
          `${policy}: upsets ${formatFactor(upsets.factor)}, protection ${upsets.protection}: ${counted(upsets)};`,
          `  ${compared(upsets, quality?.ap50 ?? null)};`,
          `  protection took ${formatDuration(upsets.protectionSeconds)} of ${formatDuration(
            upsets.computeSeconds,
          )} of computing, ${formatJoules(upsets.protectionJoules)}, and ${formatNumber(upsets.memoryFactor)} times the memory`,
        ],
  );
