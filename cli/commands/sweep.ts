import { Command } from "commander";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { interruptible } from "../interrupt.ts";
import { runSweep } from "../../studies/sweep.ts";
import { parseSweep } from "../options/sweep-file.ts";
import { openFleetProgress, openProgress } from "../text/progress-line.ts";
import { sweepText } from "../text/sweep-text.ts";

interface SweepFlags {
  readonly out: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

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
    .option("--out <folder>", "where run folders go", "runs")
    .option("--json", "print the table as JSON")
    .addHelpText(
      "after",
      `
An interrupted sweep goes on with the first run that is missing when it is called again.

Examples:
  $ swath sweep examples/sweep.yaml
  $ swath sweep examples/rhone.yaml --set workload=runs/compare-3f2a91c0`,
    )
    .action(async (file: string, { out, set, json }: SweepFlags) => {
      const request = await parseSweep(file, set ?? [], out);
      await interruptible(async (signal) => {
        const { table, folder } = await runSweep(request, out, {
          note: (text) => void process.stderr.write(`${text}\n`),
          progress: () => openProgress(process.stderr),
          fleetProgress: () => openFleetProgress(process.stderr),
          signal,
        });
        if (json === true) process.stdout.write(canonicalText(table));
        else {
          process.stdout.write(sweepText(table));
          console.log(`\nreport   ${folder}/report.html\ntable    ${folder}/table.csv`);
        }
      });
    });
