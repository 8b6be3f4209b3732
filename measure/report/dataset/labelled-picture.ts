import type { BoxPx } from "../../../pipeline/detection/box.ts";
import type { Label } from "../../../pipeline/detection/detection.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { formatCount, formatCountOf } from "../../../pipeline/format.ts";
import { chipWindow } from "../../../pipeline/product/chip-window.ts";
import type { PixelWindow } from "../../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../../pipeline/raster/scene.ts";
import type { LabelledScene } from "../../quality/label-classes.ts";
import { type Content, html, type Markup, point } from "../drawing/html.ts";
import { busiestWindow, renderPicture } from "../drawing/picture.ts";

/** Colours on imagery, the same by day and by night: each stands out from water, soil and woods. */
const onImagery = [
  "#ffe14d",
  "#38e0ff",
  "#ff7ac6",
  "#8dff8a",
  "#ff9d4d",
  "#c9a8ff",
  "#ff6b6b",
  "#9fd0ff",
] as const;

/** A colour for each class, by its number among them; they repeat after eight. */
export const classColour = (index: number): string => onImagery[index % onImagery.length] ?? onImagery[0];

/** Classes in a fixed order, so that one has one colour on the whole page. */
export type ClassOrder = ReadonlyMap<string, number>;

/** The part of a scene that a picture shows, at most; and the surroundings of a single object. */
const [sceneSidePx, closeMarginPx, closeLeastPx, closeLargestPx] = [640, 20, 64, 512] as const;

/** Names beside boxes up to this many; beyond, they would hide the objects. */
const mostNames = 30;

/** Style of the pictures, beside the report's. */
export const pictureStyle: Markup = {
  markup: `.boxes rect{fill:none;stroke-width:1.8;vector-effect:non-scaling-stroke;filter:drop-shadow(0 0 1px #000)}
.boxes rect.ignored{stroke-dasharray:4 3}
.scene .boxes text,.close .boxes text{fill:#fff;font-weight:600;paint-order:stroke;stroke:#000c;stroke-width:.22em;stroke-linejoin:round}
.scene .hide:checked~svg .boxes{display:none}
.scene .hide:focus-visible~figcaption .toggle{outline:2px solid var(--accent);outline-offset:2px}
.toggle{padding:1px 9px;border:1px solid var(--line);border-radius:99px;font-size:12.5px;color:var(--soft);cursor:pointer}
.hide:checked~figcaption .toggle{border-style:dashed;opacity:.7}
.scene figcaption .said{color:var(--soft)}
.closes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(148px,44%),1fr));gap:20px 16px}
.close{margin:0;min-width:0}.close svg{display:block;width:100%;border-radius:6px;background:var(--faint)}
.close image{image-rendering:pixelated}
.close figcaption{display:block;padding-top:6px;font-size:13px;line-height:1.4;color:var(--soft);overflow-wrap:anywhere}
.close strong,.scene strong{color:var(--ink);overflow-wrap:anywhere}`,
};

const touches = ({ x0, y0, x1, y1 }: BoxPx, { x, y, width, height }: PixelWindow): boolean =>
  x1 > x && y1 > y && x0 < x + width && y0 < y + height;

const boxMark = (
  { className, boxPx: { x0, y0, x1, y1 }, ignore }: Label,
  order: ClassOrder,
  nameSize: number,
): Markup =>
  html`<rect
      class="${ignore === true && "ignored"}"
      stroke="${classColour(order.get(className) ?? 0)}"
      x="${point(x0)}"
      y="${point(y0)}"
      width="${point(x1 - x0)}"
      height="${point(y1 - y0)}"
      ><title>${className}${ignore === true && " (ignored)"}</title></rect
    >${
      nameSize > 0 &&
      html`<text x="${point(x0)}" y="${point(y0 - nameSize * 0.4)}" style="font-size:${point(nameSize)}px">
        ${className}
      </text>`
    }`;

const drawing = (
  { x, y, width, height }: PixelWindow,
  imageDataUri: string,
  labels: readonly Label[],
  order: ClassOrder,
  name: string,
): Markup => {
  // One class needs no names beside its boxes: the page says it.
  const nameSize = order.size > 1 && labels.length <= mostNames && width > 200 ? Math.max(9, width / 50) : 0;
  return html`<svg viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="${name}">
    <image href="${imageDataUri}" x="${x}" y="${y}" width="${width}" height="${height}" />
    <g class="boxes">${labels.map((label) => boxMark(label, order, nameSize))}</g>
  </svg>`;
};

/** A picture that could not be made says why, in its place; the page goes on. */
const orReason = async (
  id: string,
  kind: "scene" | "close",
  make: () => Promise<Markup>,
): Promise<Markup> => {
  try {
    return await make();
  } catch (error) {
    if (!isSwathError(error)) throw error;
    return html`<figure class="${kind}">
      <figcaption><strong>${id}</strong> ${error.message}</figcaption>
    </figure>`;
  }
};

/** One scene, pixel for pixel where most of its labels are, each label drawn and named. Labels can be switched off. */
export const scenePicture = (
  { scene, labels }: LabelledScene,
  order: ClassOrder,
  open: (scene: string) => Promise<SceneReader>,
  index: number,
): Promise<Markup> =>
  orReason(scene.id, "scene", async () => {
    await using reader = await open(scene.id);
    const boxes = labels.map(({ boxPx }) => boxPx);
    const window = busiestWindow(scene.width, scene.height, boxes, sceneSidePx);
    const { imageDataUri } = await renderPicture(reader, window);
    const shown = labels.filter(({ boxPx }) => touches(boxPx, window));
    const isWhole = window.width === scene.width && window.height === scene.height;
    const part = isWhole
      ? "whole scene"
      : `${window.width} × ${window.height} of ${scene.width} × ${scene.height} px`;
    return html`<figure class="scene">
      <input class="hide" type="checkbox" id="hide-${index}" />
      ${drawing(window, imageDataUri, shown, order, `${scene.id} with its labels`)}
      <figcaption>
        <strong>${scene.id}</strong>
        <span class="said"
          >${labels.length === 0 ? "looked at, nothing found" : `${formatCount(shown.length)} of ${formatCountOf(labels.length, "label")}`};
          ${part}</span
        >
        ${shown.length > 0 && html`<label class="toggle" for="hide-${index}">labels</label>`}
      </figcaption>
    </figure>`;
  });

/** One label in its surroundings, pixel for pixel. */
export interface CloseUp {
  readonly of: LabelledScene;
  readonly label: Label;
}

const longSide = ({ boxPx: { x0, y0, x1, y1 } }: Label): number => Math.max(x1 - x0, y1 - y0);

/** At most `most` labels: of each class in turn the smallest, the largest, then those between, so that none is all of one kind. */
export const chooseCloseUps = (
  scenes: readonly LabelledScene[],
  order: ClassOrder,
  most: number,
): readonly CloseUp[] => {
  const byClass = new Map<string, CloseUp[]>();
  for (const name of order.keys()) byClass.set(name, []);
  for (const of of scenes) for (const label of of.labels) byClass.get(label.className)?.push({ of, label });
  const perClass = [...byClass.values()].map((all) => {
    const sorted = all.toSorted((a, b) => longSide(a.label) - longSide(b.label));
    const places = [0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875, 0.0625, 0.9375];
    return [...new Set(places.map((place) => sorted[Math.round(place * (sorted.length - 1))]))].filter(
      (one) => one !== undefined,
    );
  });
  const chosen: CloseUp[] = [];
  const rounds = Math.max(0, ...perClass.map(({ length }) => length));
  for (let round = 0; round < rounds; round++)
    for (const all of perClass) if (chosen.length < most && all[round]) chosen.push(all[round]!);
  return chosen;
};

/** The chosen labels, each cut from its scene; each scene is opened once. */
export const closeUps = async (
  chosen: readonly CloseUp[],
  order: ClassOrder,
  open: (scene: string) => Promise<SceneReader>,
): Promise<Content> => {
  const made = new Map<CloseUp, Markup>();
  for (const of of new Set(chosen.map((one) => one.of))) {
    const { scene, labels } = of;
    const mine = chosen.filter((one) => one.of === of);
    const reasons = await orReason(scene.id, "close", async () => {
      await using reader = await open(scene.id);
      for (const one of mine) {
        const side = Math.ceil(longSide(one.label)) + 1 + 2 * closeMarginPx;
        const minSizePx = Math.min(Math.max(side, closeLeastPx), closeLargestPx);
        const shape = { marginPx: closeMarginPx, minSizePx, maxSizePx: closeLargestPx };
        const window = chipWindow(one.label.boxPx, scene, shape);
        const { imageDataUri } = await renderPicture(reader, window);
        const { x0, y0, x1, y1 } = one.label.boxPx;
        const near = labels.filter(({ boxPx }) => touches(boxPx, window));
        made.set(
          one,
          html`<figure class="close">
            ${drawing(window, imageDataUri, near, order, `${one.label.className} in ${scene.id}`)}
            <figcaption>
              <strong>${one.label.className}</strong
              >${one.label.ignore === true && ", ignored"}<br />${scene.id}<br />
              ${point(x1 - x0)} × ${point(y1 - y0)} px at ${Math.round(x0)}, ${Math.round(y0)}
            </figcaption>
          </figure>`,
        );
      }
      return html``;
    });
    if (reasons.markup !== "") for (const one of mine) if (!made.has(one)) made.set(one, reasons);
  }
  return chosen.map((one) => made.get(one));
};
