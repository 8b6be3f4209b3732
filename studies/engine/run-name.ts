import { createHash } from "node:crypto";
import type { RunCommand, Scenario, SimulationScenario } from "../scenario.ts";

/** A name of this text: the same text, the same name. */
export const nameOf = (kind: string, text: string): string =>
  `${kind}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;

/** Follows from the scenario, what is flown and the model's weights: the same run always has the same name. */
export const nameRun = (
  command: RunCommand,
  { dataset, options, spacecraft }: Scenario,
  chosen: Readonly<Record<string, string>>,
  sha256: string,
): string =>
  // The spacecraft itself: a file of the same name may have been edited.
  nameOf(command, JSON.stringify([dataset, options, spacecraft, chosen, sha256]));

/** Everything that a result follows from, as text. */
export const configurationOf = (scenario: SimulationScenario): string => {
  // The spacecraft and the entries themselves: files of the same name may have been edited.
  const { options, spacecraft, workload, policy, entries } = scenario;
  return JSON.stringify([options, spacecraft, workload.name, policy, entries]);
};

/** Follows from the scenario: the same simulation always has the same name. */
export const nameFleet = (scenario: SimulationScenario): string =>
  nameOf("simulate", configurationOf(scenario));
