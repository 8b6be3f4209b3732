import type { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { connectionOptions } from "../../studies/options/nats-options.ts";
import { readOptions, type Written } from "../../studies/options/option.ts";
import { commandOption } from "./command-options.ts";
import { addToFile, orderText, type OrderEntry } from "../../studies/orders/make-order.ts";

/** What every order says besides its deadline and who it is for; the rest are fields of its kind. */
const headOptions = [
  ["--at <time>", "when it is given: after the start of the mission, or a time in UTC (default: the start)"],
  ["--tenant <name>", "who asks for it (default: mission)"],
  ["--priority <n>", "1 goes first, 9 last (default: 5)"],
  ["--id <name>", "what it is called (default: follows from what it says)"],
] as const;

/** Names of those options. */
export const headNames: readonly string[] = ["at", "tenant", "priority", "id"];

/** Help of `--deadline`. */
const deadlineHelp = "by when: after --at such as 6h, or a time in UTC";

/** Where an order goes. */
const fileOption = ["--file <orders.yaml>", "add it to this file, or make one (default: print it)"] as const;

/** Who signs it. */
const keysOption = ["--keys <folder>", "sign it with the key of mission control; wants --at in UTC"] as const;

/** The same, where a tenant does. */
const tenantKeyOption = [
  "--tenant-key <file>",
  "sign it with the key of its tenant, which swath tenants key makes; wants --tenant, and --at in UTC",
] as const;

/** Which run at work it is given to. */
const runOption = [
  "--run <name>",
  "give it to this run, which is at work on --nats and --commanded; live: the only one",
] as const;

/** What was written beside the fields of an order. */
export interface OrderFlags {
  readonly to?: string;
  readonly file?: string;
  readonly keys?: string;
  readonly tenantKey?: string;
  readonly run?: string;
  readonly [field: string]: string | undefined;
}

/** Adds the options of what every order says. `deadline`: what it is where nobody says it. */
export const addHead = (command: Command, deadline?: string): Command => {
  command.option("--deadline <time>", deadlineHelp, deadline);
  for (const [flag, help] of headOptions) command.option(flag, help);
  return command;
};

/** Adds the options of where an order goes, who signs it, and how the server of a run at work is reached. */
export const addWay = (command: Command): Command => {
  for (const [flag, help] of [runOption, fileOption, keysOption, tenantKeyOption]) command.option(flag, help);
  for (const [key, spec] of Object.entries(connectionOptions))
    if (key !== "keys") command.addOption(commandOption(key, spec));
  return command;
};

/** The server of a run that is given an order. Throws `SwathError("config")` where none is named. */
export const serverOf = (flags: Written<typeof connectionOptions>) => {
  const values = readOptions(connectionOptions, flags);
  const { nats } = values;
  if (nats !== null) return { ...values, nats };
  throw new SwathError("config", {
    what: "--run",
    wanted: "--nats URL beside it",
    got: "none",
    field: "run",
  });
};

const attributeOf = (name: string): string =>
  name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** What was written of an order, by the names that files have. */
export const entryOf = (
  names: readonly string[],
  flags: Readonly<Record<string, string | undefined>>,
): OrderEntry =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = flags[attributeOf(name)];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Adds an order to a file, or prints it where there is none. */
export const handOut = async (entry: OrderEntry, file: string | undefined): Promise<void> => {
  if (file === undefined) process.stdout.write(orderText(entry));
  else {
    await addToFile(file, entry);
    console.log(`order ${entry["id"]} is in ${file}`);
  }
};
