import { createHash } from "node:crypto";
import type { SimulationPlan } from "../operators/simulation/simulation.ts";
import { summariseFlight } from "../measure/fleet/fleet-flight.ts";
import type { FleetRecord, FlightName } from "../measure/fleet/fleet-record.ts";
import { fleetSummaryVersion, type FleetSummary } from "../measure/summary/fleet-summary.ts";
import { sumOf } from "../measure/statistics.ts";
import { formatInstant } from "../pipeline/units.ts";
import type { SimulationScenario } from "./simulation-scenario.ts";
import { describeRate } from "../pipeline/link/rate/link-rate-text.ts";

/** Everything that a result follows from, as text. */
export const configurationOf = (scenario: SimulationScenario): string => {
  // The spacecraft and the entries themselves: files of the same name may have been edited.
  const { options, spacecraft, workload, policy, entries } = scenario;
  return JSON.stringify([options, spacecraft, workload.name, policy, entries]);
};

/** Follows from the scenario: the same simulation always has the same name. */
export const nameFleet = (scenario: SimulationScenario): string =>
  `simulate-${createHash("sha256").update(configurationOf(scenario)).digest("hex").slice(0, 8)}`;

/** The records of each flight, in the order of the constellation. */
export type FlownFleet = ReadonlyMap<FlightName, readonly FleetRecord[]>;

/** What a simulation came to. */
export const summariseFleet = (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  fleet: FlownFleet,
): FleetSummary => {
  const { workload, policy, entries, crosslinks, epoch } = scenario;
  const { contacts, from, to } = plan.contacts;
  return {
    schema: fleetSummaryVersion,
    runId: nameFleet(scenario),
    seed: scenario.seed,
    options: scenario.options,
    workload: {
      name: workload.name,
      declared: workload.declared,
      source: workload.source ?? null,
      policy,
      model: workload.model,
      precision: workload.precision,
      entries: entries.length,
    },
    constellation: {
      spec: scenario.constellation,
      spacecraft: plan.spacecraft.name,
      satellites: plan.satellites.length,
    },
    stations: plan.stations,
    horizon: { from: formatInstant(from), to: formatInstant(to) },
    link: {
      description: describeRate(scenario.rate),
      bitErrorRate: scenario.bitErrorRate,
      segmentLossRate: scenario.segmentLossRate,
    },
    storeBytes: plan.spacecraft.store.capacity,
    contacts: { planned: contacts.length, totalSeconds: sumOf(contacts, ({ aos, los }) => los - aos) },
    crosslinks:
      plan.mesh === null || crosslinks === "none"
        ? null
        : { topology: crosslinks, planned: plan.mesh.crosslinks.links.length, epochSeconds: epoch },
    flights: [...fleet].map(([flight, records]) =>
      summariseFlight(records, flight === "mesh", plan.stations),
    ),
  };
};
