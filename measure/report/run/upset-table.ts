import {
  formatCount,
  formatDuration,
  formatJoules,
  formatNumber,
  formatPercent,
  formatScore,
} from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import type { UpsetSummary } from "../../summary/upset-summary.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { html, type Markup } from "../drawing/html.ts";

interface Row {
  readonly policy: PolicySummary;
  readonly upsets: UpsetSummary;
}

interface Column {
  readonly name: string;
  readonly hint: string;
  readonly cell: (row: Row) => string;
}

const columns: readonly Column[] = [
  {
    name: "in weights",
    hint: "Bits turned over in weights that were used afterwards",
    cell: ({ upsets }) => formatCount(upsets.weightUpsets),
  },
  {
    name: "in tiles",
    hint: "Bits turned over in samples between capture and computer",
    cell: ({ upsets }) => formatCount(upsets.tileUpsets),
  },
  {
    name: "put right",
    hint: "Of both, by code, vote or reload",
    cell: ({ upsets }) => formatCount(upsets.corrected),
  },
  { name: "reloads", hint: "Of the weights", cell: ({ upsets }) => formatCount(upsets.reloads) },
  {
    name: "tiles lost",
    hint: "What the model put out are not numbers",
    cell: ({ upsets }) => formatCount(upsets.lostTiles),
  },
  {
    name: "same / confirmed",
    hint: "Detections of the run without upsets found here too / of those here found there too",
    cell: ({ upsets: { without } }) => {
      if (without === null) return "–";
      if (without.identical) return "identical";
      return `${formatPercent(without.foundFraction)} / ${formatPercent(without.confirmedFraction)}`;
    },
  },
  {
    name: "AP50 from threshold / without",
    hint: "Under radiation / the same run without upsets",
    cell: ({ policy, upsets }) =>
      `${formatScore(policy.quality?.ap50FromThreshold ?? null)} / ${formatScore(upsets.without?.ap50FromThreshold ?? null)}`,
  },
  {
    name: "computing",
    hint: "Onboard computer at work; of that, protection",
    cell: ({ upsets }) =>
      `${formatDuration(upsets.computeSeconds)}, ${formatDuration(upsets.protectionSeconds)} of it protection`,
  },
  {
    name: "energy",
    hint: "What protection took",
    cell: ({ upsets }) => formatJoules(upsets.protectionJoules),
  },
  {
    name: "memory",
    hint: "Times what weights and tiles take without protection",
    cell: ({ upsets }) => `${formatNumber(upsets.memoryFactor)}×`,
  },
];

/** What particles did to memories on board under each policy; `null` where none were asked for. */
export const upsetTable = (policies: readonly PolicySummary[]): Markup | null => {
  const rows = policies.flatMap((policy): readonly Row[] =>
    policy.upsets === undefined ? [] : [{ policy, upsets: policy.upsets }],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const { factor, protection, scrubSeconds } = first.upsets;
  return html`<p class="note">
      Bits turn over at ${formatNumber(factor)} times the rate of the place and the time; protection:
      ${protection}${protection === "none" || protection === "vote" ? "" : `, every ${formatDuration(scrubSeconds)}`}.
    </p>
    ${cellsTable(
      columns,
      rows.map((row) => ({ policy: row.policy.policy, cells: columns.map(({ cell }) => cell(row)) })),
    )}`;
};
