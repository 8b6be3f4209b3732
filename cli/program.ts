import { Command } from "commander";
import { datasetCommand } from "./commands/dataset.ts";
import { modelCommand } from "./commands/model.ts";
import { satelliteCommand } from "./commands/satellite.ts";
import { planCommand } from "./commands/plan.ts";
import { presetsCommand } from "./commands/presets.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { subscribeCommand } from "./commands/subscribe.ts";
import { upsetsCommand } from "./commands/upsets.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { version } from "../pipeline/package.ts";
import { stationCommand } from "./commands/station.ts";
import { compareCommand } from "./commands/compare.ts";
import { demoCommand } from "./commands/demo.ts";

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
