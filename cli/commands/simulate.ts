import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { stringifyFleetSummary } from "../../studies/answer.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { printFleet } from "../text/fleet-text.ts";
import { openFleetProgress } from "../text/progress-line.ts";
import { interruptible } from "../interrupt.ts";
import { applyRecordedScenario } from "../options/recorded-scenario.ts";
import { flyPart } from "../../studies/array/fleet-part.ts";
import type { SimulationExecution } from "../../studies/scenario.ts";
import { printPart } from "../text/part-text.ts";
import { runSimulation } from "../../studies/simulate.ts";
import { readSimulation, readSimulationExecution } from "../../studies/options/simulation.ts";
import { simulationExecutionOptions, simulationOptions } from "../../studies/options/table.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";

/** The argument in place of the option. Throws `SwathError("config")` where the command line has both. */
const takeWorkload = (self: Command, workload: string): void => {
  if (self.getOptionValueSource("workload") === "cli") {
    throw new SwathError("config", {
      what: "the workload",
      wanted: "an argument or --workload",
      got: "both",
      field: "workload",
    });
  }
  self.setOptionValueWithSource("workload", workload, "cli");
};

/** Refuses what a part has no use for. Throws `SwathError("config")`. */
const requireFleetAlone = ({ threads, run, tag, json, keys }: SimulationExecution): void => {
  const given = {
    threads,
    run,
    keys,
    json: json || null,
    tag: tag[0] ?? null,
  };
  const [field] = Object.entries(given).find(([, value]) => value !== null) ?? [];
  if (field === undefined) return;
  throw new SwathError("config", {
    what: "--shard without --nats",
    wanted: `no --${field} beside it`,
    got: "both",
    hint: "a part is flown alone, and the run is written by swath merge",
    field,
  });
};

/** `swath simulate`: a measured run, scaled up. */
export const simulateCommand = (): Command =>
  addOptions(
    addOptions(
      addConfigOption(
        new Command("simulate")
          .description(
            "Fly a constellation without pixels: the work and the products of a measured run, scaled up",
          )
          .argument("[workload]", "the same as --workload"),
      ),
      simulationOptions,
    ),
    simulationExecutionOptions,
  )
    .addHelpText(
      "after",
      `
An interrupted simulation goes on where it was when it is called again, with crosslinks behind the last epoch that was kept.

Examples:
  $ swath simulate --workload runs/compare-3f2a91c0 --policy detect --constellation walker:2800
  $ swath simulate --workload runs/compare-3f2a91c0 --policy raw --constellation three-body --crosslinks grid
  $ swath simulate --workload runs/replay-91c03f2a --schedule recorded
  $ swath simulate examples/declared-8b.yaml --constellation three-body
  $ swath simulate --config fleet.yaml --shard 1/3 --nats nats://10.0.0.5:4222`,
    )
    .action(async (workload: string | undefined, _options: unknown, self: Command) => {
      applyConfigFile(self);
      if (workload !== undefined) takeWorkload(self, workload);
      applyRecordedScenario(self);
      const values = self.opts();
      const execution = readSimulationExecution(values);
      const scenario = await readSimulation(values);
      await interruptible(async (signal) => {
        using progress = openFleetProgress(process.stderr);
        const { shard, nats } = execution;
        if (shard !== null && nats === null) {
          requireFleetAlone(execution);
          printPart(await flyPart(scenario, execution, shard, { progress, signal }), "satellites flown");
          return;
        }
        const result = await runSimulation(scenario, execution, { progress, signal });
        if (result === null) return;
        if (execution.json) process.stdout.write(stringifyFleetSummary(result.summary));
        else printFleet(result);
      });
    });
