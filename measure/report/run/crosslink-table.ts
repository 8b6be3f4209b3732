import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatPercent,
} from "../../../pipeline/format.ts";
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
    </p>
    ${offloadTable(policies)}`;
};

/** Tiles that another satellite computed, and what that bought; `null` where each computes its own. */
const offloadTable = (policies: readonly PolicySummary[]): Markup | null => {
  const shared = policies.flatMap(({ policy, crosslinks }) =>
    crosslinks?.offload === undefined ? [] : [{ policy, offload: crosslinks.offload }],
  );
  if (shared.length === 0) return null;
  const heads = [
    "tiles computed elsewhere",
    "pixels handed over",
    "work",
    "of energy",
    "products down",
    "each its own",
    "capture → ground, median",
    "each its own",
    "lowest charge",
    "each its own",
  ];
  const rows = shared.map(({ policy, offload }) => {
    const { tiles, pixelBytes, computeSeconds, computeJoules, flown } = offload;
    const cells = [
      html`<strong>${formatCount(tiles)}</strong>`,
      formatBytes(pixelBytes),
      formatDuration(computeSeconds),
      formatJoules(computeJoules),
      ...(["products", "median", "lowestCharge"] as const).flatMap((of) =>
        (["shared", "apart"] as const).map((which) => figure(of, flown?.[which][of] ?? null)),
      ),
    ];
    return { policy, cells };
  });
  return html`<h3>Tiles computed by another satellite</h3>
    ${cellsTable(heads, rows)}
    <p class="note">
      Energy is spent by whoever computes, besides what a waiting computer draws; pixels cross as sensors hand
      them over. “Each its own”: the same work flown again over the same crosslinks, no tile handed over.
    </p>`;
};

const figure = (of: "products" | "median" | "lowestCharge", value: number | null): string => {
  if (value === null) return "–";
  if (of === "median") return formatDuration(value);
  return of === "products" ? formatCount(value) : formatPercent(value);
};
