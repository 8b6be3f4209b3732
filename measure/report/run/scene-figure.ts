import type { BoxPx } from "../../../pipeline/detection/box.ts";
import type { OutlinePx } from "../../../pipeline/detection/outline.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { formatNumber } from "../../../pipeline/format.ts";
import { html, type Markup, point } from "../drawing/html.ts";
import type { ReportScene } from "./report-input.ts";

const imageUri = /^data:image\/(?:webp|jpeg|png);base64,[A-Za-z0-9+/]+=*$/;

/** A box a little outside the object, so that the line hides nothing of it and equal boxes stand side by side. */
const frame = ({ x0, y0, x1, y1 }: BoxPx, margin: number, title: string): Markup =>
  html`<rect
    x="${point(x0 - margin)}"
    y="${point(y0 - margin)}"
    width="${point(x1 - x0 + 2 * margin)}"
    height="${point(y1 - y0 + 2 * margin)}"
    ><title>${title}</title></rect
  >`;

/** The very line: a margin round a shape would not be that shape. */
const drawn = (outline: OutlinePx, title: string): Markup =>
  html`<polygon points="${outline.map(([x, y]) => `${point(x)},${point(y)}`).join(" ")}"
    ><title>${title}</title></polygon
  >`;

interface Layer {
  readonly name: string;
  readonly style: "label" | "onboard" | "ground";
  readonly shapes: readonly Markup[];
  /** Shown at first: the labels and the first layer of each place, so that the picture starts out readable. */
  readonly shown: boolean;
}

const layersOf = ({ labels, detections, width }: ReportScene): readonly Layer[] => {
  const step = Math.max(1, width / 400);
  const firstOf = (where: string) => detections.findIndex((one) => one.where === where);
  const found = detections.map(({ policy, where, found: boxes }, i): Layer => {
    const margin = step * (where === "onboard" ? 2 : 3.5);
    return {
      name: `${policy} (${where === "onboard" ? "on board" : "ground"}) ${boxes.length}`,
      style: where,
      shapes: boxes.map((d) => {
        const title = `${policy}, ${where}: ${d.className} ${d.score.toFixed(2)}`;
        return d.outlinePx === undefined ? frame(d.boxPx, margin, title) : drawn(d.outlinePx, title);
      }),
      shown: i === firstOf(where),
    };
  });
  if (labels === null) return found;
  const marked = labels.map((l) =>
    frame(l.boxPx, step * 0.5, `label: ${l.className}${l.ignore ? " (ignored)" : ""}`),
  );
  return [{ name: `labels ${labels.length}`, style: "label", shapes: marked, shown: true }, ...found];
};

/** A round length near a fifth of the picture. */
const scaleBar = ({ width, height, metresPerPixel }: ReportScene): Markup | null => {
  if (metresPerPixel === null || !(metresPerPixel > 0)) return null;
  const wanted = (width * metresPerPixel) / 5;
  const decade = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((n) => n * decade).find((length) => length <= wanted) ?? decade;
  const length = metres / metresPerPixel;
  const [x, y, size] = [width * 0.03, height - width * 0.03, Math.max(7, width / 36)];
  const text = metres >= 1000 ? `${formatNumber(metres / 1000)} km` : `${formatNumber(metres)} m`;
  const line = (kind: string) =>
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
      y="${point(y - size * 0.5)}"
      style="font-size:${point(size)}px"
      >${text}</text
    ></g
  >`;
};

/**
 * A picture with what people marked and what each policy brought down; the chips beneath switch the layers, without script.
 * `index` keeps the ids of a page apart. Throws `SwathError("config")` for an image that is not a data URI.
 */
export const sceneFigure = (scene: ReportScene, index: number): Markup => {
  const { title, imageDataUri, width, height } = scene;
  if (!imageUri.test(imageDataUri)) {
    const got = imageDataUri.slice(0, 30);
    throw new SwathError("config", {
      what: `picture of scene "${title}"`,
      wanted: "data:image/webp;base64,…",
      got,
    });
  }
  const layers = layersOf(scene);
  const id = (layer: number) => `s${index}l${layer}`;
  return html`<figure class="scene">
    ${layers.map(
      ({ name, shown }, i) =>
        html`<input
          type="checkbox"
          id="${id(i)}"
          class="t${i}"
          aria-label="${name}"
          ${shown && html`checked`}
        />`,
    )}
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${title}: ${layers.map(({ name }) => name).join(", ")}"
    >
      <image href="${imageDataUri}" width="${width}" height="${height}" />
      ${layers.map(({ shapes, style }, i) => html`<g class="l l${i} ${style}">${shapes}</g>`)}
      ${scaleBar(scene)}
    </svg>
    <figcaption>
      <strong>${title}</strong
      ><span class="keys"
        >${layers.map(
          ({ name, style }, i) => html`<label for="${id(i)}" class="k${i} ${style}">${name}</label>`,
        )}</span
      >
    </figcaption>
  </figure>`;
};
