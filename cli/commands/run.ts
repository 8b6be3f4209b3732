import Table from "cli-table3";
import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { printFleet } from "../text/fleet-text.ts";
import { readRunFolder, runsIn, type Written } from "../../studies/folder/read-run.ts";
import { printPolicyTable } from "../text/run-text.ts";
import { sweepText } from "../text/sweep-text.ts";
import { bare } from "../text/table.ts";

interface RunFlags {
  readonly out: string;
  readonly json?: boolean;
}

const show = (run: string, { out, json }: RunFlags): void => {
  const { folder, ...written } = readRunFolder(run, out);
  if (json === true) {
    process.stdout.write(canonicalText(written.summary));
    return;
  }
  if (written.kind === "simulation") {
    printFleet({ summary: written.summary, folder });
    return;
  }
  if (written.kind === "run") printPolicyTable(written.summary);
  else process.stdout.write(sweepText(written.summary));
  console.log(`\nreport   ${folder}/report.html`);
};

interface Row {
  readonly run: string;
  readonly kind: Written["kind"];
  /** The dataset, the constellation, or what a sweep varies. */
  readonly of: string;
  readonly model: string | null;
  readonly policies: string | null;
  /** Start of the horizon, ISO 8601. */
  readonly from: string | null;
}

const rowOf = (written: Written): Row => {
  const { kind } = written;
  if (kind === "sweep") {
    const { name, command, keys, rows } = written.summary;
    const of = `${rows.length} × ${command} over ${keys.join(", ")}`;
    return { run: name, kind, of, model: null, policies: null, from: null };
  }
  if (kind === "simulation") {
    const { runId, workload, constellation, horizon } = written.summary;
    const { model, policy } = workload;
    return { run: runId, kind, of: constellation.spec, model, policies: policy, from: horizon.from };
  }
  const { runId, dataset, model, policies, horizon } = written.summary;
  const names = policies.map(({ policy }) => policy).join(", ");
  return { run: runId, kind, of: dataset.name, model: model.name, policies: names, from: horizon.from };
};

const longestCell = 40;

const shortened = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell - 1).trimEnd()}…` : text;

const list = ({ out, json }: RunFlags): void => {
  const rows = runsIn(out).flatMap((name) => {
    try {
      return [rowOf(readRunFolder(name, out))];
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      process.stderr.write(`left out: ${error.message}\n`);
      return [];
    }
  });
  if (json === true) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  if (rows.length === 0) {
    console.log(`no runs in ${out}`);
    return;
  }
  const table = new Table({
    head: ["run", "kind", "of", "model", "policies", "from"],
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push(Object.values(row).map((cell: string | null) => shortened(cell ?? "–")));
  console.log(table.toString().replace(/ +$/gm, ""));
};

const withFlags = (command: Command): Command =>
  command.option("--out <folder>", "where run folders are", "runs").option("--json", "print JSON");

/** `swath run`: what earlier runs came to. */
export const runCommand = (): Command => {
  const command = new Command("run").description("Look at earlier runs, simulations and sweeps");
  command.addCommand(
    withFlags(
      new Command("show")
        .description("Print the tables of a run, a simulation or a sweep")
        .argument("<run>", "name, its beginning, or a folder"),
    )
      .addHelpText("after", "\nExample:\n  $ swath run show compare-3f2a")
      .action(show),
  );
  command.addCommand(
    withFlags(new Command("list").description("List the runs, simulations and sweeps of a folder"))
      .addHelpText("after", "\nExample:\n  $ swath run list --out runs")
      .action(list),
  );
  return command;
};
