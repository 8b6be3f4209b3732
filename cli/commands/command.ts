import { Command } from "commander";
import { giveOrder } from "../../studies/orders/give-order.ts";
import { fieldName, type OrderKind } from "../../pipeline/orders/order-kind.ts";
import { orderKinds } from "../../pipeline/orders/registry.ts";
import { makeOrder, signerOf } from "../../studies/orders/make-order.ts";
import {
  addHead,
  addWay,
  entryOf,
  handOut,
  headNames,
  serverOf,
  type OrderFlags,
} from "../options/order-options.ts";
import { modelOrderCommand } from "./command-model.ts";

type Asked = NonNullable<OrderKind["asked"]>;

const kindCommand = ({ kind, meaning, fields }: OrderKind, { words, example }: Asked): Command => {
  const command = new Command(kind).description(`Order: ${meaning}`);
  const names = Object.keys(fields).map((key) => {
    const name = fieldName(key);
    command.option(`--${name} <value>`, words[key]);
    return name;
  });
  addHead(command).option("--to <satellite>", "which satellite (default: the mission centre chooses)");
  addWay(command).addHelpText("after", `\nExample:\n  $ swath command ${example}`);
  return command.action(async (flags: OrderFlags) => {
    const written = entryOf([...names, "deadline", ...headNames, "to"], flags);
    const entry = makeOrder(kind, written, signerOf(flags, written["tenant"]));
    if (flags.run !== undefined) {
      const given = await giveOrder(entry, flags.run, serverOf(flags));
      console.log(`order ${entry["id"]} is given to run ${given}`);
      if (flags.file === undefined) return;
    }
    await handOut(entry, flags.file);
  });
};

/** `swath command`: tell satellites what to do. */
export const commandCommand = (): Command => {
  const command = new Command("command").description("Write an order for satellites: what --orders takes");
  const kinds: readonly OrderKind[] = orderKinds;
  for (const kind of kinds) if (kind.asked !== undefined) command.addCommand(kindCommand(kind, kind.asked));
  command.addCommand(modelOrderCommand());
  return command.addHelpText(
    "after",
    `
Examples:
  $ swath command look --bbox 5.2,43.2,5.4,43.4 --deadline 6h --tenant port-authority --file orders.yaml
  $ swath command model install models/ships-s2-v4 --canary walker-1-1 --promote "f1 >= old - 0.02" --file orders.yaml
  $ swath compare ships/ --orders orders.yaml
  $ swath command look --bbox 5.2,43.2,5.4,43.4 --deadline 6h --run live --nats nats://127.0.0.1:4222
docs/orders.md says what becomes of an order.`,
  );
};
