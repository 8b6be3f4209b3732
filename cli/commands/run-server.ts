import { Command } from "commander";
import { formatBytes, formatCountOf } from "../../pipeline/format.ts";
import { parseDuration } from "../../pipeline/quantity.ts";
import { connectionOptions } from "../../studies/options/nats-options.ts";
import { readOptions, type Written } from "../../studies/options/option.ts";
import { addServerOptions } from "../options/command-options.ts";
import { cleanKeptRuns, listKeptRuns, type ServerRequest } from "../../studies/kept-runs.ts";
import { keptRunsText } from "../text/kept-runs-text.ts";

/** What the commands that look at a NATS are told. */
export interface ServerFlags extends Written<typeof connectionOptions> {
  readonly nats: string;
  readonly older?: string;
  readonly json?: boolean;
}

const serverOf = (flags: ServerFlags): ServerRequest => ({
  ...readOptions(connectionOptions, flags),
  nats: flags.nats,
});

/** `swath run list --nats URL`: what runs keep on a server. */
export const listServer = async (flags: ServerFlags): Promise<void> => {
  const runs = await listKeptRuns(serverOf(flags));
  if (flags.json === true) console.log(JSON.stringify(runs, null, 2));
  else process.stdout.write(keptRunsText(runs));
};

const clean = async (flags: ServerFlags): Promise<void> => {
  const older = flags.older === undefined ? null : parseDuration("--older", flags.older);
  const { runs, streams, bytes } = await cleanKeptRuns(serverOf(flags), older);
  if (flags.json === true) console.log(JSON.stringify({ runs, streams, bytes }, null, 2));
  else if (streams === 0) console.log("nothing to remove");
  else {
    process.stdout.write(runs.length === 0 ? "" : keptRunsText(runs));
    console.log(`removed ${formatCountOf(streams, "stream")}, ${formatBytes(bytes)}`);
  }
};

/** `swath run clean`: removes what killed runs left on a server. */
export const cleanCommand = (): Command =>
  addServerOptions(
    new Command("clean").description(
      "Remove from a NATS what killed runs left there; never anything of a run that lives",
    ),
    "the NATS to clean",
  )
    .option(
      "--older <duration>",
      "only what nothing was added to for so long, and then results of runs that ended well too",
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  $ swath run clean --nats nats://10.0.0.5:4222 --older 7d")
    .action(clean);
