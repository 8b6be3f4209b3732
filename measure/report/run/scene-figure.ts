import { SwathError } from "../../../pipeline/errors.ts";
import { formatCountOf, formatNumber } from "../../../pipeline/format.ts";
import { distanceText, typeset } from "../drawing/figures.ts";
import { html, type Content, type Markup, point } from "../drawing/html.ts";
import type { PictureBox, ReportScene, ScenePicture } from "./report-input.ts";

const imageUri = /^data:image\/(?:webp|jpeg|png);base64,[A-Za-z0-9+/]+=*$/;

/** Names beside boxes: all of this many; of more, the errors first as long as there is room. */
const mostNames = 60;

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands beside a box. */
const nameOf = ({ kind, className, score }: PictureBox): string =>
  kind === "missed" ? "missed" : `${className} ${score === null ? "" : score.toFixed(2).replace(/^0/, "")}`;

/** A box a little outside the object, so that the line hides nothing of it; a shape is drawn as it is. */
const shape = ({ boxPx, outlinePx, kind }: PictureBox, margin: number, title: string): Markup => {
  if (outlinePx !== undefined) {
    const points = outlinePx.map(([x, y]) => `${point(x)},${point(y)}`).join(" ");
    return html`<polygon class="casing" points="${points}" /><polygon class="line" points="${points}"
        ><title>${title}</title></polygon
      >`;
  }
  const [x, y] = [boxPx.x0 - margin, boxPx.y0 - margin];
  const [width, height] = [boxPx.x1 - boxPx.x0 + 2 * margin, boxPx.y1 - boxPx.y0 + 2 * margin];
  const rect = (style: string, inner: Content): Markup =>
    html`<rect
      class="${style}"
      x="${point(x)}"
      y="${point(y)}"
      width="${point(width)}"
      height="${point(height)}"
      >${inner}</rect
    >`;
  const diagonal =
    kind === "alarm" &&
    html`<path class="line" d="M${point(x)} ${point(y + height)}L${point(x + width)} ${point(y)}" />`;
  return html`${rect("casing", null)}${rect("line", html`<title>${title}</title>`)}${diagonal}`;
};

const overlaps = (a: Frame, b: Frame): boolean =>
  a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;

/** Where names find room: right, left, below, above their box, meeting no other box or name; errors are placed first. */
const placeNames = (boxes: readonly PictureBox[], { window }: ScenePicture, size: number) => {
  const order = boxes.toSorted(
    (a, b) =>
      Number(b.kind === "missed" || b.kind === "alarm") - Number(a.kind === "missed" || a.kind === "alarm"),
  );
  const taken: Frame[] = boxes.map(({ boxPx: { x0, y0, x1, y1 } }) => ({
    x: x0,
    y: y0,
    width: x1 - x0,
    height: y1 - y0,
  }));
  return order.slice(0, mostNames * 3).flatMap((box) => {
    const { x0, y0, x1, y1 } = box.boxPx;
    const text = nameOf(box);
    const width = text.length * size * 0.55;
    const middle = (y0 + y1) / 2 + size * 0.35;
    const spots = [
      { x: x1 + size * 0.5, y: middle },
      { x: x0 - size * 0.5 - width, y: middle },
      { x: (x0 + x1 - width) / 2, y: y1 + size * 1.25 },
      { x: (x0 + x1 - width) / 2, y: y0 - size * 0.55 },
    ];
    const spot = spots.find(({ x, y }) => {
      const frame = { x, y: y - size * 0.85, width, height: size };
      const within =
        x >= window.x &&
        x + width <= window.x + window.width &&
        frame.y >= window.y &&
        y <= window.y + window.height;
      return within && !taken.some((other) => overlaps(frame, other));
    });
    if (spot === undefined) return [];
    taken.push({ x: spot.x, y: spot.y - size * 0.85, width, height: size });
    return [{ box, text, ...spot }];
  });
};

/** A round length near a fifth of the picture, in metres on the ground. */
const scaleBar = ({ window, pixelSize }: ScenePicture, size: number): Markup | null => {
  if (pixelSize === null || !(pixelSize > 0)) return null;
  const wanted = (window.width * pixelSize) / 5;
  const decade = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((n) => n * decade).find((length) => length <= wanted) ?? decade;
  const length = metres / pixelSize;
  const [x, y] = [window.x + window.width * 0.03, window.y + window.height - window.width * 0.03];
  const text = metres >= 1000 ? `${formatNumber(metres / 1000)}\u202fkm` : `${formatNumber(metres)}\u202fm`;
  const line = (kind: string): Markup =>
    html`<line
      class="${kind}"
      x1="${point(x)}"
      x2="${point(x + length)}"
      y1="${point(y)}"
      y2="${point(y)}"
    />`;
  return html`<g class="scale"
    >${line("under")}${line("over")}<text
      x="${point(x)}"
      y="${point(y - size * 0.6)}"
      style="font-size:${point(size * 1.1)}px"
      >${text}</text
    ></g
  >`;
};

/** What the picture is of the scene, in pixels and on the ground. */
const extent = (
  { width, height }: ReportScene,
  { window, pixelSize, boxes }: ScenePicture,
  all: number,
): string => {
  const wide = pixelSize === null ? "" : `, ${distanceText(window.width * pixelSize)} wide`;
  if (window.width === width && window.height === height)
    return (
      typeset(`whole scene, ${width.toLocaleString("en-GB")} × ${height.toLocaleString("en-GB")} px`) + wide
    );
  const shown = boxes.filter(
    ({ boxPx: b }) =>
      b.x1 > window.x && b.y1 > window.y && b.x0 < window.x + window.width && b.y0 < window.y + window.height,
  ).length;
  return `${typeset(`crop, ${window.width.toLocaleString("en-GB")} × ${window.height.toLocaleString("en-GB")} of ${width.toLocaleString("en-GB")} × ${height.toLocaleString("en-GB")} px`)}${wide}, ${shown} of ${formatCountOf(all, "box", "boxes")}`;
};

const caption = (scene: ReportScene, picture: ScenePicture): Markup => {
  const { marks } = scene;
  const apart = scene.trainedOn === false ? ", kept apart" : "";
  const counts =
    marks === null
      ? `${scene.detections} detection${scene.detections === 1 ? "" : "s"}, not labelled`
      : `${marks.found} of ${marks.found + marks.missed} found, ${marks.falseAlarms} false alarm${marks.falseAlarms === 1 ? "" : "s"}`;
  const when =
    scene.recordedAt === null
      ? ""
      : ` · ${scene.platform ?? "recorded"} ${new Date(scene.recordedAt * 1000).toISOString().slice(0, 10)}`;
  return html`<figcaption>
    <strong>${scene.scene}</strong>${apart}: ${counts}<small
      >${extent(scene, picture, picture.boxes.length)}${when}</small
    >
  </figcaption>`;
};

/**
 * A picture with what was found, what was missed and what is a false alarm, told apart by line, dash and diagonal as well as by
 * hue. `large`: across the page, with names. Classes other than the only one get their names in small pictures too.
 * Throws `SwathError("config")` for an image that is not a data URI.
 */
export const sceneFigure = (
  scene: ReportScene,
  picture: ScenePicture,
  large: boolean,
  severalClasses: boolean,
): Markup => {
  const { imageDataUri, window, boxes } = picture;
  if (!imageUri.test(imageDataUri)) {
    throw new SwathError("config", {
      what: `picture of scene "${scene.scene}"`,
      wanted: "data:image/webp;base64,…",
      got: imageDataUri.slice(0, 30),
    });
  }
  const { x, y, width, height } = window;
  const shownWidth = large ? 1180 : 300;
  const size = (width / shownWidth) * 11.5;
  const margin = (width / shownWidth) * 2;
  const visible = boxes.filter(
    ({ boxPx: b }) => b.x1 > x && b.y1 > y && b.x0 < x + width && b.y0 < y + height,
  );
  const names = large || severalClasses ? placeNames(visible, picture, size) : [];
  const textOf = new Map(names.map((name) => [name.box, name]));
  const counts = `${visible.filter(({ kind }) => kind === "found" || kind === "plain").length} found, ${visible.filter(({ kind }) => kind === "missed").length} missed, ${visible.filter(({ kind }) => kind === "alarm").length} false alarms`;
  // A small picture's share of the row follows its shape, so that a row has one height.
  const wide = Math.round(Math.max(120, Math.min(420, (190 * width) / height)));
  return html`<figure class="scene ${large ? "large" : "small"}" style="--wide:${wide}px">
    <svg viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="${scene.scene}: ${counts}">
      <image href="${imageDataUri}" x="${x}" y="${y}" width="${width}" height="${height}" />
      ${visible.map((box) => {
        const name = textOf.get(box);
        return html`<g class="box ${box.kind}"
          >${shape(box, margin, nameOf(box))}${
            name !== undefined &&
            html`<text
              class="named"
              x="${point(name.x)}"
              y="${point(name.y)}"
              style="font-size:${point(size)}px"
              >${name.text}</text
            >`
          }</g
        >`;
      })}
      ${scaleBar(picture, size)}
    </svg>
    ${caption(scene, picture)}
  </figure>`;
};
