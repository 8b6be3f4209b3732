import { formatCountOf } from "../../../pipeline/format.ts";
import type { FleetRecord } from "../../fleet/fleet-record.ts";
import { shareText } from "../drawing/figures.ts";
import { html, type Markup } from "../drawing/html.ts";

const cell = 12;
const columns = 80;

/** Shades of a share, the lightest for what landed whole: trouble is dark. */
const shadeOf = (share: number): number =>
  share >= 0.999 ? 0.12 : share >= 0.95 ? 0.3 : share >= 0.8 ? 0.5 : share >= 0.5 ? 0.75 : 1;

/** A cell a satellite in the order of the constellation, so that planes lie together, darker the less of its bytes landed; `null` for one. */
export const landedCells = (records: readonly FleetRecord[]): Markup | null => {
  if (records.length < 2) return null;
  const shares = records.map(({ row }) => ({
    name: row.satellite,
    share: row.produced_bytes === 0 ? 1 : Math.min(1, row.delivered_bytes / row.produced_bytes),
  }));
  const worst = shares.toSorted((a, b) => a.share - b.share)[0];
  const wide = Math.min(columns, records.length);
  const rows = Math.ceil(records.length / wide);
  const paths = new Map<number, string>();
  shares.forEach(({ share }, i) => {
    const shade = shadeOf(share);
    const at = `M${(i % wide) * cell} ${Math.floor(i / wide) * cell}h${cell - 1}v${cell - 1}h${1 - cell}z`;
    paths.set(shade, (paths.get(shade) ?? "") + at);
  });
  const words = `${formatCountOf(records.length, "satellite")}; least landed: ${worst?.name ?? ""} ${worst === undefined ? "" : shareText(worst.share)}`;
  return html`<svg
      role="img"
      aria-label="${words}"
      viewBox="0 0 ${wide * cell} ${rows * cell}"
      style="display:block;width:100%;max-width:${wide * cell}px;height:auto"
    >
      ${[...paths].map(([shade, path]) => html`<path d="${path}" style="fill:var(--lossless);opacity:${shade}" />`)}
    </svg>
    <p class="note">
      A cell a satellite, in the order of the constellation; the darker, the less of what it made has landed,
      by whichever satellite brought it down: from 99.9 %, 95 %, 80 %, 50 % and below. ${words}.
    </p>`;
};
