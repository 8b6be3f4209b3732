import Table from "cli-table3";
import {
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
  formatScore,
} from "../../pipeline/format.ts";
import type { PolicySummary, RunSummary, UpsetSummary } from "../../studies/answer.ts";
import { plain } from "./table.ts";

/** `100×`, `1×`. */
export const formatFactor = (factor: number): string => `${formatNumber(factor)}×`;

const counted = ({ weightUpsets, tileUpsets, corrected, reloads, lostTiles }: UpsetSummary): string =>
  [
    `bits turned over: ${formatCount(weightUpsets)} in weights, ${formatCount(tileUpsets)} in tiles`,
    `${formatCount(corrected)} put right`,
    ...(reloads === 0 ? [] : [`${formatCountOf(reloads, "reload")} of the weights`]),
    ...(lostTiles === 0 ? [] : [`tiles without an answer: ${formatCount(lostTiles)}`]),
  ].join(", ");

const compared = ({ without }: UpsetSummary, ap50: number | null): string => {
  if (without === null) return "not compared with a run without upsets";
  const same = without.identical
    ? "the same detections as without upsets"
    : `${formatPercent(without.foundFraction)} of the detections without upsets found, ${formatPercent(
        without.confirmedFraction,
      )} of those made confirmed`;
  return ap50 === null
    ? same
    : `${same}; AP50 from the threshold on ${formatScore(ap50)}, without ${formatScore(without.ap50FromThreshold)}`;
};

/** What particles did on board and what protection cost, a few lines a policy; empty for a run without upsets. */
export const upsetLines = ({ policies }: RunSummary): readonly string[] =>
  policies.flatMap(({ policy, upsets, quality }) =>
    upsets === undefined
      ? []
      : [
          `${policy}: upsets ${formatFactor(upsets.factor)}, protection ${upsets.protection}: ${counted(upsets)};`,
          `  ${compared(upsets, quality?.ap50FromThreshold ?? null)};`,
          `  protection took ${formatDuration(upsets.protectionSeconds)} of ${formatDuration(
            upsets.computeSeconds,
          )} of computing, ${formatJoules(upsets.protectionJoules)}, and ${formatNumber(upsets.memoryFactor)} times the memory`,
        ],
  );

/** One line of the comparison, as text. */
type Line = readonly string[];

const head = [
  "protection",
  "weights",
  "tiles",
  "put right",
  "reloads",
  "lost",
  "found",
  "same",
  "AP50 ≥ thr.",
  "computing",
  "energy",
  "memory",
];

const lineOf = ({ detections, quality, energyJoules }: PolicySummary, upsets: UpsetSummary): Line => [
  upsets.protection,
  formatCount(upsets.weightUpsets),
  formatCount(upsets.tileUpsets),
  formatCount(upsets.corrected),
  formatCount(upsets.reloads),
  formatCount(upsets.lostTiles),
  formatCount(detections.delivered),
  upsets.without === null
    ? "–"
    : upsets.without.identical
      ? "all"
      : formatPercent(upsets.without.foundFraction),
  formatScore(quality?.ap50FromThreshold ?? null),
  formatDuration(upsets.computeSeconds),
  energyJoules === null ? "–" : formatJoules(energyJoules.total),
  `${formatNumber(upsets.memoryFactor)}×`,
];

const calmLine = ({ without }: UpsetSummary): readonly Line[] =>
  without === null
    ? []
    : [
        [
          "(no upsets)",
          "0",
          "0",
          "0",
          "0",
          "0",
          formatCount(without.detections),
          "",
          formatScore(without.ap50FromThreshold),
          formatDuration(without.computeSeconds),
          formatJoules(without.energyJoules),
          "1×",
        ],
      ];

/** Protections against radiation side by side, under a line that says what was done; newline at the end. */
export const upsetComparison = ({ policies, dataset, model, constellation }: RunSummary): string => {
  const lines = policies.flatMap((policy): readonly Line[] =>
    policy.upsets === undefined ? [] : [lineOf(policy, policy.upsets)],
  );
  const [first] = policies;
  if (first?.upsets === undefined) return "";
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    ...plain,
  });
  table.push(...[...calmLine(first.upsets), ...lines].map((line) => [...line]));
  // Each flight is called by its policy and its protection.
  const policy = first.policy.replace(`-${first.upsets.protection}`, "");
  const title = `${dataset.name}, ${model.name} on board of ${constellation.spacecraft}, policy ${policy}, upsets ${formatFactor(first.upsets.factor)}`;
  const legend =
    "weights, tiles: bits turned over. lost: tiles without an answer. same: of the detections without upsets, found.";
  return `${title}\n\n${table.toString().replace(/ +$/gm, "")}\n\n${legend}\n`;
};
