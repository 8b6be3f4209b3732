import { createHash } from "node:crypto";
import type { SimulationScenario } from "../scenario.ts";

/** Everything that a result follows from, as text. */
export const configurationOf = (scenario: SimulationScenario): string => {
  // The spacecraft and the entries themselves: files of the same name may have been edited.
  const { options, spacecraft, workload, policy, entries } = scenario;
  return JSON.stringify([options, spacecraft, workload.name, policy, entries]);
};

/** Follows from the scenario: the same simulation always has the same name. */
export const nameFleet = (scenario: SimulationScenario): string =>
  `simulate-${createHash("sha256").update(configurationOf(scenario)).digest("hex").slice(0, 8)}`;
