import type { Label } from "../../pipeline/detection/detection.ts";
import { formatCount, formatCountOf } from "../../pipeline/format.ts";
import type { Scene, SceneReader } from "../../pipeline/raster/scene.ts";
import type { LabelledScene } from "../quality/label-classes.ts";
import { section, sectionStyle, table } from "./check/sections.ts";
import {
  chooseCloseUps,
  classColour,
  type ClassOrder,
  closeUps,
  pictureStyle,
  scenePicture,
} from "./dataset/labelled-picture.ts";
import { type Content, html, type Markup } from "./drawing/html.ts";
import { pageHead } from "./drawing/page-head.ts";
import { style } from "./drawing/style.ts";

/** What is known of a dataset and its labels before a pixel is read. */
export interface DatasetReport {
  readonly name: string;
  /** Every scene; `labels` is `null` where nobody looked. */
  readonly scenes: readonly { readonly scene: Scene; readonly labels: readonly Label[] | null }[];
  /** What became of every label that was read: the first row counts them all, the others add up to it. */
  readonly rows: readonly { readonly what: string; readonly count: number; readonly detail: string }[];
  /** What was left out and what was assumed, a sentence each. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
}

const [shownScenes, shownCloseUps, shownRows, shownClasses] = [8, 24, 200, 60] as const;

const figure = (value: string, what: string, beside: string | null): Markup =>
  html`<li>
    <span class="number">${value}</span
    ><span class="what">${what}</span>${beside !== null && html`<span class="beside">${beside}</span>`}
  </li>`;

/** Classes by how many labels they have, most first. */
const classOrder = (scenes: readonly LabelledScene[]): ClassOrder => {
  const counts = new Map<string, number>();
  for (const { labels } of scenes)
    for (const { className } of labels) counts.set(className, (counts.get(className) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Map(sorted.map(([name], i) => [name, i]));
};

/** Scenes to draw: for each class one that has most of it, then those with most labels; at least one that is empty. */
const chooseScenes = (scenes: readonly LabelledScene[], order: ClassOrder): readonly LabelledScene[] => {
  const count = ({ labels }: LabelledScene, name: string): number =>
    labels.filter(({ className }) => className === name).length;
  const byLabels = scenes.toSorted((a, b) => b.labels.length - a.labels.length);
  const ofClasses = [...order.keys()]
    .slice(0, shownScenes)
    .flatMap((name) => byLabels.toSorted((a, b) => count(b, name) - count(a, name)).slice(0, 1));
  const empty = byLabels.filter(({ labels }) => labels.length === 0).slice(0, 1);
  return [...new Set([...ofClasses, ...byLabels.slice(0, shownScenes - empty.length), ...empty])].slice(
    0,
    shownScenes,
  );
};

const sides = (labels: readonly Label[]): readonly number[] =>
  labels.map(({ boxPx: { x0, y0, x1, y1 } }) => Math.max(x1 - x0, y1 - y0)).toSorted((a, b) => a - b);

const classTable = (scenes: readonly LabelledScene[], order: ClassOrder): Markup => {
  const rows = [...order].slice(0, shownClasses).map(([name, index]): readonly Content[] => {
    const having = scenes.filter(({ labels }) => labels.some(({ className }) => className === name));
    const mine = having.flatMap(({ labels }) => labels.filter(({ className }) => className === name));
    const long = sides(mine);
    const at = (share: number): string =>
      formatCount(Math.round(long[Math.round(share * (long.length - 1))] ?? 0));
    const ignored = mine.filter(({ ignore }) => ignore === true).length;
    return [
      html`<span class="swatch" style="background:${classColour(index)}"></span>${name}`,
      formatCount(mine.length),
      ignored > 0 ? formatCount(ignored) : "–",
      formatCount(having.length),
      at(0),
      at(0.5),
      at(1),
    ];
  });
  const head = ["class", "labels", "ignored", "scenes", "least px", "median px", "most px"];
  const rest = order.size - rows.length;
  return html`${table(head, rows)}${rest > 0 && html`<p class="note">And ${formatCountOf(rest, "class", "classes")} more.</p>`}
    <p class="note">Sizes are the longer side of the box.</p>`;
};

const becameTable = ({ rows }: DatasetReport): Content =>
  rows.length === 0
    ? html`<p class="note">No label file was read.</p>`
    : table(
        ["labels", "count", "where from, where to, or why not"],
        rows.map(({ what, count, detail }) => [
          what,
          formatCount(count),
          html`<span class="wrap">${detail}</span>`,
        ]),
      );

const lines = (texts: readonly string[]): Content =>
  texts.length > 0 &&
  html`<ul class="lines">
      ${texts.slice(0, shownRows).map((text) => html`<li>${text}</li>`)}
    </ul>
    ${texts.length > shownRows && html`<p class="note">And ${formatCount(texts.length - shownRows)} more.</p>`}`;

const sceneTable = ({ scenes }: DatasetReport): Markup =>
  html`${table(
    ["scene", "pixels", "bands", "place", "labels"],
    scenes
      .slice(0, shownRows)
      .map(({ scene, labels }) => [
        scene.id,
        `${scene.width} × ${scene.height}`,
        scene.bands.map(({ name }) => name).join(" "),
        scene.georeference ? (scene.georeference.crs ?? "no EPSG code") : "–",
        labels === null ? "nobody looked" : formatCount(labels.length),
      ]),
  )}${scenes.length > shownRows && html`<p class="note">And ${formatCount(scenes.length - shownRows)} more.</p>`}`;

const pageStyle: Markup = {
  markup: `.wrap{white-space:normal;text-align:left;display:inline-block}
.lines{margin:0;padding-left:1.2em;font-size:14px}.lines li{margin:.3em 0;overflow-wrap:anywhere}
td:last-child .wrap{min-width:16em;text-align:left;width:100%}`,
};

/**
 * One self-contained page: labels drawn on a few of their scenes, close up too, by class, and what became of every label that was
 * read. A scene that cannot be read costs its picture.
 */
export const datasetPage = async (
  report: DatasetReport,
  open: (scene: string) => Promise<SceneReader>,
): Promise<string> => {
  const { name, scenes, leftOut, notes } = report;
  const labelled = scenes.flatMap(({ scene, labels }): readonly LabelledScene[] =>
    labels === null ? [] : [{ scene, labels }],
  );
  const order = classOrder(labelled);
  const chosen = chooseScenes(labelled, order);
  const pictures: Markup[] = [];
  for (const [index, one] of chosen.entries()) pictures.push(await scenePicture(one, order, open, index));
  const close = chooseCloseUps(labelled, order, shownCloseUps);
  const total = labelled.reduce((sum, { labels }) => sum + labels.length, 0);
  const empty = labelled.filter(({ labels }) => labels.length === 0).length;
  const unlabelled = scenes.length - labelled.length;
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(`labels of ${name}`, html`${style}${sectionStyle}${pictureStyle}${pageStyle}`)}
      <body>
        <header>
          <p class="kicker">Swath · dataset · ${name}</p>
          <h1>
            <em>${formatCountOf(total, "label")}</em> of ${formatCountOf(order.size, "class", "classes")} on
            ${formatCount(labelled.length)} of ${formatCountOf(scenes.length, "scene")}
          </h1>
          <p class="sub">
            Do the boxes lie where the objects are? Look before you measure anything against them.
          </p>
          <ul class="figures">
            ${figure(formatCount(total), "labels", formatCountOf(order.size, "class", "classes"))}
            ${figure(formatCount(labelled.length), "labelled scenes", empty > 0 ? `${formatCount(empty)} of them empty` : null)}
            ${figure(formatCount(unlabelled), "scenes that nobody looked at", null)}
            ${figure(formatCount(report.rows.filter(({ what }) => what === "outside" || what === "left out").reduce((sum, { count }) => sum + count, 0)), "labels outside or left out", "listed below")}
          </ul>
        </header>
        <main>
          ${
            pictures.length > 0 &&
            section(
              "On their scenes",
              html`<p class="note">
                  ${formatCountOf(pictures.length, "scene")} of ${formatCount(labelled.length)}, each where
                  most of its labels are, pixel for pixel. Dashed: ignored.
                </p>
                <div class="scenes">${pictures}</div>`,
            )
          }
          ${
            close.length > 0 &&
            section(
              "Close up",
              html`<p class="note">
                  ${formatCountOf(close.length, "label")} of ${formatCount(total)}: of each class the
                  smallest, the largest and some between.
                </p>
                <div class="closes">${await closeUps(close, order, open)}</div>`,
            )
          }
          ${order.size > 0 && section("Classes", classTable(labelled, order))}
          ${section("What became of every label", html`${becameTable(report)}${lines(leftOut)}`)}
          ${notes.length > 0 && section("Assumed", lines(notes))} ${section("Scenes", sceneTable(report))}
        </main>
      </body>
    </html> `.markup;
};
