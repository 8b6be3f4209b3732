import { formatCount, formatScore } from "../pipeline/meter/format.ts";
import type { QualitySummary } from "../pipeline/meter/summary.ts";
import { type Content, html } from "../stations/report/html.ts";
import type { CheckResult } from "./model-check-result.ts";
import { section, table } from "./model-check-table.ts";
import { referenceText, tilingVerdict } from "./model-check-tiling-text.ts";
import type { TilingRow, TilingTable } from "./model-check-tiling.ts";

/** Quality with and without the false alarms that are excused, side by side; empty when none are. */
export const excusedSection = ({ quality, excusing }: CheckResult): Content => {
  if (excusing === null) return "";
  const row = (name: string, of: (one: QualitySummary) => string): readonly string[] => [
    name,
    of(quality),
    of(excusing.quality),
  ];
  const at = `from ${quality.threshold} on`;
  return section(
    "Where not everything is labelled",
    html`<p class="note">
        Excused: detections off every label ${excusing.rule}. Hits and misses are the same in both columns; a
        poor or second box of a labelled object stays a false alarm.
      </p>
      ${table(
        ["", "all false alarms", "some excused"],
        [
          row("AP50", ({ ap50 }) => formatScore(ap50)),
          row("best F1", ({ bestF1 }) => formatScore(bestF1?.f1 ?? null)),
          row("recall at 0.9 precision", ({ recallAtPrecision90 }) => formatScore(recallAtPrecision90)),
          row(`precision ${at}`, ({ precision }) => formatScore(precision)),
          row(`recall ${at}`, ({ recall }) => formatScore(recall)),
          row(`false alarms ${at}`, ({ counts }) => formatCount(counts.falsePositives)),
        ],
      )}`,
  );
};

const tilingCells = (row: TilingRow): readonly Content[] => [
  html`${row.sizePx} px, overlap ${row.overlapPx} px${row.isChosen && html` <em>in use</em>`}`,
  row.lost,
  row.added,
  row.moved,
  formatScore(row.ap50),
  `× ${row.compute.toFixed(2)}`,
  `× ${row.computeHere.toFixed(2)}`,
];

/** What tiles change, by size and overlap; empty when it was not measured. */
export const tilingSection = (tiling: TilingTable | null): Content => {
  if (tiling === null) return "";
  const { detections, ap50, same } = tiling;
  return section(
    "What tiles change",
    html`<p>${tilingVerdict(tiling)}.</p>
      ${table(["tiles", "lost", "added", "moved", "AP50", "compute", "here"], tiling.rows.map(tilingCells))}
      <p class="note">
        Against ${referenceText(tiling)}: ${formatCount(detections)} detections from ${same.threshold} on,
        AP50 ${formatScore(ap50)}. Moved: IoU below ${same.iou}, or the score by more than ${same.score}.
        Scores within ${same.score} of the threshold may come or go. Compute: pixels through the model for
        each pixel of a large scene; here: on these scenes.
      </p>`,
  );
};
