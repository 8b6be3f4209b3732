import { formatCount, formatCountOf, formatScore, formatWithin } from "../../../pipeline/format.ts";
import { type Content, html, type Markup } from "../drawing/html.ts";
import type { CheckQuality, CheckResult } from "../../check/check-result.ts";
import { referenceText, tilingVerdict, type TilingRow, type TilingTable } from "../../check/tiling-table.ts";

/** A table whose first column names the rows. */
export const table = (head: readonly string[], rows: readonly (readonly Content[])[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** A part of the page under a heading. */
export const section = (title: string, body: Content): Markup =>
  html`<section>
    <h2>${title}</h2>
    ${body}
  </section>`;

/** Quality with and without the false alarms that are excused, side by side. */
export const excusedSection = (
  quality: CheckQuality,
  excusing: NonNullable<CheckResult["excusing"]>,
): Markup => {
  const row = (name: string, of: (one: CheckQuality) => string): readonly string[] => [
    name,
    of(quality),
    of(excusing.quality),
  ];
  const at = `at ${quality.threshold}`;
  return html`<p class="note">
      Excused: detections off every label ${excusing.rule}. Hits and misses are the same in both columns; a
      poor or second box of a labelled object stays a false alarm.
    </p>
    ${table(
      ["", "all false alarms", "some excused"],
      [
        row("AP50", ({ ap50, interval }) => formatWithin(ap50, interval)),
        row("best F1", ({ bestF1 }) => formatScore(bestF1?.f1 ?? null)),
        row("recall at 0.9 precision", ({ recallAtPrecision90 }) => formatScore(recallAtPrecision90)),
        row(`precision ${at}`, ({ precision }) => formatScore(precision)),
        row(`recall ${at}`, ({ recall }) => formatScore(recall)),
        row(`false alarms ${at}`, ({ counts }) => formatCount(counts.falsePositives)),
      ],
    )}`;
};

const changeText = ({ lost, added, moved }: TilingRow): string =>
  [
    [lost, "lost"],
    [added, "added"],
    [moved, "moved"],
  ]
    .flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
    .join(", ") || "the same";

const tilingCell = (row: TilingRow): Content => {
  const kind = row.lost + row.added + row.moved > 0 ? "change" : "";
  return html`<span class="tiling ${kind} ${row.isChosen && "chosen"}"
    >${changeText(row)}${row.isChosen && html` <em>in use</em>`}<small
      >AP50 ${formatScore(row.ap50)} · compute × ${row.compute.toFixed(2)}</small
    ></span
  >`;
};

/** Overlap down, tile size across. */
const tilingMatrix = (rows: readonly TilingRow[]): Content => {
  const sizes = [...new Set(rows.map(({ sizePx }) => sizePx))];
  const overlaps = [...new Set(rows.map(({ overlapPx }) => overlapPx))].toSorted((a, b) => a - b);
  const at = (sizePx: number, overlapPx: number): Content => {
    const row = rows.find((one) => one.sizePx === sizePx && one.overlapPx === overlapPx);
    return row === undefined ? "" : tilingCell(row);
  };
  return table(
    ["overlap", ...sizes.map((sizePx) => `tiles of ${sizePx} px`)],
    overlaps.map((overlapPx) => [`${overlapPx} px`, ...sizes.map((sizePx) => at(sizePx, overlapPx))]),
  );
};

/** Style of the sections, beside the report's. */
export const sectionStyle: Markup = {
  markup: `.tiling{display:block}.tiling small{display:block;color:var(--soft);font-size:12px}
.tiling.change{color:var(--c-brick)}.tiling.chosen{font-weight:600}.tiling em{font-style:normal;color:var(--accent)}`,
};

/** What tiles change, by size and overlap. */
export const tilingSection = (tiling: TilingTable): Markup => {
  const { detections, ap50, same } = tiling;
  return html`<p>${tilingVerdict(tiling)}.</p>
    ${tilingMatrix(tiling.rows)}
    <p class="note">
      Against ${referenceText(tiling)}: ${formatCountOf(detections, "detection")} from ${same.threshold} on,
      AP50 ${formatScore(ap50)}. Moved: IoU below ${same.iou}, or the score by more than ${same.score}. Scores
      within ${same.score} of the threshold may come or go. Compute: pixels through the model for each pixel
      of a large scene; here: on these scenes.
    </p>`;
};
