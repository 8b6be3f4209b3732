import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify as toYaml } from "yaml";
import { alone } from "../operators/mesh.ts";
import { simulate, type SimulationPlan } from "../operators/simulation.ts";
import { delaysOf, fleetRow, type FleetArrival, type FleetRow } from "../pipeline/meter/fleet.ts";
import { sumOf } from "../pipeline/meter/sum.ts";
import { formatInstant, instant } from "../pipeline/units.ts";
import { writeRunFolder } from "../stations/archive/run-folder.ts";
import { planSimulation } from "./plan-simulation.ts";
import type { SimulationScenario } from "./simulation-scenario.ts";

export interface SimulationResult {
  readonly summary: ReturnType<typeof summarise>;
  readonly rows: readonly FleetRow[];
  readonly folder: string;
}

const nameRun = ({ options, workload }: SimulationScenario): string =>
  `simulate-${createHash("sha256")
    .update(JSON.stringify([options, workload.name]))
    .digest("hex")
    .slice(0, 8)}`;

const summarise = (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  rows: readonly FleetRow[],
  arrivals: readonly FleetArrival[],
) => ({
  schema: "swath-fleet/1",
  options: scenario.options,
  workload: {
    name: scenario.workload.name,
    declared: scenario.workload.declared,
    policy: scenario.policy,
    entries: scenario.entries.length,
  },
  spacecraft: plan.spacecraft.name,
  satellites: plan.satellites.length,
  stations: plan.stations.length,
  from: formatInstant(plan.contacts.from),
  to: formatInstant(plan.contacts.to),
  contacts: plan.contacts.contacts.length,
  crosslinks: plan.mesh?.crosslinks.links.length ?? 0,
  acquisitions: sumOf(rows, (row) => row.acquisitions),
  detections: sumOf(rows, (row) => row.detections),
  sensorBytes: sumOf(rows, (row) => row.sensor_bytes),
  producedBytes: sumOf(rows, (row) => row.produced_bytes),
  deliveredBytes: sumOf(rows, (row) => row.delivered_bytes),
  onBoardBytes: sumOf(rows, (row) => row.on_board_bytes),
  droppedBytes: sumOf(rows, (row) => row.dropped_bytes),
  linkBytes: sumOf(rows, (row) => row.link_bytes),
  crosslinkBytes: sumOf(rows, (row) => row.crosslink_bytes),
  energyJoules: {
    camera: sumOf(rows, (row) => row.camera_j),
    compute: sumOf(rows, (row) => row.compute_j),
    radio: sumOf(rows, (row) => row.radio_j),
    crosslink: sumOf(rows, (row) => row.crosslink_j),
  },
  waitSeconds: {
    battery: sumOf(rows, (row) => row.battery_wait_s),
    heat: sumOf(rows, (row) => row.heat_wait_s),
  },
  delaySeconds: delaysOf(arrivals, (index) => plan.acquisitions[index]?.at ?? instant(Number.NaN)),
});

/** Flies a simulation in this process and writes its folder. */
export const runSimulation = async (
  scenario: SimulationScenario,
  out: string,
  signal: AbortSignal,
): Promise<SimulationResult> => {
  const plan = await planSimulation(scenario, signal);
  const rows: FleetRow[] = [];
  const arrivals: FleetArrival[] = [];
  for await (const flown of simulate(plan, { index: 0, of: 1, exchange: alone }, signal)) {
    rows.push(fleetRow(flown.ledger, plan.contacts.to));
    for (const { product, completedAt } of flown.arrivals) {
      arrivals.push({ kind: product.kind, acquisition: product.acquisition, completedAt });
    }
  }
  const summary = summarise(scenario, plan, rows, arrivals);
  const folder = join(out, nameRun(scenario));
  await writeRunFolder(folder, [
    { path: "summary.json", content: `${JSON.stringify(summary, null, 2)}\n` },
    { path: "simulation.yaml", content: toYaml(scenario.options) },
  ]);
  return { summary, rows, folder };
};
