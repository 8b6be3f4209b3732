import { type Command, Option } from "commander";
import { connectionOptionsFor } from "../../studies/options/nats-options.ts";
import type { OptionSpec, OptionTable } from "../../studies/options/option.ts";

const gather = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

/** One option of a table as commander has it. Values stay text: the study reads them. */
export const commandOption = (key: string, spec: OptionSpec<unknown>): Option => {
  const flags = spec.value === null ? `--${key}` : `--${key} ${spec.value}`;
  const option = new Option(flags, spec.help);
  // Commander would make `--no-day` the opposite of an option `day`; here it is a switch like any other.
  option.negate = false;
  if (spec.choices !== null) option.choices(spec.choices);
  if (spec.initial !== null) option.default(spec.initial);
  if (spec.isMany) option.argParser(gather);
  return option;
};

/** Gives a command the options of a table, in its order. */
export const addOptions = (command: Command, table: OptionTable): Command => {
  for (const [key, spec] of Object.entries(table)) command.addOption(commandOption(key, spec));
  return command;
};

/** Gives a command the options by which it reaches a NATS, which it cannot do without. */
export const addServerOptions = (command: Command, help: string): Command => {
  for (const [key, spec] of Object.entries(connectionOptionsFor(help)))
    command.addOption(commandOption(key, spec).makeOptionMandatory(key === "nats"));
  return command;
};

/** Gives a command `--config`: a file with any of the command's long options as keys. */
export const addConfigOption = (command: Command): Command =>
  command.option("--config <file>", "YAML or JSON file with any of the long options below as keys");
