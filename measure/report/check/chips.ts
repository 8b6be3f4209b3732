import type { BoxPx } from "../../../pipeline/detection/box.ts";
import { chipWindow } from "../../../pipeline/product/chip-window.ts";
import type { SceneReader } from "../../../pipeline/raster/scene.ts";
import { type Content, html, type Markup, point } from "../drawing/html.ts";
import { renderPicture } from "../drawing/picture.ts";
import { sameObject } from "../../check/excuse.ts";
import type { CheckResult, FalseAlarm, Miss } from "../../check/check-result.ts";
import type { CheckRun } from "../../check/checked-scene.ts";

/** Surroundings on each side, and the least and largest side of a chip: all are square, so that they line up. */
const [marginPx, leastPx, largestPx] = [20, 64, 640] as const;

const shapeOf = ({ x0, y0, x1, y1 }: BoxPx) => {
  const side = Math.ceil(Math.max(x1 - x0, y1 - y0)) + 1 + 2 * marginPx;
  return { marginPx, minSizePx: Math.min(Math.max(side, leastPx), largestPx), maxSizePx: largestPx };
};

/** Style of the chips, beside the report's. */
export const chipStyle: Markup = {
  markup: `.chips{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:18px}
.chip{margin:0}.chip svg{display:block;width:100%;border-radius:6px;background:var(--faint)}
.chip image{image-rendering:pixelated}.chip rect{fill:none;stroke-width:1.2;opacity:.75;vector-effect:non-scaling-stroke}
.chip rect.subject{stroke-width:2.6;opacity:1}
.chip figcaption{display:block;padding-top:6px;font-size:13px;line-height:1.4;color:var(--soft)}`,
};

const frame = (
  { x0, y0, x1, y1 }: BoxPx,
  kind: "label" | "onboard",
  title: string,
  isSubject: boolean,
): Markup =>
  html`<rect
    class="${kind}${isSubject && " subject"}"
    x="${point(x0)}"
    y="${point(y0)}"
    width="${point(x1 - x0)}"
    height="${point(y1 - y0)}"
    ><title>${title}</title></rect
  >`;

const shares = (box: BoxPx, x: number, y: number, width: number, height: number): boolean =>
  box.x1 > x && box.y1 > y && box.x0 < x + width && box.y0 < y + height;

/** The object in the middle of its surroundings, with every label and every detection at the threshold round it. */
const chip = async (
  { scene: id, boxPx }: Pick<Miss, "scene" | "boxPx">,
  caption: Content,
  { quality }: CheckResult,
  { scenes }: CheckRun,
  reader: SceneReader,
): Promise<Markup> => {
  const checked = scenes.find(({ scene }) => scene.id === id);
  const { x, y, width, height } = chipWindow(boxPx, reader.scene, shapeOf(boxPx));
  const { imageDataUri } = await renderPicture(reader, { x, y, width, height });
  const near = <T extends { readonly boxPx: BoxPx }>(all: readonly T[] | undefined): readonly T[] =>
    (all ?? []).filter((one) => shares(one.boxPx, x, y, width, height));
  const found = near(checked?.detections).filter(({ score }) => score >= quality.threshold);
  return html`<figure class="chip">
    <svg viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="${id}">
      <image href="${imageDataUri}" x="${x}" y="${y}" width="${width}" height="${height}" />
      ${near(checked?.labels).map((l) => frame(l.boxPx, "label", `label: ${l.className}`, l.boxPx === boxPx))}
      ${found.map((d) => frame(d.boxPx, "onboard", `${d.className} ${d.score.toFixed(2)}`, d.boxPx === boxPx))}
    </svg>
    <figcaption>${caption}</figcaption>
  </figure>`;
};

const place = ({ boxPx: { x0, y0, x1, y1 } }: { readonly boxPx: BoxPx }): string =>
  `${Math.round(x1 - x0)} × ${Math.round(y1 - y0)} px at ${Math.round((x0 + x1) / 2)}, ${Math.round((y0 + y1) / 2)}`;

/** What stands under a miss. */
export const missText = (miss: Miss): Content =>
  html`<strong>${miss.scene}</strong><br />${place(miss)}<br />${
      miss.score === null ? "nothing there" : `seen at ${miss.score.toFixed(2)}, below the threshold`
    }`;

/** What stands under a false alarm. */
export const alarmText = (alarm: FalseAlarm): Content =>
  html`<strong>${alarm.score.toFixed(2)}</strong> ${alarm.className}, ${alarm.scene}<br />${place(alarm)}<br />${
      alarm.overlap > sameObject ? `overlaps a label by ${alarm.overlap.toFixed(2)}` : "no label there"
    }${alarm.excused && ", excused"}`;

/** Pictures scene by scene, so that each scene is opened once; in the order given. */
export const chips = async <T extends { readonly scene: string; readonly boxPx: BoxPx }>(
  shown: readonly T[],
  caption: (one: T) => Content,
  result: CheckResult,
  run: CheckRun,
  open: (scene: string) => Promise<SceneReader>,
): Promise<readonly Markup[]> => {
  const made = new Map<T, Markup>();
  for (const id of new Set(shown.map(({ scene }) => scene))) {
    await using reader = await open(id);
    for (const one of shown.filter(({ scene }) => scene === id)) {
      made.set(one, await chip(one, caption(one), result, run, reader));
    }
  }
  return shown.flatMap((one) => made.get(one) ?? []);
};
