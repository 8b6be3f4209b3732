import { Command } from "commander";
import { addServerOptions } from "../options/command-options.ts";
import { addReachOptions } from "../options/dataset-options.ts";
import { openProgress } from "../text/progress-line.ts";
import { interruptible } from "../interrupt.ts";
import { type NodeFlags, flySatellite } from "../../studies/node.ts";

/** Adds the flags of a command that is one node of a run: which run, and the NATS that its nodes reach. */
export const withNodeFlags = (command: Command): Command =>
  addServerOptions(
    command.requiredOption(
      "--run <id>",
      "run to take part in, as the commanding process names it: <run>-<policy>",
    ),
    "the NATS that all nodes of the run reach",
  );

/** `swath satellite`: one satellite as a process of its own. */
export const satelliteCommand = (): Command =>
  addReachOptions(
    withNodeFlags(
      new Command("satellite")
        .description("Fly one satellite of a run that another process commands (swath replay --external)")
        .argument("<id>", "satellite, as the run's plan names it"),
    ),
  )
    .option("--dataset <ref>", "where this machine has the dataset (default: as in the plan)")
    .option("--model <model>", "where this machine has the model (default: as in the plan)")
    .option(
      "--screen-model <model>",
      "where this machine has the model that screens (default: as in the plan)",
    )
    .option("--device <names>", "where this machine runs the model (default: as in the plan)")
    .option("--strict", "stop at the first scene that cannot be read")
    .addHelpText(
      "after",
      "\nExample:\n  $ swath satellite W01 --run replay-3f2a91c0-detect --nats nats://10.0.0.5:4222",
    )
    .action((satellite: string, flags: NodeFlags) =>
      interruptible(async (signal) => {
        using progress = openProgress(process.stderr);
        await flySatellite(satellite, flags, { progress, signal });
      }),
    );
