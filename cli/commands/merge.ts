import { Command } from "commander";
import { stringifyFleetSummary } from "../../studies/answer.ts";
import { mergeParts } from "../../studies/array/merge.ts";
import { readOptions } from "../../studies/options/option.ts";
import { mergeOptions } from "../../studies/options/table.ts";
import { interruptible } from "../interrupt.ts";
import { addOptions } from "../options/command-options.ts";
import { printFleet } from "../text/fleet-text.ts";
import { openFleetProgress, openProgress } from "../text/progress-line.ts";
import { show } from "./replay.ts";

/** `swath merge`: a run from the parts of an array of jobs. */
export const mergeCommand = (): Command =>
  addOptions(
    new Command("merge")
      .description("Make a run of the parts that jobs of an array wrote (--shard): the bytes of one process")
      .argument("<parts...>", "folders with all parts of one replay, compare or simulate"),
    mergeOptions,
  )
    .addHelpText(
      "after",
      `
Relative names in the parts are looked up from where merge is called: call it where the parts ran.

Examples:
  $ swath compare ships/ --shard 0/4 --out parts/     # … and 1/4, 2/4, 3/4, anywhere, in any order
  $ swath merge parts/ --out runs/`,
    )
    .action(async (folders: readonly string[], _options: unknown, self: Command) => {
      const execution = readOptions(mergeOptions, self.opts());
      await interruptible(async (signal) => {
        const merged = await mergeParts(folders, execution, {
          progress: () => openProgress(process.stderr),
          fleetProgress: () => openFleetProgress(process.stderr),
          signal,
        });
        if (merged.command !== "simulate") show(merged.command, merged.result, execution.json);
        else if (execution.json) process.stdout.write(stringifyFleetSummary(merged.result.summary));
        else printFleet(merged.result);
      });
    });
