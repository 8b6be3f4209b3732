import { pageHead } from "./drawing/page-head.ts";
import {
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatScore,
  formatWithin,
} from "../../pipeline/format.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { type Content, html, type Markup } from "./drawing/html.ts";
import { style } from "./drawing/style.ts";
import { checkCurve } from "./check/curve.ts";
import { excusedSection, sectionStyle, tilingSection, section, table } from "./check/sections.ts";
import { alarmText, chips, chipStyle, missText } from "./check/chips.ts";
import { type CheckResult, sizeName } from "../check/check-result.ts";
import type { CheckRun } from "../check/checked-scene.ts";

/** Chips of each kind on a page. */
const shownChips = 16;

const figure = (value: string, what: string, beside: string | null): Markup =>
  html`<li>
    <span class="number">${value}</span
    ><span class="what">${what}</span>${beside !== null && html`<span class="beside">${beside}</span>`}
  </li>`;

const gallery = (all: readonly unknown[], shown: readonly Markup[], order: string): Content =>
  all.length === 0
    ? html`<p class="note">None.</p>`
    : html`<p class="note">
          ${shown.length} of ${formatCount(all.length)}, ${order}. Yellow: labels; blue: detections at the
          threshold.
        </p>
        <div class="chips">${shown}</div>`;

const figures = ({ quality, speed, energy }: CheckResult): Markup =>
  html`<ul class="figures">
    ${figure(formatWithin(quality.ap50, quality.interval), "AP50, all scores", `${formatCount(quality.labels)} labels`)}
    ${figure(
      formatScore(quality.bestF1?.f1 ?? null),
      "best F1",
      quality.bestF1 && `at a score of ${quality.bestF1.threshold.toFixed(2)}`,
    )}
    ${figure(formatScore(quality.recallAtPrecision90), "recall at 0.9 precision", null)}
    ${figure(
      `${formatNumber(speed.megapixelsPerSecond)} MP/s`,
      "on this machine",
      `${speed.threads} thread${speed.threads === 1 ? "" : "s"}, reading included`,
    )}
    ${figure(`${formatJoules(energy.joulesPerMegapixel)}/MP`, "on board", `profile ${energy.hardware}`)}
  </ul>`;

const facts = ({ model, floor, quality, speed, energy, notes }: CheckResult): Markup => {
  const rows: readonly (readonly [string, string])[] = [
    [
      "model",
      `${model.name} ${model.version}, ${model.precision}, ${formatNumber(model.opsPerPixel)} operations a pixel`,
    ],
    ["weights", `sha256 ${model.sha256}`],
    [
      "tiles",
      `${formatCount(speed.tiles)} of ${model.tile.sizePx} px, ${model.tile.overlapPx} px overlap, merged once a scene`,
    ],
    [
      "judged by",
      `IoU ≥ 0.5, each label once, best score first; curve from a score of ${floor}, table at ${quality.threshold}`,
    ],
    [
      "on board",
      `${formatDuration(energy.seconds)} and ${formatJoules(energy.joules)} for all scenes, computer only`,
    ],
    ...notes.map((note) => ["note", note] as const),
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([name, text]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
};

/**
 * One self-contained page: figures, curve, tables, and the worst misses (largest first) and false alarms (surest first) cut
 * from their scenes. Throws `SwathError("raster")` when a scene cannot be read again.
 */
export const checkPage = async (
  result: CheckResult,
  run: CheckRun,
  open: (scene: string) => Promise<SceneReader>,
): Promise<string> => {
  const { model, quality, misses, falseAlarms, bySize, scenes } = result;
  const missed = await chips(misses.slice(0, shownChips), missText, result, run, open);
  const alarms = await chips(falseAlarms.slice(0, shownChips), alarmText, result, run, open);
  const title = `${model.name} on ${result.dataset}`;
  const counted = ["labels", "AP50", "found", "missed", "false"];
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(title, html`${style}${chipStyle}${sectionStyle}`)}
      <body>
        <header>
          <p class="kicker">Swath · model check · ${result.dataset}</p>
          <h1>
            <em>${model.name}</em> finds ${quality.counts.truePositives} of ${quality.labels} objects, with
            ${quality.counts.falsePositives} false alarms
          </h1>
          <p class="sub">At a score of ${quality.threshold}, in ${scenes.length} labelled scenes.</p>
          ${figures(result)}
        </header>
        <main>
          ${section(
            "Precision and recall",
            html`<div class="beside-plot">
              <div>${checkCurve(quality, result.excusing?.quality ?? null)}</div>
              ${table(
                ["long side", ...counted],
                bySize.map((r) => [
                  sizeName(r),
                  r.labels,
                  formatScore(r.ap50),
                  r.found,
                  r.missed,
                  r.falseAlarms,
                ]),
              )}
            </div>`,
          )}
          ${excusedSection(result)} ${section("Worst misses", gallery(misses, missed, "the largest first"))}
          ${section("Worst false alarms", gallery(falseAlarms, alarms, result.excusing === null ? "the surest first" : "the surest first, excused ones last"))}
          ${section(
            "Scene by scene",
            table(
              ["scene", ...counted],
              scenes.map((s) => [s.id, s.labels, formatScore(s.ap50), s.found, s.missed, s.falseAlarms]),
            ),
          )}
          ${tilingSection(result.tiling)} ${section("How these numbers came about", facts(result))}
        </main>
      </body>
    </html> `.markup;
};
