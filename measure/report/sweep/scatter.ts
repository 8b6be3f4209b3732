import { formatBytes, formatDuration } from "../../../pipeline/format.ts";
import type { SweepRow, SweepTable } from "../../summary/sweep-table.ts";
import { isKnownPolicy, policyColour, seriesColour } from "../drawing/colours.ts";
import { html, type Markup, point } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";

const size = { width: 1000, height: 420, left: 92, right: 24, top: 12, bottom: 44 };

const labelOf = ({ point: at }: SweepRow): string =>
  Object.entries(at)
    .map(([key, one]) => `${key} ${one}`)
    .join(", ");

/** The option whose values get colours: the policy where it is swept, else the first. */
const colouredKey = ({ keys }: SweepTable): string =>
  keys.includes("policy") ? "policy" : (keys[0] as string);

interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Logarithmic, over whole decades; ticks at most eight. */
const logAxis = (values: readonly number[], from: number, to: number): Axis => {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const step = Math.ceil((high - low) / 8);
  const decades = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, n) => low + n * step);
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: decades.map((decade) => 10 ** decade),
  };
};

/** Round durations, s. */
const day = 86_400;
const durations = [
  1,
  5,
  15,
  60,
  300,
  900,
  3600,
  3 * 3600,
  6 * 3600,
  12 * 3600,
  day,
  3 * day,
  10 * day,
  30 * day,
];

/** Logarithmic, from a round duration below all values to one above. */
const durationAxis = (values: readonly number[], from: number, to: number): Axis => {
  const low = durations.findLast((tick) => tick <= Math.min(...values)) ?? 0.1;
  const high = durations.find((tick) => tick > Math.max(...values)) ?? Math.max(...values) * 2;
  return {
    at: (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from),
    ticks: [low, ...durations.filter((tick) => tick > low && tick < high), high],
  };
};

/** Bytes on the link against the time to the ground, a dot a run; `null` when nothing was sent. */
export const sweepScatter = (table: SweepTable): Markup | null => {
  const drawn = table.rows.flatMap((row) => {
    const { link_bytes: bytes, median_s: median } = row.figures;
    return bytes > 0 && median !== null && median > 0 ? [{ row, bytes, median }] : [];
  });
  if (drawn.length === 0) return null;
  const key = colouredKey(table);
  const values = [...new Set(table.rows.map(({ point: at }) => at[key] ?? ""))];
  const colourOf = (value: string): string =>
    isKnownPolicy(value) ? policyColour(value) : seriesColour(values.indexOf(value));
  const colour = (row: SweepRow): string => colourOf(row.point[key] ?? "");
  const x = logAxis(
    drawn.map(({ bytes }) => bytes),
    size.left,
    size.width - size.right,
  );
  const y = durationAxis(
    drawn.map(({ median }) => median),
    size.height - size.bottom,
    size.top,
  );
  return html`${legend(values.map((value) => ({ name: `${key} ${value}`, colour: colourOf(value) })))}
    <figure class="trace wide-plot">
      <svg
        viewBox="0 0 ${size.width} ${size.height}"
        role="img"
        aria-label="Time within which half is on the ground against bytes on the link, ${drawn.length} of ${table.rows.length} runs"
      >
        ${x.ticks.map(
          (tick) =>
            html`<line
                class="grid"
                x1="${point(x.at(tick))}"
                x2="${point(x.at(tick))}"
                y1="${size.top}"
                y2="${size.height - size.bottom}"
              />
              <text x="${point(x.at(tick))}" y="${size.height - size.bottom + 18}" text-anchor="middle"
                >${formatBytes(tick)}</text
              >`,
        )}
        ${y.ticks.map(
          (tick) =>
            html`<line
                class="grid"
                x1="${size.left}"
                x2="${size.width - size.right}"
                y1="${point(y.at(tick))}"
                y2="${point(y.at(tick))}"
              />
              <text x="${size.left - 8}" y="${point(y.at(tick) + 4)}" text-anchor="end"
                >${formatDuration(tick)}</text
              >`,
        )}
        <text class="title" x="${(size.left + size.width) / 2}" y="${size.height - 6}" text-anchor="middle">
          bytes on the link
        </text>
        ${drawn.map(
          ({ row, bytes, median }) =>
            html`<circle
              cx="${point(x.at(bytes))}"
              cy="${point(y.at(median))}"
              r="6"
              class="dot"
              style="fill:${colour(row)}"
              ><title>${labelOf(row)}: ${formatBytes(bytes)}, median ${formatDuration(median)}</title></circle
            >`,
        )}
      </svg>
    </figure>
    <p class="note">
      Up: time within which half of all that was made is on the ground; across: bytes on the link. Both
      logarithmic. A run of which half never comes has no dot; every run stands in the table.
      <span class="on-phone">The plot needs a wider window.</span>
    </p>`;
};
