import { durationText } from "../drawing/figures.ts";
import { html, percent, type Markup } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";
import { timeLabel, timeTicks } from "../drawing/scale.ts";
import type { OrderRow } from "../../summary/order-summary.ts";

/** Orders that are still drawn one by one. */
const mostDrawn = 60;

/** What an order waited for, from moment to moment. */
const stages = [
  { name: "waits for a contact", colour: "var(--past)" },
  { name: "on board, until its image", colour: "var(--chips)" },
  { name: "until the ground has it", colour: "var(--detections)" },
] as const;

interface Span {
  readonly from: number;
  readonly to: number;
}

const shareOf = (at: number, { from, to }: Span): number =>
  (Math.max(from, Math.min(to, at)) - from) / (to - from);

const secondsOf = (at: string | null): number | null => (at === null ? null : Date.parse(at) / 1000);

/** The moments of an order, in seconds since 1970. */
const momentsOf = (row: OrderRow) => ({
  issuedAt: secondsOf(row.issuedAt),
  heardAt: secondsOf(row.heardAt),
  takenAt: secondsOf(row.takenAt),
  landedAt: secondsOf(row.landedAt),
  deadline: secondsOf(row.deadline),
});

const laneOf = (row: OrderRow, span: Span): Markup => {
  const { fate } = row;
  const { issuedAt, heardAt, takenAt, landedAt, deadline } = momentsOf(row);
  const moments = [issuedAt, heardAt, takenAt, landedAt];
  const bars = stages.flatMap(({ colour, name }, n): readonly Markup[] => {
    const from = moments[n] ?? null;
    if (from === null) return [];
    // What never came is waited for until the deadline.
    const to = moments[n + 1] ?? (fate === "done" ? null : deadline);
    if (to === null) return [];
    const x = shareOf(from, span);
    const width = Math.max(0.002, shareOf(to, span) - x);
    return [
      html`<rect x="${percent(x)}" y="4" width="${percent(width)}" height="9" style="fill:${colour}">
        <title>${row.id}: ${name}, ${durationText(to - from)}</title>
      </rect>`,
    ];
  });
  const end = deadline === null ? null : shareOf(deadline, span);
  const total =
    landedAt !== null && issuedAt !== null ? durationText(landedAt - issuedAt) : fate.replace("-", " ");
  return html`<div class="row lane">
    <span class="name" title="${row.id ?? ""}">${row.id}</span
    ><svg role="img" aria-label="${row.id}: ${total}" width="100%" height="17">
      ${bars}
      ${end === null ? null : html`<line x1="${percent(end)}" x2="${percent(end)}" y1="1" y2="16" style="stroke:var(--ink)"><title>deadline</title></line>`}
    </svg>
    <span class="value">${total}</span>
  </div>`;
};

/** Orders from when they were given to when their image was on the ground, a line each; `null` where none was planned. */
export const orderTimeline = (orders: readonly OrderRow[]): Markup | null => {
  const planned = orders.filter(({ issuedAt }) => issuedAt !== null).slice(0, mostDrawn);
  if (planned.length === 0) return null;
  const known = planned.flatMap((row) => {
    const { issuedAt, deadline, landedAt } = momentsOf(row);
    return [issuedAt, deadline, landedAt].flatMap((at) => at ?? []);
  });
  const span = { from: Math.min(...known), to: Math.max(...known) };
  if (!(span.to > span.from)) return null;
  const lanes = planned.toSorted((a, b) => ((a.issuedAt ?? "") < (b.issuedAt ?? "") ? -1 : 1));
  return html`<div class="lanes keep">
    ${legend(stages)} ${lanes.map((row) => laneOf(row, span))}
    <div class="row lane">
      <span></span>
      <div class="at axisline" aria-hidden="true">
        ${timeTicks(span.from, span.to, 6).map((t) => {
          const share = shareOf(t, span);
          const edge = share < 0.04 ? "edge" : share > 0.96 ? "last" : "";
          return html`<span class="${edge}" style="left:${percent(share)}"
            >${timeLabel(t, span.to - span.from)}</span
          >`;
        })}
      </div>
      <span></span>
    </div>
    <p class="note">A line at the end of a lane is its deadline.</p>
  </div>`;
};
