import { html, type Markup } from "./html.ts";

/** One series of a chart. `hint` explains it on hover and to screen readers. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly hint?: string;
}

/** The key to a chart's colours. */
export const legend = (series: readonly Series[]): Markup =>
  html` <ul class="legend">
    ${series.map(
      ({ name, colour, hint }) =>
        html`<li title="${hint ?? name}">
          <span class="swatch" style="background:${colour}"></span>${name}
        </li>`,
    )}
  </ul>`;
