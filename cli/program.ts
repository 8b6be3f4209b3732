import { Command } from "commander";
import { aliases, commands } from "./commands/registry.ts";
import { version } from "../pipeline/package.ts";

/** The commands that an argument list needs: the one that it names, none for the version, and all for what the help says. */
const wantedCommands = (first: string | undefined): readonly string[] => {
  if (first === "--version" || first === "-V") return [];
  const name = first !== undefined && Object.hasOwn(aliases, first) ? aliases[first] : first;
  return name !== undefined && Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
};

/** `swath` with all its commands, or with the one that `first`, the first argument, names: for the command line, and for the page that describes it. */
export const swathProgram = async (first?: string): Promise<Command> => {
  const program = new Command("swath")
    .description(
      "Replay Earth-observation imagery through satellites that detect on board, and measure what that saves and costs",
    )
    .version(version)
    .showHelpAfterError("(add --help for what is possible)");
  for (const name of wantedCommands(first)) {
    const load = commands[name] as () => Promise<Command>;
    program.addCommand(await load());
  }
  return program;
};
