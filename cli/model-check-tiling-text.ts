import Table from "cli-table3";
import { formatCount, formatScore } from "../pipeline/format.ts";
import { referenceText, tilingVerdict, type TilingTable } from "../measure/check/tiling-table.ts";

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
