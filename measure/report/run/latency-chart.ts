import { formatCountOf } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { policyColour } from "../drawing/colours.ts";
import { countWord, durationText } from "../drawing/figures.ts";
import { html, type Markup, percent } from "../drawing/html.ts";
import { alongDecades, decades } from "../drawing/scale.ts";
import type { ReportInput } from "./report-input.ts";

/** Longer than this, a scene has waited for a contact; its mark is a ring. */
const waited = 10;

/** Scenes that still make dots; of more, tenths of them. */
const mostDots = 40;

const marks = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 86_400, 864_000];

const stageTable = (policies: readonly PolicySummary[]): Markup => {
  const stages = ["compute", "waitForContact", "transmit", "ground"] as const;
  const names = {
    compute: "compute",
    waitForContact: "wait for contact",
    transmit: "transmit",
    ground: "ground",
  };
  return html`<table>
    <thead>
      <tr>
        <th scope="col">mean of</th>
        ${stages.map((stage) => html`<th scope="col">${names[stage]}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${policies.map(
        ({ policy, latencySeconds }) =>
          html`<tr>
            <th scope="row">${policy}</th>
            ${stages.map((stage) => {
              if (latencySeconds === null) return html`<td>–</td>`;
              const { mean } = latencySeconds;
              return html`<td>
                ${durationText(stage === "compute" ? mean.queue + mean.compute : mean[stage])}
              </td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

/** From picture to subscriber: one dot a scene on a logarithmic axis, a ring where it waited for a contact, a tick at the median. */
export const latencyChart = ({ summary, scenes }: ReportInput): Markup => {
  const { policies } = summary;
  const known = policies.map(({ policy }) => {
    const all = scenes.map(({ scene, delays }) => ({ scene, delay: delays[policy] ?? null }));
    const came = all.flatMap(({ scene, delay }) =>
      delay === null ? [] : [{ scene, delay: Math.max(delay, 0.001) }],
    );
    const sorted = came.toSorted((a, b) => a.delay - b.delay);
    const middle = sorted[Math.ceil(all.length / 2) - 1]?.delay ?? null;
    return { policy, sorted, middle, never: all.length - came.length };
  });
  const span = decades(known.flatMap(({ sorted }) => sorted.map(({ delay }) => delay)));
  if (span === null)
    return html`<h3>From picture to subscriber</h3>
      <p class="empty">${scenes.length === 0 ? "No scene was followed." : "Nothing arrived."}</p>
      ${scenes.length === 0 && stageTable(policies)}`;
  const at = (delay: number): number => alongDecades(delay, span);
  const ticks = marks.filter((tick) => at(tick) >= 0 && at(tick) <= 1);
  const lead = known.find(({ policy }) => policy === "detect") ?? known[0];
  const slow = (lead?.sorted ?? []).filter(({ delay }) => delay > waited).toReversed();
  const thinned = scenes.length > mostDots;
  const rows = known.map(({ policy, sorted, middle, never }) => {
    const shown = thinned
      ? Array.from({ length: 11 }, (_, i) => sorted[Math.round((i / 10) * (sorted.length - 1))]).flatMap(
          (one) => one ?? [],
        )
      : sorted;
    const words = `${policy}: ${formatCountOf(sorted.length, "scene")}, half within ${middle === null ? "no time: they never came" : durationText(middle)}${never > 0 ? `, ${never} never came` : ""}`;
    return html`<div class="row dots">
      <span class="name">${policy}${never > 0 && html`<small class="bad">${never} never came</small>`}</span
      ><svg role="img" aria-label="${words}" width="100%" height="22">
        <line class="grid" x1="0" x2="100%" y1="21.5" y2="21.5" />
        ${shown.map(
          ({ scene, delay }) =>
            html`<circle
              cx="${percent(at(delay))}"
              cy="11"
              r="4.2"
              style="${delay > waited ? "fill:var(--panel)" : `fill:${policyColour(policy)}`};stroke:${policyColour(policy)};stroke-width:2"
              ><title>${scene}: ${durationText(delay)}</title></circle
            >`,
        )}
        ${middle !== null && html`<line x1="${percent(at(middle))}" x2="${percent(at(middle))}" y1="2" y2="20" style="stroke:var(--ink);stroke-width:2" />`}
      </svg>
    </div>`;
  });
  return html`<h3>From picture to subscriber</h3>
    ${rows}
    <div class="row dots head" aria-hidden="true">
      <span></span
      ><span class="at plotrow"
        >${ticks.map((tick) => html`<span class="${at(tick) < 0.03 ? "edge" : at(tick) > 0.97 ? "last" : ""}" style="left:${percent(at(tick))}">${durationText(tick).replace(/\s00\s\w+$/, "")}</span>`)}</span
      >
    </div>
    <p class="note">
      ${thinned ? "Tenths of the scenes" : "One dot a scene"}, tick: median of all.
      ${
        slow.length > 0 &&
        lead !== undefined &&
        `Rings waited for a contact: ${slow
          .slice(0, 4)
          .map(({ scene, delay }) => `${scene} ${durationText(delay)}`)
          .join(
            ", ",
          )}${slow.length > 4 ? ` and ${countWord(slow.length - 4)} more` : ""} under ${lead.policy}.`
      }
    </p>
    ${stageTable(policies)}
    <p class="note">Means are over detections that arrived.</p>`;
};
