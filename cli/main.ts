#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import { datasetCommand } from "./dataset.ts";
import { modelCommand } from "./model.ts";
import { satelliteCommand, stationCommand } from "./node.ts";
import { planCommand } from "./plan.ts";
import { compareCommand, demoCommand, replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { subscribeCommand } from "./subscribe.ts";
import { version } from "./version.ts";

const program = new Command("swath")
  .description(
    "Replay Earth-observation imagery through satellites that detect on board, and measure what that saves and costs",
  )
  .version(version)
  .showHelpAfterError("(add --help for what is possible)")
  .addCommand(demoCommand())
  .addCommand(replayCommand())
  .addCommand(compareCommand())
  .addCommand(datasetCommand())
  .addCommand(modelCommand())
  .addCommand(planCommand())
  .addCommand(subscribeCommand())
  .addCommand(runCommand())
  .addCommand(satelliteCommand())
  .addCommand(stationCommand());

/** Commander sets these per command; all of ours shall throw instead of ending the process on their own. */
const throwing = (command: Command): void => {
  command.exitOverride();
  for (const child of command.commands) throwing(child);
};

/** 0 done, 1 failed, 2 wrong use. */
const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return isSwathError(error, "config") ? 2 : 1;
};

const report = (error: unknown): void => {
  if (error instanceof CommanderError) return; // It has said it already.
  console.error(`swath: ${messageOf(error)}`);
  const unexpected = !(error instanceof SwathError) && messageOf(error) !== "interrupted";
  if (unexpected && error instanceof Error) console.error(error.stack);
};

/** Writing into a pipe whose reader has gone (`| head`) is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

throwing(program);
try {
  await program.parseAsync();
} catch (error) {
  report(error);
  process.exitCode = exitCodeOf(error);
}
