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

type Tenancy = NonNullable<PolicySummary["tenancy"]>;
type Tenant = Tenancy["tenants"][number];

/** Two places, more where an amount is small. */
const money = (micro: number | null): string => {
  if (micro === null) return "–";
  const value = micro / 1e6;
  if (value !== 0 && Math.abs(value) < 1) return value.toPrecision(3);
  return value.toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
};

const heads = (currency: string) =>
  [
    "budget",
    `charged, ${currency}`,
    "given back",
    "beyond its budget",
    "refused",
    "acquisitions",
    "detections",
    "useful",
    "each useful one",
    "first after",
    "delay, median",
    "energy",
    "link",
  ] as const;

const cellsOf = (one: Tenant) => [
  money(one.budgetMicro),
  html`<strong>${money(one.chargedMicro)}</strong>`,
  money(one.refundedMicro),
  one.overrunMicro === 0 ? "–" : money(one.overrunMicro),
  formatCount(one.refused),
  formatCount(one.acquisitions),
  formatCount(one.detections),
  formatCount(one.usefulDetections),
  money(one.pricePerUsefulMicro),
  one.firstAtSeconds === null ? "–" : formatDuration(one.firstAtSeconds),
  one.medianDelaySeconds === null ? "–" : formatDuration(one.medianDelaySeconds),
  formatJoules(one.work.energy / 1e6),
  formatBytes(one.work.resultBytes + one.work.chipBytes + one.work.tileBytes),
];

const missionText = ({ currency, mission }: Tenancy): string => {
  const parts = [
    ["station time", mission.stationMicro],
    ["energy", mission.energyMicro],
    ["bytes", mission.bytesMicro],
    ["spacecraft", mission.spacecraftMicro],
  ] as const;
  const known = parts.flatMap(([name, micro]) => (micro === null ? [] : [`${name} ${money(micro)}`]));
  const missing = parts.flatMap(([name, micro]) => (micro === null ? [name] : []));
  if (known.length === 0) return "the price file has no figures for the mission as a whole";
  const left = missing.length === 0 ? "" : `; without a figure: ${missing.join(", ")}`;
  const each =
    mission.perUsefulMicro === null ? "" : `, ${money(mission.perUsefulMicro)} for each useful detection`;
  return `${money(mission.totalMicro)} ${currency}${each} (${known.join(", ")}${left})`;
};

/** What is told apart by a name, and may have tenants. */
type Served = Pick<PolicySummary, "policy" | "tenancy">;

const workloadTable = (policies: readonly Served[]): Markup | null => {
  const rows = policies.flatMap(({ policy, tenancy }) =>
    // Where the models run on the ground, nothing is done for them on board.
    (tenancy?.workloads ?? [])
      .filter(({ computeSeconds }) => computeSeconds > 0)
      .map((one) => ({
        policy: `${policy}: ${one.workload}`,
        cells: [
          one.tenant,
          formatCount(one.detections),
          formatDuration(one.computeSeconds),
          one.loadSeconds === 0 ? "–" : formatDuration(one.loadSeconds),
        ],
      })),
  );
  if (rows.length === 0) return null;
  return html`<h3>Workloads on board</h3>
    ${cellsTable(["tenant", "detections", "computer", "of it loading weights"], rows)}`;
};

/** What each tenant got and paid, under policies or on flights; `null` in a mission without tenants. */
export const tenantTable = (policies: readonly Served[]): Markup | null => {
  const served = policies.flatMap(({ policy, tenancy }) =>
    tenancy === undefined ? [] : [{ policy, tenancy }],
  );
  const [first] = served;
  if (first === undefined) return null;
  const rows = served.flatMap(({ policy, tenancy }) =>
    tenancy.tenants.map((one) => ({ policy: `${policy}: ${one.tenant}`, cells: cellsOf(one) })),
  );
  const labelled = first.tenancy.tenants.flatMap(({ labelledShare }) => labelledShare ?? []);
  const share = labelled.length === 0 ? null : labelled.reduce((sum, one) => sum + one, 0) / labelled.length;
  return html`${cellsTable(heads(first.tenancy.currency), rows)} ${workloadTable(policies)}
    <ul>
      ${served.map(({ policy, tenancy }) => html`<li>${policy}: the mission as a whole ${missionText(tenancy)}</li>`)}
    </ul>
    <p class="note">
      Every policy begins with all budgets whole. A detection is useful where it matches a label; where nobody
      labelled the scene, all that came down
      count${share === null ? "" : ` (${formatPercent(share)} of detections lie in labelled scenes)`}.
      <code>mission</code> is who flies it: fill of frames, crosslinks, and what nobody ordered, at the
      tenants' prices; the mission as a whole is by the price file's own figures, if it has any. The charges
      add up to all that the satellites did, to the millionth: <code>swath ledger verify ledger.jsonl</code>.
    </p>`;
};
