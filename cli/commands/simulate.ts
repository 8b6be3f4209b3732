import { Command } from "commander";
import { stringifyFleetSummary } from "../../studies/answer.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { printFleet } from "../text/fleet-text.ts";
import { openFleetProgress } from "../text/progress-line.ts";
import { interruptible } from "../interrupt.ts";
import { applyRecordedScenario } from "../options/recorded-scenario.ts";
import { runSimulation } from "../../studies/simulate.ts";
import {
  parseSimulation,
  parseSimulationExecution,
  addSimulationOptions,
} from "../options/simulation-options.ts";

/** `swath simulate`: a measured run, scaled up. */
export const simulateCommand = (): Command =>
  addSimulationOptions(
    new Command("simulate").description(
      "Fly a constellation without pixels: the work and the products of a measured run, scaled up",
    ),
  )
    .option("--out <folder>", "where run folders go", "runs")
    .option(
      "--threads <n>",
      "threads that fly: with crosslinks more than one hardly pays, since all of them route",
      "1",
    )
    .option(
      "--shard <i/n>",
      "fly every n-th satellite, from the i-th on; the others fly elsewhere (needs --nats)",
    )
    .option("--nats <url>", "the NATS on which shards meet")
    .option("--creds <file>", "NATS credentials")
    .option("--run <name>", "what the shards' run is called on NATS (default: follows from the options)")
    .option("--json", "print the summary as JSON")
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
      const execution = parseSimulationExecution(values);
      const scenario = await parseSimulation(values);
      await interruptible(async (signal) => {
        using progress = openFleetProgress(process.stderr);
        const result = await runSimulation(scenario, execution, { progress, signal });
        if (result === null) return;
        if (execution.json) process.stdout.write(stringifyFleetSummary(result.summary));
        else printFleet(result);
      });
    });
