import { stringify as toYaml } from "yaml";
import type { SimulationPlan } from "../operators/simulation/simulation.ts";
import { stringifyFleetSummary, type FleetSummary } from "../measure/summary/fleet-summary.ts";
import { encodeFleetParquet } from "../studies/folder/satellite-parquet.ts";
import { writeRunFolder } from "../pipeline/atomic-folder.ts";
import { renderFleetReport } from "../measure/report/fleet-report.ts";
import { summariseFleet, type FlownFleet } from "./fleet-head.ts";
import type { SimulationScenario } from "./simulation-scenario.ts";
import type { FlightName } from "../measure/fleet/fleet-record.ts";

/** What a simulation leaves a command with. */
export interface SimulationResult {
  readonly summary: FleetSummary;
  /** Folder of the run, with `report.html` and `summary.json`. */
  readonly folder: string;
}

export interface FinishedFleet {
  readonly scenario: SimulationScenario;
  readonly plan: SimulationPlan;
  readonly runFolder: string;
  readonly fleet: FlownFleet;
}

/** The flight that was asked for is `satellites`; where there are crosslinks, the one without stands beside it. */
const parquetOf = (flight: FlightName, flights: number): string =>
  flight === "direct" && flights > 1 ? "satellites-direct.parquet" : "satellites.parquet";

/** Writes everything that a simulation leaves: summary, report, configuration, and its satellites as Parquet. */
export const writeFleet = async ({
  scenario,
  plan,
  runFolder,
  fleet,
}: FinishedFleet): Promise<SimulationResult> => {
  const summary = summariseFleet(scenario, plan, fleet);
  const configuration = toYaml(scenario.options);
  const report = renderFleetReport({
    summary,
    flights: [...fleet.values()],
    notes: scenario.notes,
    reproduce: { command: `swath simulate --config ${runFolder}/simulation.yaml`, configuration },
  });
  await writeRunFolder(runFolder, [
    { path: "summary.json", content: stringifyFleetSummary(summary) },
    { path: "report.html", content: report },
    { path: "simulation.yaml", content: configuration },
    ...[...fleet].map(([flight, records]) => ({
      path: parquetOf(flight, fleet.size),
      content: encodeFleetParquet(records.map(({ row }) => row)),
    })),
  ]);
  return { summary, folder: runFolder };
};
