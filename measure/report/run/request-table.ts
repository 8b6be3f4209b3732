import { formatBytes, formatCount, formatDuration } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { html, type Markup } from "../drawing/html.ts";

const heads = [
  "tiles asked for",
  "came down",
  "on the link",
  "request → pixels, median",
  "90th percentile",
  "too late",
  "uplink",
  "scenes given up",
] as const;

/** What the ground asked for and what came of it; `null` where it asks for nothing. */
export const requestTable = (policies: readonly PolicySummary[]): Markup | null => {
  if (policies.every(({ requests }) => requests === undefined)) return null;
  const rows = policies.flatMap(({ policy, requests }) => {
    if (requests === undefined) return [];
    const { latencySeconds: latency, captures } = requests;
    const cells = [
      formatCount(requests.tiles),
      html`<strong>${formatCount(requests.delivered)}</strong>`,
      formatBytes(requests.deliveredBytes),
      latency === null ? "–" : formatDuration(latency.median),
      latency === null ? "–" : formatDuration(latency.p90),
      formatCount(requests.gone),
      formatBytes(requests.uplinkBytes),
      `${formatBytes(captures.givenUpBytes)} of ${formatBytes(captures.takenBytes)}`,
    ];
    return { policy, cells };
  });
  return html`${cellsTable(heads, rows)}
    <p class="note">
      Once a scene's detections are down, the ground asks for tiles of it in the next contact with its
      satellite, by rule. Scenes wait on board in the room that products leave; too late is a tile whose scene
      had been given up by then.
    </p>`;
};
