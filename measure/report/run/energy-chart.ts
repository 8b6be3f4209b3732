import type { PolicySummary } from "../../summary/run-summary.ts";
import { joulesText } from "../drawing/figures.ts";
import { html, type Markup, percent } from "../drawing/html.ts";

const loads = [
  { name: "camera", colour: "var(--past)", of: ({ camera }: Energy) => camera },
  { name: "computer", colour: "var(--dark)", of: ({ compute }: Energy) => compute },
  { name: "radio", colour: "var(--plan)", of: ({ radio }: Energy) => radio },
  { name: "crosslinks", colour: "var(--coast)", of: ({ crosslink }: Energy) => crosslink },
] as const;

type Energy = NonNullable<PolicySummary["energyJoules"]>;

/** What each policy took from the battery: stacked greys on one linear scale, joules a megapixel; words where none was kept. */
export const energyChart = (policies: readonly PolicySummary[]): Markup => {
  const known = policies.flatMap(({ energyJoules }) => energyJoules ?? []);
  if (known.length === 0)
    return html`<h3>Energy on board</h3>
      <p class="empty">No energy was kept account of.</p>`;
  const shown = loads.filter(({ of }) => known.some((spent) => of(spent) > 0));
  const most = Math.max(...known.map(({ total }) => total), 1e-9);
  const row = ({ policy, energyJoules: spent }: PolicySummary): Markup => {
    if (spent === null)
      return html`<div class="row energy">
        <span class="name">${policy}</span><span>not measured</span><span></span>
      </div>`;
    let at = 0;
    const bars = shown.flatMap(({ name, colour, of }) => {
      const value = of(spent);
      if (value <= 0) return [];
      const from = at;
      at += value;
      return [
        html`<rect
          x="${percent(from / most)}"
          y="2"
          width="${percent(value / most)}"
          height="18"
          style="fill:${colour};stroke:var(--panel);stroke-width:.7"
          ><title>${name}: ${joulesText(value)}</title></rect
        >`,
      ];
    });
    const words = shown.map(({ name, of }) => `${name} ${joulesText(of(spent))}`).join(", ");
    const each =
      spent.perMegapixel === null ? joulesText(spent.total) : `${joulesText(spent.perMegapixel)}/MP`;
    return html`<div class="row energy">
      <span class="name">${policy}</span
      ><svg role="img" aria-label="${policy}: ${words}" width="100%" height="22">${bars}</svg
      ><span class="value">${each}</span>
    </div>`;
  };
  return html`<h3>Energy on board</h3>
    ${policies.map(row)}
    <ul class="legend">
      ${shown.map(({ name, colour }) => html`<li><span class="swatch" style="background:${colour}"></span>${name}</li>`)}
    </ul>
    <p class="note">For a megapixel captured. What the platform uses anyway is not in it.</p>`;
};
