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
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new SwathError("storage", {
      what: `no runs in ${out}`,
      got: missing ? "no such folder" : messageOf(cause),
      hint: "swath demo makes one; --out says where else to look",
      cause,
    });
  }
};

const some = (names: readonly string[]): string =>
  `${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`;

/** The folder of a run that is named by its name in `out`, by a beginning of it that fits only one, or by its path. */
const folderOf = (run: string, out: string): string => {
  if (run.includes("/")) return run;
  const names = runsIn(out);
  const fitting = names.filter((name) => name.startsWith(run));
  const [only] = names.includes(run) ? [run] : fitting.length === 1 ? fitting : [];
  if (only !== undefined) return join(out, only);
  throw fitting.length > 1
    ? new SwathError("config", { what: `run ${run}`, wanted: "a name that fits one", got: some(fitting) })
    : new SwathError("storage", { what: `no run ${run} in ${out}`, wanted: `one of ${some(names)}` });
};

const readRun = (run: string, out: string): { readonly summary: RunSummary; readonly folder: string } => {
  const folder = folderOf(run, out);
  const file = join(folder, "summary.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SwathError("storage", {
      what: `no run in ${folder}`,
      wanted: "a summary.json",
      got: (cause as NodeJS.ErrnoException).code === "ENOENT" ? "none" : messageOf(cause),
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
      process.stderr.write(`left out: ${error.message}\n`);
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
  if (rows.length === 0) {
    console.log(`no runs in ${out}`);
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
