import { Command } from "commander";
import { giveModelOrder } from "../../studies/orders/give-order.ts";
import { signerOf, type OrderEntry } from "../../studies/orders/make-order.ts";
import { askActivate, askInstall } from "../../studies/orders/model-request.ts";
import {
  addHead,
  addWay,
  entryOf,
  handOut,
  headNames,
  serverOf,
  type OrderFlags,
} from "../options/order-options.ts";

/** A model takes its time on the uplink. */
const withHead = (command: Command): Command => addWay(addHead(command, "2d"));

/** Gives an order to the run that is named, or hands it out. */
const giveOrHandOut = async (entry: OrderEntry, flags: OrderFlags): Promise<void> => {
  if (flags.run === undefined) return await handOut(entry, flags.file);
  const run = await giveModelOrder(entry, flags.run, serverOf(flags));
  console.log(`order ${entry["id"]} is given to run ${run}`);
};

const installCommand = (): Command =>
  withHead(
    new Command("install")
      .description("Order: send a model up, try it beside the one at work, then work with it")
      .argument("<model>", "a model's folder, or the name of a shipped one")
      .option(
        "--canary <satellite>",
        "the satellite that takes it and tries it (default: the only one of the mission)",
      )
      .option(
        "--then <satellites>",
        "who follows once it is done there: all, or satellites with commas between",
      )
      .option(
        "--waves <n>",
        "waves in which they follow, each about twice as large as the one before, which must be done (default: 1)",
      )
      .option(
        "--trial <n>",
        "acquisitions that both models look at before it is decided; 0: it works at once",
        "5",
      )
      .option(
        "--promote <rule>",
        'rule by which it is promoted, such as "f1 >= old - 0.02" (default: agreement >= 0.5)',
      )
      .option(
        "--rollback <how>",
        "what becomes of a model that its rule rejects: auto, it is gone; never, it stays on board",
        "auto",
      )
      .option(
        "--watch <n>",
        "acquisitions at which the model before looks on once the new one is at work (default: 0, it does not)",
      )
      .option(
        "--keep <rule>",
        "rule that must hold meanwhile, or the model before comes back (default: agreement >= 0.5)",
      ),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ swath command model install models/ships-s2-v4 --canary walker-1-1 --promote "f1 >= old - 0.02" --rollback auto --file orders.yaml
  $ swath command model install models/ships-s2-v4 --canary walker-1-1 --then all --waves 3 --watch 20 --file orders.yaml
  $ swath compare ships/ --model ships-s2:int8 --orders orders.yaml
  $ swath command model install models/ships-s2-v4 --canary walker-1-1 --run live --nats nats://127.0.0.1:4222
docs/model-updates.md says what goes up, who is believed, and how it is tried.`,
    )
    .action(async (model: string, flags: OrderFlags) => {
      const written = entryOf(
        ["trial", "promote", "rollback", "watch", "keep", "then", "waves", "deadline", ...headNames],
        flags,
      );
      const to = flags["canary"] === undefined ? {} : { to: flags["canary"] };
      const signer = signerOf(flags, written["tenant"]);
      await giveOrHandOut(await askInstall(model, { ...written, ...to }, signer), flags);
    });

const activateCommand = (): Command =>
  withHead(
    new Command("activate")
      .description("Order: work with a model that is on board")
      .argument("<of>", "id of the order that brought it, or launched: what the satellite was launched with")
      .option("--to <satellite>", "which satellite (default: the only one of the mission)"),
  )
    .addHelpText(
      "after",
      "\nExample:\n  $ swath command model activate launched --to walker-1-1 --at 30h --file orders.yaml",
    )
    .action(async (of: string, flags: OrderFlags) => {
      const written = entryOf(["to", "deadline", ...headNames], flags);
      await giveOrHandOut(askActivate(of, written, signerOf(flags, written["tenant"])), flags);
    });

/** `swath command model install` and `activate`: orders about models as people write them. */
export const modelOrderCommand = (): Command =>
  new Command("model")
    .description("Order about a model: send one up, or work with one that is on board")
    .addCommand(installCommand())
    .addCommand(activateCommand());
