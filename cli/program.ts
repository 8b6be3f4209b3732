import { Command } from "commander";
import { datasetCommand } from "./dataset.ts";
import { modelCommand } from "./model.ts";
import { satelliteCommand, stationCommand } from "./node.ts";
import { planCommand } from "./plan.ts";
import { presetsCommand } from "./presets.ts";
import { compareCommand, demoCommand, replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { simulateCommand } from "./simulate.ts";
import { subscribeCommand } from "./subscribe.ts";
import { upsetsCommand } from "./upsets.ts";
import { sweepCommand } from "./sweep.ts";
import { version } from "../pipeline/package.ts";

/** `swath` with all its commands: for the command line, and for the page that describes it. */
export const swathProgram = (): Command =>
  new Command("swath")
    .description(
      "Replay Earth-observation imagery through satellites that detect on board, and measure what that saves and costs",
    )
    .version(version)
    .showHelpAfterError("(add --help for what is possible)")
    .addCommand(demoCommand())
    .addCommand(replayCommand())
    .addCommand(compareCommand())
    .addCommand(upsetsCommand())
    .addCommand(datasetCommand())
    .addCommand(modelCommand())
    .addCommand(planCommand())
    .addCommand(simulateCommand())
    .addCommand(sweepCommand())
    .addCommand(presetsCommand())
    .addCommand(subscribeCommand())
    .addCommand(runCommand())
    .addCommand(satelliteCommand())
    .addCommand(stationCommand());
