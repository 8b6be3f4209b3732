import type { FleetRecord } from "../../fleet/fleet-record.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import type { FleetRow } from "../../fleet/fleet-row.ts";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatPercent,
} from "../../../pipeline/format.ts";
import { html, type Markup, percent } from "../drawing/html.ts";

interface Measure {
  readonly name: string;
  readonly of: (row: FleetRow) => number | null;
  readonly text: (value: number) => string;
}

const measures: readonly Measure[] = [
  { name: "pictures", of: (row) => row.acquisitions, text: formatCount },
  { name: "sent down", of: (row) => row.link_bytes, text: formatBytes },
  { name: "left on board", of: (row) => row.on_board_bytes, text: formatBytes },
  { name: "given up", of: (row) => row.dropped_bytes, text: formatBytes },
  { name: "on the air", of: (row) => row.transmit_s, text: formatDuration },
  { name: "compute", of: (row) => row.compute_j, text: formatJoules },
  { name: "lowest charge", of: (row) => row.min_charge, text: formatPercent },
  {
    name: "hottest",
    of: (row) => (row.max_temperature_k === null ? null : row.max_temperature_k - 273.15),
    text: (value) => `${value.toFixed(0)} °C`,
  },
  {
    name: "waited",
    of: (row) => row.battery_wait_s + row.heat_wait_s,
    text: formatDuration,
  },
];

const bins = 60;

/** A histogram as bars of equal width; the tallest fills the height. */
const histogram = (values: readonly number[], low: number, high: number, label: string): Markup => {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values)
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++;
  const tallest = Math.max(...counts);
  return html`<svg class="bar spread" role="img" aria-label="${label}" width="100%" height="30">
    ${counts.map(
      (count, n) =>
        count > 0 &&
        html`<rect
          x="${percent(n / bins)}"
          y="${30 - Math.max(1.5, (28 * count) / tallest)}"
          width="${percent(0.85 / bins)}"
          height="${Math.max(1.5, (28 * count) / tallest)}"
          style="fill:var(--c-blue)"
          ><title>${formatCountOf(count, "satellite")}</title></rect
        >`,
    )}
  </svg>`;
};

/** How the satellites differ, measure by measure; `null` for a single satellite. Measures that are the same for all are words. */
export const fleetSatellites = (
  { constellation }: FleetSummary,
  records: readonly FleetRecord[],
): Markup | null => {
  if (records.length < 2) return null;
  const same: string[] = [];
  const rows = measures.flatMap(({ name, of, text }) => {
    const values = records.flatMap(({ row }) => of(row) ?? []).toSorted((a, b) => a - b);
    const [low, high] = [values[0], values.at(-1)];
    if (low === undefined || high === undefined) return [];
    if (low === high) {
      same.push(`${name} ${text(low)}`);
      return [];
    }
    const middle = values[Math.ceil(values.length / 2) - 1] as number;
    const spoken = `${name}: from ${text(low)} to ${text(high)}, median ${text(middle)}`;
    return [
      html`<div class="row spreads">
        <span class="name">${name}</span
        ><span class="low">${text(low)}</span>${histogram(values, low, high, spoken)}<span class="high"
          >${text(high)}</span
        ><span class="value">median ${text(middle)}</span>
      </div>`,
    ];
  });
  return html`<div class="chart">${rows}</div>
    <p class="note">
      How many of the ${formatCountOf(constellation.satellites, "satellite")} lie where between the least and
      the most.${same.length > 0 && ` The same for all: ${same.join(", ")}.`} One row each is in
      <code>satellites.parquet</code>.
    </p>`;
};

const mostRows = 10;

/** Which satellites fared worst: gave up most, then left most behind, then waited longest. */
const byMisery = ({ row: a }: FleetRecord, { row: b }: FleetRecord): number =>
  b.dropped_bytes - a.dropped_bytes ||
  b.on_board_bytes / Math.max(1, b.produced_bytes) - a.on_board_bytes / Math.max(1, a.produced_bytes) ||
  b.battery_wait_s + b.heat_wait_s - a.battery_wait_s - a.heat_wait_s ||
  (a.min_charge ?? 1) - (b.min_charge ?? 1);

/** The satellites that fared worst, one a line. */
export const worstSatellites = (records: readonly FleetRecord[]): Markup => {
  const worst = records.toSorted(byMisery).slice(0, mostRows);
  return html`<table class="stack">
      <thead>
        <tr>
          <th scope="col">satellite</th>
          ${measures.map(({ name }) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${worst.map(
          ({ row }) =>
            html`<tr>
              <th scope="row">${row.satellite}</th>
              ${measures.map(({ name, of, text }) => {
                const value = of(row);
                return html`<td data-head="${name}">${value === null ? "–" : text(value)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="note">
      Those that gave up most, then those that left most of what they had made on board, then those whose
      computers waited longest.
    </p>`;
};
