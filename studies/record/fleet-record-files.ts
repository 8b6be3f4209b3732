import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { policies as known } from "../../operators/policies/registry.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";
import type { FlightName } from "../../measure/fleet/fleet-record.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import type { SimulationScenario } from "../scenario.ts";
import { type MissionRecorder, openMissionRecorder } from "./mission-recorder.ts";
import type { PlannedPolicy, PolicyRecorder } from "./policy-recorder.ts";
import type { RecordSink } from "./record-sink.ts";
import { kindsHead, spacecraftHead, stationHead, tenantsHead } from "./run-record.ts";

/** The kind of policy behind a name that may carry settings: `compress-quality-50`. */
const policyOf = (label: string, flight: FlightName): PlannedPolicy => {
  const kind = known.find(
    ({ name }) => label === name || label.startsWith(`${name}-`) || label.startsWith(`${name}:`),
  );
  return { label: flight, name: label, sends: kind?.sends ?? "", where: kind?.where ?? "board" };
};

/** Acquisitions, each flight counted, of which a record still is of use: about half a gigabyte. */
const mostAcquisitions = 1_000_000;

/** Places of satellites take 16 bits. */
const mostSatellites = 65_536;

/** Why a simulation of this size has no mission record: nobody could look at it, and it would fill memory and disk. `null`: it has one. */
export const whyNoRecord = (
  { satellites, acquisitions }: SimulationPlan,
  flights: readonly FlightName[],
): string | null => {
  if (satellites.length > mostSatellites)
    return `a mission record has at most ${mostSatellites} satellites, and these are ${satellites.length}`;
  const count = acquisitions.length * flights.length;
  return count > mostAcquisitions
    ? `a mission record has at most ${mostAcquisitions} acquisitions, and these are ${count}`
    : null;
};

/** The mission record of a simulation while it is flown. */
export interface FleetRecorder {
  /** What happens to a satellite on a flight goes here. */
  readonly log: (flight: FlightName, satellite: string) => FlightLog;
  /** The record, once all has been told; paths begin with `mission/`. */
  readonly files: () => readonly RunFile[];
  /** The simulation failed: see `MissionRecorder`. */
  readonly fail: MissionRecorder["fail"];
  readonly discard: MissionRecorder["discard"];
}

/**
 * Begins the record of a simulation: counts, no pixels. Where satellites feed each other they fly together, and `sink` sees the record grow; else one
 * flies after the other, and the plan is what there is to see before the last one has flown.
 */
export const recordFleet = (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  run: string,
  flights: readonly FlightName[],
  sink: RecordSink | null,
): FleetRecorder => {
  const recorder = openRecorder(scenario, plan, run, flights, sink);
  const policies = new Map<FlightName, PolicyRecorder>();
  /** Each begins with the first that is told of it: until then it lies ahead. */
  const policyOfFlight = (flight: FlightName): PolicyRecorder => {
    const begun = policies.get(flight) ?? recorder.begin(flight);
    policies.set(flight, begun);
    return begun;
  };
  return {
    log: (flight, satellite) => policyOfFlight(flight).flight(satellite),
    files() {
      for (const flight of flights) policyOfFlight(flight).close();
      return recorder.files();
    },
    fail: recorder.fail,
    discard: recorder.discard,
  };
};

const openRecorder = (
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
      ...tenantsHead(plan.tenancy),
    },
    {
      satellites,
      stations,
      contacts,
      mesh,
      rate,
      protection: plan.protection,
      acquisitions,
      scenes: null,
      ...(plan.orders === undefined ? {} : { orders: plan.orders }),
    },
    flights.map((flight) => policyOf(scenario.policy, flight)),
    sink,
  );
};
