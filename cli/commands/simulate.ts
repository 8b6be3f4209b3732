import { Command } from "commander";
import { stringifyFleetSummary } from "../../studies/answer.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { printFleet } from "../text/fleet-text.ts";
import { openFleetProgress } from "../text/progress-line.ts";
import { interruptible } from "../interrupt.ts";
import { applyRecordedScenario } from "../options/recorded-scenario.ts";
import { runSimulation } from "../../studies/simulate.ts";
import { readSimulation, readSimulationExecution } from "../../studies/options/simulation.ts";
import { simulationExecutionOptions, simulationOptions } from "../../studies/options/table.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";

/** `swath simulate`: a measured run, scaled up. */
export const simulateCommand = (): Command =>
  addOptions(
    addOptions(
      addConfigOption(
        new Command("simulate").description(
          "Fly a constellation without pixels: the work and the products of a measured run, scaled up",
        ),
      ),
      simulationOptions,
    ),
    simulationExecutionOptions,
  )
    .addHelpText(
      "after",
      `
An interrupted simulation goes on where it was when it is called again; a flight with crosslinks starts over.

Examples:
  $ swath simulate --workload runs/compare-3f2a91c0 --policy detect --constellation walker:2800
  $ swath simulate --workload runs/compare-3f2a91c0 --policy raw --constellation three-body --crosslinks grid
  $ swath simulate --workload runs/replay-91c03f2a --schedule recorded
  $ swath simulate --workload examples/declared-8b.yaml --policy detect --spacecraft three-body
  $ swath simulate --config fleet.yaml --shard 1/3 --nats nats://10.0.0.5:4222`,
    )
    .action(async (_, self: Command) => {
      applyConfigFile(self);
      applyRecordedScenario(self);
      const values = self.opts();
      const execution = readSimulationExecution(values);
      const scenario = await readSimulation(values);
      await interruptible(async (signal) => {
        using progress = openFleetProgress(process.stderr);
        const result = await runSimulation(scenario, execution, { progress, signal });
        if (result === null) return;
        if (execution.json) process.stdout.write(stringifyFleetSummary(result.summary));
        else printFleet(result);
      });
    });
