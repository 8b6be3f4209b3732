import { formatCountOf } from "../pipeline/format.ts";
import { basename } from "node:path";
import type { Catalogue } from "../datasets/catalogue.ts";

/** One line of the table of what became of the labels. */
export interface LabelRow {
  readonly what: "read" | "matched" | "outside" | "left out";
  readonly count: number;
  /** Where they came from, where they went, or why they did not. */
  readonly detail: string;
}

/** What became of every label that was read; `read` is the sum of the other rows. Empty where there is no label file. */
export const labelRows = ({ labelTally, entries }: Catalogue): readonly LabelRow[] => {
  if (!labelTally || labelTally.sources.length === 0) return [];
  const { sources, read, matched, outside, leftOut } = labelTally;
  const labelled = entries.filter(({ labels }) => labels !== null).length;
  const boxes = entries.reduce((sum, { labels }) => sum + (labels?.length ?? 0), 0);
  const several = boxes > matched ? `, ${boxes.toLocaleString("en-GB")} boxes` : "";
  const from = sources.map(
    ({ format, file, files }) =>
      `${format}: ${basename(file)}${files > 1 ? ` and ${formatCountOf(files - 1, "file")} more` : ""}`,
  );
  return [
    { what: "read", count: read, detail: from.join("; ") },
    {
      what: "matched",
      count: matched,
      detail: `on ${formatCountOf(labelled, "scene")} of ${entries.length}${several}`,
    },
    { what: "outside", count: outside, detail: outside > 0 ? "on no part of a scene" : "" },
    ...(leftOut.length === 0 ? [{ what: "left out" as const, count: 0, detail: "" }] : []),
    ...leftOut.map(({ reason, count }) => ({ what: "left out" as const, count, detail: reason })),
  ];
};
