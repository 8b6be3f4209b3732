import Table from "cli-table3";
import { formatCount, formatScore } from "../pipeline/format.ts";
import type { TilingRow, TilingTable } from "./model-check-tiling.ts";

const differs = ({ lost, added, moved }: TilingRow): number => lost + added + moved;

/** What tilings are measured against, in words. */
export const referenceText = ({ reference: { kind, blockPx, sizePx, overlapPx } }: TilingTable): string =>
  kind === "whole"
    ? `the whole scene in one piece (larger ones in blocks of ${formatCount(blockPx)} px)`
    : `the ${sizePx} px that the network fixes, with ${overlapPx} px overlap`;

/** What the table says, in a sentence: of the smallest overlap of the size in use that changes nothing. */
export const tilingVerdict = ({ rows, detections }: TilingTable): string => {
  const chosen = rows.find(({ isChosen }) => isChosen);
  const { sizePx } = chosen ?? rows[0] ?? { sizePx: 0 };
  const ofSize = rows.filter((row) => row.sizePx === sizePx);
  // From the widest down as long as nothing differs: a lucky row among others proves nothing.
  const free = ofSize.slice(ofSize.findLastIndex((row) => differs(row) > 0) + 1);
  const smallest =
    free[0] === undefined
      ? "every overlap changes something"
      : `an overlap of ${free[0].overlapPx} px changes nothing`;
  const inUse =
    chosen === undefined
      ? ""
      : `; the ${chosen.overlapPx} px in use change ${differs(chosen)} of ${formatCount(detections)}`;
  return `at ${sizePx} px tiles ${smallest}${inUse}`;
};

/** The table of `swath model check --tiling`, for a terminal. */
export const tilingText = (tiling: TilingTable): string => {
  const table = new Table({
    head: ["tile", "overlap", "lost", "added", "moved", "AP50", "compute", "here"],
    style: { head: [], border: [] },
    colAligns: Array.from({ length: 8 }, () => "right" as const),
  });
  for (const row of tiling.rows) {
    table.push([
      row.sizePx,
      row.isChosen ? `in use: ${row.overlapPx}` : row.overlapPx,
      row.lost,
      row.added,
      row.moved,
      formatScore(row.ap50),
      `× ${row.compute.toFixed(2)}`,
      `× ${row.computeHere.toFixed(2)}`,
    ]);
  }
  return [
    `tiles against ${referenceText(tiling)}:`,
    `${formatCount(tiling.detections)} detections from ${tiling.same.threshold} on, AP50 ${formatScore(tiling.ap50)}; moved: IoU below ${tiling.same.iou} or the score by more than ${tiling.same.score}`,
    table.toString(),
    tilingVerdict(tiling),
  ].join("\n");
};
