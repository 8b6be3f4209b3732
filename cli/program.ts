import { Command } from "commander";
import { commands } from "./commands/registry.ts";
import { version } from "../pipeline/package.ts";

/** `swath` with all its commands: for the command line, and for the page that describes it. */
export const swathProgram = (): Command => {
  const program = new Command("swath")
    .description(
      "Replay Earth-observation imagery through satellites that detect on board, and measure what that saves and costs",
    )
    .version(version)
    .showHelpAfterError("(add --help for what is possible)");
  for (const command of commands) program.addCommand(command());
  return program;
};
