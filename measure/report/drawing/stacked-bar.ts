import { html, type Markup, percent } from "./html.ts";
import type { Series } from "./legend.ts";

/** One part of a stacked bar. */
export interface Segment {
  readonly series: Series;
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
}

/** One horizontal bar of stacked segments on a linear scale that ends at `most`; stretches to the width it is given. */
export const stackedBar = (segments: readonly Segment[], most: number, label: string): Markup => {
  let at = 0;
  const rects = segments
    .filter(({ value }) => value > 0)
    .map(({ series, value, text }) => {
      const from = at;
      at += value;
      return html`<rect
        x="${percent(from / most)}"
        y="0"
        width="${percent(value / most)}"
        height="18"
        style="fill:${series.colour}"
        ><title>${series.name}: ${text}</title></rect
      >`;
    });
  return html`<svg class="bar" role="img" aria-label="${label}" width="100%" height="18">
    ${at === 0 ? html`<line x1="0.5" x2="0.5" y1="0" y2="18" class="axis" />` : rects}
  </svg>`;
};

/** `detections 1.2 kB, framing 300 B`: the bar for those who cannot see it. */
export const spokenSegments = (name: string, segments: readonly Segment[]): string => {
  const parts = segments.filter(({ value }) => value > 0).map(({ series, text }) => `${series.name} ${text}`);
  return `${name}: ${parts.join(", ") || "nothing"}`;
};
