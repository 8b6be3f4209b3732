import { leadingPolicy } from "../../summary/leading-policy.ts";
import type { QualitySummary } from "../../summary/run-summary.ts";
import type { ReportInput } from "./report-input.ts";

/** AP50 of the leading policy, from the threshold on, over some of the scenes. */
export interface AccuracyRow {
  readonly what: "kept apart" | "trained on" | "not known" | "all";
  /** Their names, as far as they are told apart. */
  readonly scenes: readonly string[];
  readonly labels: number;
  readonly ap50: number | null;
  /** 95 %; `null` where there is too little to draw from. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly drawnOver: string;
}

const drawnOver = ({ unit, units }: Pick<QualitySummary["intervals"], "unit" | "units">): string =>
  `2,000 draws of ${units} ${unit === "scene" ? "scenes" : "blocks of 256 px"}`;

/** Scenes kept apart from training before all; then those trained on, those of which it is not known, and all. None without labels. */
export const accuracyRows = ({ summary, scenes }: ReportInput): readonly AccuracyRow[] => {
  const { quality } = leadingPolicy(summary);
  if (quality === null) return [];
  const named = (trainedOn: boolean | null): readonly string[] => [
    ...new Set(
      scenes.filter((one) => one.marks !== null && one.trainedOn === trainedOn).map(({ scene }) => scene),
    ),
  ];
  const { apart, trainedOn, unknown } = quality.byTraining;
  const groups = [
    ["kept apart", apart, named(false)],
    ["trained on", trainedOn, named(true)],
    ["not known", unknown, named(null)],
  ] as const;
  const told = groups.flatMap(([what, group, names]): readonly AccuracyRow[] =>
    group === null
      ? []
      : [
          {
            what,
            scenes: names,
            labels: group.labels,
            ap50: group.ap50FromThreshold,
            interval: group.intervals.ap50FromThreshold,
            drawnOver: drawnOver(group.intervals),
          },
        ],
  );
  if (told.length === 1) return told;
  const all = {
    what: "all",
    scenes: [],
    labels: quality.labels,
    ap50: quality.ap50FromThreshold,
    interval: quality.intervals.ap50FromThreshold,
    drawnOver: drawnOver(quality.intervals),
  } as const;
  return [...told, all];
};
