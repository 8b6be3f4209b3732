import Table from "cli-table3";
import { formatWithin } from "../../pipeline/format.ts";
import {
  drawnText,
  isJudgedApart,
  type PolicySummary,
  type QualitySummary,
  type RunSummary,
} from "../../studies/answer.ts";
import { plain } from "./table.ts";

type Judged = PolicySummary & { readonly quality: QualitySummary };
type Group = NonNullable<QualitySummary["byTraining"]["apart"]>;

interface Column {
  readonly name: string;
  readonly cell: (policy: Judged) => string;
}

const ap50Of = (group: Pick<QualitySummary, "ap50FromThreshold"> & Pick<Group, "intervals">): string =>
  formatWithin(group.ap50FromThreshold, group.intervals.ap50FromThreshold);

const groupColumn = (
  kind: "apart" | "trainedOn" | "unknown",
  name: string,
  { byTraining }: QualitySummary,
): readonly Column[] => {
  const { scenes } = byTraining[kind] ?? { scenes: 0 };
  if (scenes === 0) return [];
  const cell = ({ quality }: Judged): string => {
    const group = quality.byTraining[kind];
    return group === null ? "–" : ap50Of(group);
  };
  return [{ name: `${name} (${scenes})`, cell }];
};

const againstRaw: Column = {
  name: "less raw's",
  cell: ({ quality: { againstRaw: paired } }) =>
    paired === null ? "–" : formatWithin(paired.ap50FromThreshold, paired.interval),
};

/**
 * Accuracy of each policy with its intervals: AP50 from the threshold on, and F1 where all scenes are of one kind; else AP50 on scenes
 * kept apart, trained on and all. Empty without labels. At most 100 columns wide.
 */
export const accuracyLines = ({ policies }: RunSummary): readonly string[] => {
  const judged = policies.flatMap((policy): readonly Judged[] =>
    policy.quality === null || policy.quality.labels === 0 ? [] : [{ ...policy, quality: policy.quality }],
  );
  const [first] = judged;
  if (first === undefined) return [];
  const { quality } = first;
  const columns: readonly Column[] = [
    { name: "policy", cell: ({ policy }) => policy },
    ...(isJudgedApart(first)
      ? [
          ...groupColumn("apart", "kept apart", quality),
          ...groupColumn("trainedOn", "trained on", quality),
          ...groupColumn("unknown", "not known", quality),
          { name: "all", cell: (policy: Judged) => ap50Of(policy.quality) },
        ]
      : [
          { name: `AP50 from ${quality.threshold}`, cell: (policy: Judged) => ap50Of(policy.quality) },
          {
            name: "F1",
            cell: ({ quality: { f1, intervals } }: Judged) => formatWithin(f1, intervals.f1),
          },
        ]),
    ...(judged.some(({ quality: one }) => one.againstRaw !== null) ? [againstRaw] : []),
  ];
  const table = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map((_, i) => (i === 0 ? "left" : "right")),
    ...plain,
  });
  for (const policy of judged) table.push(columns.map(({ cell }) => cell(policy)));
  const title = isJudgedApart(first)
    ? `AP50 from ${quality.threshold} on, with 95 % of 2,000 draws over scenes (of fewer than five: over blocks of 256 px)`
    : `Accuracy, with ${drawnText(quality.intervals)}`;
  return [
    `${title}:`,
    ...table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd()),
  ];
};
