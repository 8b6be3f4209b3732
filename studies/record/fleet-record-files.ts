import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { policies as known } from "../../operators/policies/registry.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";
import type { FleetRecord, FlightName } from "../../measure/fleet/fleet-record.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import type { SimulationScenario } from "../scenario.ts";
import { type MissionRecorder, openMissionRecorder } from "./mission-recorder.ts";
import type { PlannedPolicy } from "./policy-recorder.ts";
import type { RecordSink } from "./record-sink.ts";
import { kindsHead, spacecraftHead, stationHead } from "./run-record.ts";
import { tellAgain } from "./satellite-log.ts";

/** The kind of policy behind a name that may carry settings: `compress-quality-50`. */
const policyOf = (label: string, flight: FlightName): PlannedPolicy => {
  const kind = known.find(
    ({ name }) => label === name || label.startsWith(`${name}-`) || label.startsWith(`${name}:`),
  );
  return { label: flight, name: label, sends: kind?.sends ?? "", where: kind?.where ?? "board" };
};

/** Begins the record of a simulation: counts, no pixels. */
export const recordFleet = (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  run: string,
  flights: readonly FlightName[],
  sink: RecordSink | null,
): MissionRecorder => {
  const { spacecraft, satellites, stations, contacts, mesh, rate, acquisitions } = plan;
  const { reach, assumed } = cameraReach(spacecraft.camera);
  return openMissionRecorder(
    {
      run,
      command: "simulate",
      shows: "counts",
      seed: scenario.seed,
      dataset: null,
      model: null,
      classes: [],
      constellation: scenario.constellation,
      spacecraft: spacecraftHead(spacecraft),
      camera: {
        swath_m: 2 * reach.halfSwath,
        off_nadir_deg: reach.offNadir,
        sun_above_deg: reach.sunAbove,
        assumed: [...assumed],
      },
      network: scenario.stations,
      stations: stations.map(stationHead),
      link: describeRate(scenario.rate),
      crosslinks: mesh && { topology: scenario.crosslinks, epoch_s: mesh.epoch },
      kinds: kindsHead(),
    },
    { satellites, stations, contacts, mesh, rate, protection: plan.protection, acquisitions, scenes: null },
    flights.map((flight) => policyOf(scenario.policy, flight)),
    sink,
  );
};

/** Writes down a whole flight from what each of its satellites told. */
export const recordFlight = (
  recorder: MissionRecorder,
  flight: FlightName,
  records: readonly FleetRecord[],
): void => {
  const policy = recorder.begin(flight);
  for (const { row, log } of records)
    if (log !== undefined) tellAgain(log, row.satellite, policy.flight(row.satellite));
  policy.close();
};
