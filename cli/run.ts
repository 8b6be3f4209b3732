import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { parseSummary, stringifySummary, type RunSummary } from "../pipeline/meter/summary.ts";
import { printPolicyTable } from "./tables.ts";

interface RunFlags {
  readonly out: string;
  readonly json?: boolean;
}

const runsIn = (out: string): readonly string[] => {
  try {
    return readdirSync(out, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .toSorted();
  } catch (cause) {
    throw new SwathError("storage", { what: `no runs in ${out}`, got: messageOf(cause), cause });
  }
};

/** Reads a run by its name in `out`, by a beginning of its name that fits only one, or by its folder. */
const readRun = (run: string, out: string): { readonly summary: RunSummary; readonly folder: string } => {
  const runs = run.includes("/") ? [] : runsIn(out).filter((name) => name.startsWith(run));
  const name = runs.includes(run) ? run : runs.length === 1 ? runs[0] : undefined;
  if (runs.length > 1 && name === undefined) {
    throw new SwathError("config", {
      what: `run ${run}`,
      wanted: "a name that fits one run",
      got: runs.join(", "),
    });
  }
  const folder = name === undefined ? run : join(out, name);
  const file = join(folder, "summary.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SwathError("storage", {
      what: `run ${run} is not in ${out}`,
      got: messageOf(cause),
      hint: "swath run list shows what is there",
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SwathError("storage", { what: `${file} is no JSON`, got: messageOf(cause), cause });
  }
  return { summary: parseSummary(value, file), folder };
};

const show = (run: string, { out, json }: RunFlags): void => {
  const { summary, folder } = readRun(run, out);
  if (json === true) process.stdout.write(stringifySummary(summary));
  else {
    printPolicyTable(summary);
    console.log(`\nreport   ${folder}/report.html`);
  }
};

const list = ({ out, json }: RunFlags): void => {
  const found = runsIn(out).flatMap((name) => {
    try {
      return [readRun(name, out).summary];
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      return [];
    }
  });
  const rows = found.map(({ runId, dataset, model, policies, horizon }) => ({
    run: runId,
    dataset: dataset.name,
    model: model.name,
    policies: policies.map(({ policy }) => policy).join(", "),
    from: horizon.from,
  }));
  if (json === true) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const table = new Table({
    head: ["run", "dataset", "model", "policies", "from"],
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(Object.values(row));
  console.log(table.toString());
};

const withFlags = (command: Command): Command =>
  command.option("--out <folder>", "where run folders are", "runs").option("--json", "print JSON");

/** `swath run`: what earlier runs came to. */
export const runCommand = (): Command => {
  const command = new Command("run").description("Look at earlier runs");
  command.addCommand(
    withFlags(
      new Command("show")
        .description("Print the tables of a run")
        .argument("<run>", "name, its beginning, or a folder"),
    )
      .addHelpText("after", "\nExample:\n  $ swath run show compare-3f2a")
      .action(show),
  );
  command.addCommand(
    withFlags(new Command("list").description("List the runs of a folder"))
      .addHelpText("after", "\nExample:\n  $ swath run list --out runs")
      .action(list),
  );
  return command;
};
