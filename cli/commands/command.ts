import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { connectionOptions } from "../../studies/options/nats-options.ts";
import { readOptions } from "../../studies/options/option.ts";
import { giveOrder } from "../../studies/orders/give-order.ts";
import { fieldName, type OrderKind } from "../../pipeline/orders/order-kind.ts";
import { orderKinds } from "../../pipeline/orders/registry.ts";
import { commandOption } from "../options/command-options.ts";
import { addToFile, makeOrder, orderText, type OrderEntry } from "../../studies/orders/make-order.ts";

type Asked = NonNullable<OrderKind["asked"]>;

interface CommandFlags {
  readonly file?: string;
  readonly keys?: string;
  readonly run?: string;
  readonly [field: string]: string | undefined;
}

/** What every order says; the rest are fields of its kind. */
const headOptions = [
  ["--deadline <time>", "by when: after --at such as 6h, or a time in UTC"],
  ["--at <time>", "when it is given: after the start of the mission, or a time in UTC (default: the start)"],
  ["--tenant <name>", "who asks for it (default: mission)"],
  ["--priority <n>", "1 goes first, 9 last (default: 5)"],
  ["--to <satellite>", "which satellite (default: the mission centre chooses)"],
  ["--id <name>", "what it is called (default: follows from what it says)"],
] as const;

const attributeOf = (name: string): string =>
  name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The server of a run that is given an order. Throws `SwathError("config")` where none is named. */
const serverOf = (flags: CommandFlags) => {
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

/** What was written of an order, by the names that files have. */
const entryOf = (names: readonly string[], flags: CommandFlags): OrderEntry =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = flags[attributeOf(name)];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const kindCommand = ({ kind, meaning, fields }: OrderKind, { words, example }: Asked): Command => {
  const command = new Command(kind).description(`Order: ${meaning}`);
  const names = Object.keys(fields).map((key) => {
    const name = fieldName(key);
    command.option(`--${name} <value>`, words[key]);
    return name;
  });
  for (const [flag, help] of headOptions) command.option(flag, help);
  const heads = headOptions.map(([flag]) => flag.split(" ")[0]?.slice(2) ?? "");
  command
    .option(
      "--run <name>",
      "give it to this run, which is at work on --nats and --commanded; live: the only one",
    )
    .option("--file <orders.yaml>", "add it to this file, or make one (default: print it)")
    .option("--keys <folder>", "sign it with the key of mission control; wants --at in UTC");
  for (const [key, spec] of Object.entries(connectionOptions))
    if (key !== "keys") command.addOption(commandOption(key, spec));
  command.addHelpText("after", `\nExample:\n  $ swath command ${example}`);
  return command.action(async (flags: CommandFlags) => {
    const entry = makeOrder(kind, entryOf([...names, ...heads], flags), flags.keys ?? null);
    if (flags.run !== undefined) {
      const given = await giveOrder(entry, flags.run, serverOf(flags));
      console.log(`order ${entry["id"]} is given to run ${given}`);
      if (flags.file === undefined) return;
    }
    if (flags.file === undefined) process.stdout.write(orderText(entry));
    else {
      await addToFile(flags.file, entry);
      console.log(`order ${entry["id"]} is in ${flags.file}`);
    }
  });
};

/** `swath command`: tell satellites what to do. */
export const commandCommand = (): Command => {
  const command = new Command("command").description("Write an order for satellites: what --orders takes");
  const kinds: readonly OrderKind[] = orderKinds;
  for (const kind of kinds) if (kind.asked !== undefined) command.addCommand(kindCommand(kind, kind.asked));
  return command.addHelpText(
    "after",
    `
Examples:
  $ swath command look --bbox 5.2,43.2,5.4,43.4 --deadline 6h --tenant port-authority --file orders.yaml
  $ swath compare ships/ --orders orders.yaml
  $ swath command look --bbox 5.2,43.2,5.4,43.4 --deadline 6h --run live --nats nats://127.0.0.1:4222
docs/orders.md says what becomes of an order.`,
  );
};
