import { durationText, momentText } from "../drawing/figures.ts";
import { html, percent, type Markup } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";
import { timeLabel, timeTicks } from "../drawing/scale.ts";
import { cueFateText, type CueRow } from "../../summary/cue-summary.ts";

/** Tips that are drawn, those that were followed; more would cover each other. */
const mostDrawn = 40;
/** Height of a lane, px: room for the words above it. */
const laneHeight = 34;
/** Words over a lane that begin closer than this to others, as a share of the width, would cover them. */
const wordsApart = 0.14;

const colours = {
  tip: "var(--past)",
  ground: "var(--c-amber)",
  crosslinks: "var(--c-blue)",
  own: "var(--c-violet)",
  confirmation: "var(--detections)",
} as const;

const centreLane = "mission centre";

const secondsOf = (at: string | null): number | null => (at === null ? null : Date.parse(at) / 1000);

interface Chart {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly string[];
}

const arrow = (
  { from, to, lanes }: Chart,
  start: { readonly at: number | null; readonly lane: string | null },
  end: { readonly at: number | null; readonly lane: string | null },
  colour: string,
  title: string,
  isWait = false,
): readonly Markup[] => {
  if (start.at === null || end.at === null || start.lane === null || end.lane === null) return [];
  const x = (at: number): string => percent((at - from) / (to - from));
  const y = (lane: string): number => (lanes.indexOf(lane) + 0.5) * laneHeight;
  return [
    html`<line
      x1="${x(start.at)}"
      y1="${y(start.lane)}"
      x2="${x(end.at)}"
      y2="${y(end.lane)}"
      style="stroke:${colour};stroke-width:1.6${isWait && ";stroke-dasharray:5 4"}"
      marker-end="url(#cue-head)"
      ><title>${title}, ${durationText(end.at - start.at)}</title></line
    >`,
  ];
};

const arrowsOf = (row: CueRow, chart: Chart): readonly Markup[] => {
  const { satellite, follower, route, id } = row;
  const [taken, atCentre, told, image, confirmed] = [
    row.takenAt,
    row.tipAtCentre,
    row.toldAt,
    row.imageAt,
    row.confirmedAt,
  ].map(secondsOf) as [number | null, number | null, number | null, number | null, number | null];
  const colour = route === null ? colours.tip : colours[route];
  const from = { at: taken, lane: satellite };
  const heard = { at: told, lane: follower };
  const shown = { at: image, lane: follower };
  const dot = (at: number | null, lane: string | null, fill: string, title: string): readonly Markup[] =>
    at === null || lane === null
      ? []
      : [
          html`<circle
            cx="${percent((at - chart.from) / (chart.to - chart.from))}"
            cy="${(chart.lanes.indexOf(lane) + 0.5) * laneHeight}"
            r="4"
            style="fill:${fill};stroke:var(--panel);stroke-width:1.2"
            ><title>${title}</title></circle
          >`,
        ];
  const way =
    route === "ground"
      ? [
          ...arrow(chart, from, { at: atCentre, lane: centreLane }, colours.tip, `${id}: down to the centre`),
          ...arrow(chart, { at: atCentre, lane: centreLane }, heard, colour, `${id}: up to ${follower}`),
        ]
      : arrow(chart, from, heard, colour, `${id}: to ${follower}`);
  return [
    ...way,
    ...arrow(chart, heard, shown, colour, `${id}: ${follower} waits until it flies over`, true),
    ...arrow(chart, shown, { at: confirmed, lane: centreLane }, colours.confirmation, `${id}: confirmation`),
    ...dot(taken, satellite, "var(--ink)", `${id}: ${row.className} seen by ${satellite}`),
    ...dot(image, follower, colour, `${id}: image by ${follower}, ${cueFateText[row.fate]}`),
  ];
};

/** What happens to the first tip, in words over its moments; the others go the same way. */
const wordsOf = (row: CueRow, { from, to, lanes }: Chart): readonly Markup[] => {
  const moments = [
    { words: "tip", at: secondsOf(row.takenAt), lane: row.satellite },
    { words: "told", at: secondsOf(row.toldAt), lane: row.follower },
    { words: "image", at: secondsOf(row.imageAt), lane: row.follower },
    { words: "confirmed", at: secondsOf(row.confirmedAt), lane: centreLane },
  ];
  const written: { share: number; lane: string }[] = [];
  return moments.flatMap(({ words, at, lane }) => {
    if (at === null || lane === null) return [];
    const share = (at - from) / (to - from);
    if (written.some((one) => one.lane === lane && Math.abs(one.share - share) < wordsApart)) return [];
    written.push({ share, lane });
    const isLate = share > 0.5;
    return [
      html`<text
        x="${percent(share)}"
        y="${(lanes.indexOf(lane) + 0.5) * laneHeight - 7}"
        dx="${isLate ? -7 : 5}"
        text-anchor="${isLate ? "end" : "start"}"
        style="font-size:11px;fill:var(--ink2)"
        >${words}</text
      >`,
    ];
  });
};

/** Cues as arrows in time, from who saw something to who looked again and to the mission centre; `null` where nobody followed. */
export const cueArrows = (cues: readonly CueRow[], policy: string): Markup | null => {
  const followed = cues.filter(({ imageAt }) => imageAt !== null);
  const drawn = followed.slice(0, mostDrawn);
  const times = drawn.flatMap(({ takenAt, tipAtCentre, toldAt, imageAt, confirmedAt }) =>
    [takenAt, tipAtCentre, toldAt, imageAt, confirmedAt].flatMap((at) => secondsOf(at) ?? []),
  );
  if (times.length === 0) return null;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max(1, (last - first) * 0.02);
  const satellites = [
    ...new Set(drawn.flatMap(({ satellite, follower }) => [satellite, follower ?? satellite])),
  ];
  const lanes = [...satellites.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })), centreLane];
  const chart = { from: first - margin, to: last + margin, lanes };
  const height = lanes.length * laneHeight;
  const routes = new Set(drawn.map(({ route }) => route));
  return html`<figure class="keep" style="margin:18px 0">
    <h3>From tip to confirmation, under ${policy}; UTC, from ${momentText(first)} on</h3>
    ${legend([
      ...(routes.has("ground")
        ? [
            { name: "tip down to the centre", colour: colours.tip },
            { name: "cue by the ground", colour: colours.ground },
          ]
        : []),
      ...(routes.has("crosslinks") ? [{ name: "cue over crosslinks", colour: colours.crosslinks }] : []),
      ...(routes.has("own") ? [{ name: "the same satellite again", colour: colours.own }] : []),
      { name: "confirmation", colour: colours.confirmation },
    ])}
    <div class="lanes" style="display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 8px">
      <div>
        ${lanes.map(
          (lane) =>
            html`<div style="height:${laneHeight}px;line-height:${laneHeight}px;font-size:12px">
              ${lane}
            </div>`,
        )}
      </div>
      <svg role="img" width="100%" height="${height}" aria-label="Cues from satellite to satellite, in time">
        <defs>
          <marker
            id="cue-head"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="5"
            markerHeight="5"
            orient="auto"
          >
            <path d="M0 0 L8 4 L0 8 z" style="fill:context-stroke" />
          </marker>
        </defs>
        ${lanes.map(
          (_, n) =>
            html`<line
              x1="0"
              x2="100%"
              y1="${(n + 0.5) * laneHeight}"
              y2="${(n + 0.5) * laneHeight}"
              style="stroke:var(--rule);stroke-width:1"
            />`,
        )}
        ${drawn.flatMap((row) => arrowsOf(row, chart))}
        ${drawn.slice(0, 1).flatMap((row) => wordsOf(row, chart))}
      </svg>
      <span></span>
      <div class="at axisline" aria-hidden="true">
        ${timeTicks(chart.from, chart.to, 6).map((t) => {
          const share = (t - chart.from) / (chart.to - chart.from);
          const edge = share < 0.04 ? "edge" : share > 0.96 ? "last" : "";
          return html`<span class="${edge}" style="left:${percent(share)}"
            >${timeLabel(t, chart.to - chart.from)}</span
          >`;
        })}
      </div>
    </div>
    <p class="note">
      Dots are images: in which a tip was seen, and of who followed it. Dashed: told, not there yet.
    </p>
    ${
      followed.length > drawn.length
        ? html`<p class="note">The first ${mostDrawn} of ${followed.length} that were followed.</p>`
        : null
    }
  </figure>`;
};
