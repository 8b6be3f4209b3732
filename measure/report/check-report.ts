import {
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatScore,
  formatWithin,
} from "../../pipeline/format.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { type CheckResult, sizeName } from "../check/check-result.ts";
import type { CheckRun } from "../check/checked-scene.ts";
import { drawnText } from "../summary/accuracy-headline.ts";
import { trainingText } from "../summary/provenance-summary.ts";
import { checkCsv } from "./check/check-csv.ts";
import { checkCurve } from "./check/curve.ts";
import { alarmText, chips, chipStyle, missText } from "./check/chips.ts";
import { excusedSection, sectionStyle, table, tilingSection } from "./check/sections.ts";
import { csvLink } from "./drawing/csv.ts";
import { typeset } from "./drawing/figures.ts";
import { type Content, html, type Markup } from "./drawing/html.ts";
import { type PageSection, renderPage } from "./drawing/page.ts";
import { withoutFoldersIn } from "./drawing/paths.ts";

/** Chips of each kind on a page. */
const shownChips = 16;

const figure = (value: string, what: string, beside: string | null): Markup =>
  html`<li>
    <span class="number">${typeset(value)}</span
    ><span class="what">${what}</span>${beside !== null && html`<span class="beside">${beside}</span>`}
  </li>`;

const gallery = (all: readonly unknown[], shown: readonly Markup[], order: string): Content =>
  all.length === 0
    ? html`<p class="empty">None.</p>`
    : html`<p class="note">
          ${shown.length} of ${formatCount(all.length)}, ${order}; all of them in errors.csv. Yellow: labels;
          blue: detections at the threshold.
        </p>
        <div class="chips">${shown}</div>`;

type Kind = CheckResult["scenes"][number]["training"];

/** What the first sentence speaks of: the scenes that the model never saw where there are any, else all. */
const spokenOf = ({ scenes, quality }: CheckResult) => {
  const apart = scenes.filter(({ training }) => training === "apart");
  const isApart = apart.length > 0;
  const chosen = isApart ? apart : scenes;
  const sum = (of: (scene: (typeof scenes)[number]) => number): number =>
    chosen.reduce((all, scene) => all + of(scene), 0);
  return {
    isApart,
    scenes: chosen.length,
    labels: sum(({ labels }) => labels),
    found: sum(({ found }) => found),
    falseAlarms: sum(({ falseAlarms }) => falseAlarms),
    whole: (isApart ? quality.ap50ByTraining.apart : null) ?? quality,
  };
};

/** Of what kind the objects are, where the model has one class. */
const objects = ({ misses, falseAlarms }: CheckResult): string => {
  const names = new Set([...misses, ...falseAlarms].map(({ className }) => className));
  const [only] = names;
  return names.size === 1 && only !== undefined ? `${only}s` : "objects";
};

const opening = (result: CheckResult): Markup => {
  const { isApart, labels, found, falseAlarms, whole } = spokenOf(result);
  return html`<h1>
    <em>${result.model.name}</em> finds ${formatCount(found)} of ${formatCount(labels)}
    ${objects(result)}${isApart && " that it never saw"}, with ${formatCount(falseAlarms)} false
    alarm${falseAlarms !== 1 && "s"}: AP50 ${formatWithin(whole.ap50, whole.interval)} over all scores
  </h1>`;
};

const kindWords: Readonly<Record<Kind, string>> = {
  apart: "kept apart",
  trainedOn: "trained on",
  unknown: "not known",
};

const figures = (result: CheckResult): Markup => {
  const { quality, speed, energy } = result;
  const { isApart, scenes, whole } = spokenOf(result);
  const { trainedOn } = quality.ap50ByTraining;
  const also = trainedOn === null || !isApart ? "" : `; trained on ${formatScore(trainedOn.ap50)}`;
  return html`<ul class="figures five">
    ${figure(
      formatScore(whole.ap50),
      isApart ? "AP50, scenes it never saw" : "AP50, all scenes",
      `${scenes} scene${scenes === 1 ? "" : "s"}${also}`,
    )}
    ${figure(
      formatScore(quality.bestF1?.f1 ?? null),
      "best F1, all scenes",
      quality.bestF1 && `at a score of ${quality.bestF1.threshold.toFixed(2)}`,
    )}
    ${figure(formatScore(quality.recallAtPrecision90), "recall at 0.9 precision", "all scenes")}
    ${figure(
      `${formatNumber(speed.megapixelsPerSecond)} MP/s`,
      "on this machine",
      `${speed.threads} thread${speed.threads === 1 ? "" : "s"}, reading included`,
    )}
    ${figure(`${formatJoules(energy.joulesPerMegapixel)}/MP`, "on board", `profile ${energy.hardware}`)}
  </ul>`;
};

/** What the figures rest on, before any of them is taken apart. */
const facts = ({ model, floor, quality, speed, energy, training, notes }: CheckResult): Markup => {
  const rows: readonly (readonly [string, string])[] = [
    ["trained", trainingText(training)],
    ["intervals", drawnText(quality.intervals)],
    [
      "judged by",
      `IoU ≥ 0.5, each label once, best score first; curve from a score of ${floor}, tables at ${quality.threshold}`,
    ],
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
          <dd>${typeset(text)}</dd>
        </div>`,
    )}
  </dl>`;
};

const counted = ["labels", "AP50", "found", "missed", "false"];

const countedCells = (one: CheckResult["bySize"][number] | CheckResult["scenes"][number]) => [
  one.labels,
  formatWithin(one.ap50, one.interval),
  one.found,
  one.missed,
  one.falseAlarms,
];

/**
 * One self-contained page: what it rests on, figures, curve, tables with intervals, and the worst misses (largest first) and false alarms
 * (surest first) cut from their scenes. Throws `SwathError("raster")` when a scene cannot be read again.
 */
export const checkPage = async (
  given: CheckResult,
  run: CheckRun,
  open: (scene: string) => Promise<SceneReader>,
): Promise<string> => {
  const result = { ...given, dataset: withoutFoldersIn(given.dataset), notes: withoutFoldersIn(given.notes) };
  const { model, quality, misses, falseAlarms, bySize, scenes, excusing, tiling } = result;
  const missed = await chips(misses.slice(0, shownChips), missText, result, run, open);
  const alarms = await chips(falseAlarms.slice(0, shownChips), alarmText, result, run, open);
  const sections: readonly (PageSection | null)[] = [
    { id: "rests", title: "What it rests on", body: facts(result) },
    {
      id: "curve",
      title: "Precision and recall",
      body: html`<div class="beside-plot">
        <div>${checkCurve(quality, excusing?.quality ?? null)}</div>
        <div>
          ${table(
            ["long side", ...counted],
            bySize.map((row) => [sizeName(row), ...countedCells(row)]),
          )}
          <p class="note">
            In parentheses: where 95 % of 2,000 draws lie. At a score of ${quality.threshold}: precision
            ${formatWithin(quality.precision, quality.intervals.precision)}, recall
            ${formatWithin(quality.recall, quality.intervals.recall)}.
          </p>
        </div>
      </div>`,
    },
    {
      id: "scenes",
      title: "Scene by scene",
      body: table(
        ["scene", "training", ...counted],
        scenes.map((scene) => [scene.id, kindWords[scene.training], ...countedCells(scene)]),
      ),
    },
    excusing && {
      id: "excused",
      title: "Where not everything is labelled",
      body: excusedSection(quality, excusing),
    },
    { id: "misses", title: "Worst misses", body: gallery(misses, missed, "the largest first") },
    {
      id: "alarms",
      title: "Worst false alarms",
      body: gallery(
        falseAlarms,
        alarms,
        excusing === null ? "the surest first" : "the surest first, excused ones last",
      ),
    },
    tiling && { id: "tiles", title: "What tiles change", body: tilingSection(tiling) },
    {
      id: "files",
      title: "Tables",
      body: html`<p>${checkCsv(result).map((one) => html`${csvLink(one)} `)}</p>
        <p class="note">Kept inside this page, as CSV.</p>`,
    },
  ];
  return renderPage({
    title: `${model.name} on ${result.dataset}`,
    about: [`model check · ${model.name} ${model.version}`, result.dataset],
    header: html`${opening(result)}
      <p class="sub">
        At a score of ${quality.threshold}, in ${scenes.length} labelled scene${scenes.length !== 1 && "s"}.
      </p>
      ${figures(result)}`,
    sections: sections.flatMap((one) => one ?? []),
    foot: `${model.name} ${model.version} on ${result.dataset} · this page is one file and loads nothing`,
    style: html`${chipStyle}${sectionStyle}`,
  });
};
