import { formatBytes, formatCount, formatDuration, formatJoules } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { html, type Markup } from "../drawing/html.ts";

const time = (seconds: number | null | undefined): string =>
  seconds === null || seconds === undefined ? "–" : formatDuration(seconds);

/** What went between satellites and what that bought; `null` when they do not talk to each other. */
export const crosslinkTable = (policies: readonly PolicySummary[]): Markup | null => {
  if (policies.every(({ crosslinks }) => crosslinks === null)) return null;
  const heads = [
    "capture → ground, median",
    "without crosslinks",
    "90th percentile",
    "without",
    "carried for others",
    "between satellites",
    "energy",
  ];
  const rows = policies.map(({ policy, crosslinks }) => {
    const { together, alone } = crosslinks?.toGround ?? { together: null, alone: null };
    const cells = [
      html`<strong>${time(together?.median)}</strong>`,
      time(alone?.median),
      time(together?.p90),
      time(alone?.p90),
      crosslinks === null ? "–" : formatCount(crosslinks.carried),
      crosslinks === null ? "–" : formatBytes(crosslinks.bytes),
      crosslinks === null ? "–" : formatJoules(crosslinks.energyJoules),
    ];
    return { policy, cells };
  });
  return html`${cellsTable(heads, rows)}
    <p class="note">
      Products, not detections: from capture to the last byte on the ground. Without crosslinks: the same work
      flown again over the same contacts and the same weather. A product counts for every satellite that
      passed it on.
    </p>`;
};
