import { formatCountOf } from "../../pipeline/format.ts";
import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { parseWhole } from "../../pipeline/quantity.ts";
import { makeKeys, rollLinkKeys } from "../../studies/keys/key-folder.ts";

const namesIn = (what: string, text: string | undefined): readonly string[] => {
  const names = (text ?? "").split(",").map((name) => name.trim());
  if (text !== undefined && names.every((name) => name !== "")) return names;
  throw new SwathError("config", { what, wanted: "names with commas between", got: `"${text ?? ""}"` });
};

interface InitFlags {
  readonly satellites?: string;
  readonly stations?: string;
  readonly days: string;
}

const daysOption = "--days <n>";
const daysHelp = "how long they hold";
const longestDays = 3650;

const initCommand = (): Command =>
  new Command("init")
    .description("Make a folder of keys: one for each that takes part, and a configuration of nats-server")
    .argument("<folder>", "where they go; new, or without keys")
    .requiredOption("--satellites <names>", "as plans name them, with commas between, e.g. W01,W02")
    .requiredOption("--stations <names>", "as plans name them, with commas between, e.g. Svalbard,Troll")
    .option(daysOption, daysHelp, "365")
    .addHelpText(
      "after",
      "\nExample:\n  $ swath keys init keys/ --satellites W01,W02,W03 --stations Svalbard,Troll",
    )
    .action(async (folder: string, flags: InitFlags) => {
      const { keys, notAfter } = await makeKeys(folder, {
        satellites: namesIn("--satellites", flags.satellites),
        stations: namesIn("--stations", flags.stations),
        days: parseWhole("--days", flags.days, 1, longestDays),
      });
      const shown = folder.replace(/\/+$/, "");
      console.log(
        `${formatCountOf(keys, "key")} in ${shown}, good until ${notAfter.slice(0, 10)}; ${shown}/README.md says how to go on`,
      );
    });

const rollCommand = (): Command =>
  new Command("roll")
    .description("Give satellites new link keys; the ones before are taken for a time of grace")
    .argument("<folder>", "that swath keys init made")
    .option("--satellites <names>", "which, with commas between (default: all)")
    .option(daysOption, daysHelp, "365")
    .addHelpText("after", "\nExample:\n  $ swath keys roll keys/ --satellites W01")
    .action(async (folder: string, flags: InitFlags) => {
      const satellites = flags.satellites === undefined ? null : namesIn("--satellites", flags.satellites);
      const days = parseWhole("--days", flags.days, 1, longestDays);
      const { generations } = await rollLinkKeys(folder, satellites, days);
      for (const [name, generation] of Object.entries(generations))
        console.log(`${name}  link key ${generation}`);
      console.log(
        `copy ${folder.replace(/\/+$/, "")}/trust.json to all nodes, then its .nk file to each of these satellites`,
      );
    });

/** `swath keys`: who takes part in missions on a shared NATS. */
export const keysCommand = (): Command =>
  new Command("keys")
    .description("Make and renew the keys of a mission on a shared NATS")
    .addCommand(initCommand())
    .addCommand(rollCommand());
