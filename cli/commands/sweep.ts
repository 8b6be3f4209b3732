import { Command } from "commander";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { parseCondition, parseRange } from "../../studies/least-value.ts";
import { interruptible } from "../interrupt.ts";
import { readOptions } from "../../studies/options/option.ts";
import { tagOption } from "../../studies/options/table.ts";
import { commandOption } from "../options/command-options.ts";
import { runSweep } from "../../studies/sweep.ts";
import { parseSweep } from "../options/sweep-file.ts";
import { openFleetProgress, openProgress } from "../text/progress-line.ts";
import { sweepText } from "../text/sweep-text.ts";

interface SweepFlags {
  readonly out: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
  readonly find?: string;
  readonly over?: string;
  readonly tag?: readonly string[];
}

/** What is looked for; `null`: nothing. Throws `SwathError("config")` for one option without the other. */
const searchOf = ({ find, over }: SweepFlags) => {
  if (find !== undefined && over !== undefined) {
    return { over: parseRange(over), condition: parseCondition(find) };
  }
  if (find === undefined && over === undefined) return null;
  const [given, wanted] = find === undefined ? ["over", "--find"] : ["find", "--over"];
  throw new SwathError("config", {
    what: `--${given}`,
    wanted: `${wanted} beside it`,
    got: "none",
    field: given,
  });
};

/** `swath sweep`: lists of options, every combination a run. */
export const sweepCommand = (): Command =>
  new Command("sweep")
    .description("Run every combination of lists of options, and put them side by side")
    .argument("<file>", "YAML or JSON: command (simulate or replay), options, sweep")
    .option(
      "--set <option=value>",
      "an option for all runs, in place of the file's; may be given more than once",
      (pair: string, before: readonly string[] | undefined) => [...(before ?? []), pair],
    )
    .option(
      "--find <condition>",
      'the least value with which this holds, instead of every combination: "p90 < 30min", "delivered >= 0.99 and fits"',
    )
    .option(
      "--over <option=range>",
      "the option of which it is looked for: stations=ksat:1..32, rate=1..64Mbit/s",
    )
    .option("--out <folder>", "where run folders go", "runs")
    .addOption(commandOption("tag", tagOption.tag))
    .option("--json", "print the table as JSON")
    .addHelpText(
      "after",
      `
An interrupted sweep goes on with the first run that is missing when it is called again.

Examples:
  $ swath sweep examples/sweep.yaml
  $ swath sweep examples/rhone.yaml --set workload=runs/compare-3f2a91c0
  $ swath sweep examples/sweep.yaml --find "p90 < 30min" --over stations=ksat:1..32`,
    )
    .action(async (file: string, flags: SweepFlags) => {
      const { out, set, json } = flags;
      const { tag: tags } = readOptions(tagOption, { tag: flags.tag });
      const request = await parseSweep(file, set ?? [], out, searchOf(flags));
      await interruptible(async (signal) => {
        const { table, folder, found } = await runSweep(request, out, {
          tags,
          note: (text) => void process.stderr.write(`${text}\n`),
          progress: () => openProgress(process.stderr),
          fleetProgress: () => openFleetProgress(process.stderr),
          signal,
        });
        if (json === true) process.stdout.write(canonicalText(table));
        else {
          for (const line of found) console.log(line);
          if (found.length > 0) console.log("");
          process.stdout.write(sweepText(table));
          console.log(`\nreport   ${folder}/report.html\ntable    ${folder}/table.csv`);
        }
      });
    });
