import Table from "cli-table3";
import { Command } from "commander";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { differenceText } from "../text/difference-text.ts";
import { printFleet } from "../text/fleet-text.ts";
import { readRunFolder } from "../../studies/folder/read-run.ts";
import { type ListedRun, listRuns } from "../../studies/folder/run-list.ts";
import { changeTags, parseTag } from "../../studies/folder/run-tags.ts";
import { diffRuns } from "../../studies/run-difference.ts";
import { connectionOptionsFor } from "../../studies/options/nats-options.ts";
import { addOptions } from "../options/command-options.ts";
import { cleanCommand, listServer, type ServerFlags } from "./run-server.ts";
import { printPolicyTable } from "../text/run-text.ts";
import { sweepText } from "../text/sweep-text.ts";
import { plain } from "../text/table.ts";
import { runVerifyCommand } from "./run-verify.ts";

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

const longestCell = 40;

const shortened = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell - 1).trimEnd()}…` : text;

/** Columns of the list; those that no run fills are left out. */
const listColumns: readonly (readonly [string, (run: ListedRun) => string])[] = [
  ["run", ({ run }) => run],
  ["state", ({ state }) => state],
  ["of", ({ of }) => of ?? ""],
  ["model", ({ model }) => model ?? ""],
  ["policies", ({ policies }) => policies.join(", ")],
  ["from", ({ from }) => from?.slice(0, 10) ?? ""],
  ["written", ({ written }) => written.slice(0, 16).replace("T", " ")],
  ["tags", ({ tags }) => tags.join(", ")],
];

interface ListFlags extends RunFlags {
  readonly tag?: string;
}

const listFolder = ({ out, json, tag }: ListFlags): void => {
  const { runs: all, leftOut } = listRuns(out);
  const runs = tag === undefined ? all : all.filter(({ tags }) => tags.includes(tag));
  for (const line of leftOut) process.stderr.write(`left out: ${line}\n`);
  if (json === true) {
    console.log(JSON.stringify(runs, null, 2));
    return;
  }
  if (runs.length === 0) {
    console.log(`no runs in ${out}${tag === undefined || all.length === 0 ? "" : ` with tag ${tag}`}`);
    return;
  }
  const columns = listColumns.filter(([, cell]) => runs.some((run) => cell(run) !== ""));
  const table = new Table({
    head: columns.map(([name]) => name),
    ...plain,
  });
  for (const run of runs)
    table.push(
      columns.map(([, cell]) => {
        const text = cell(run);
        return text === "" ? "–" : shortened(text);
      }),
    );
  console.log(table.toString().replace(/ +$/gm, ""));
};

const list = (flags: ListFlags & Partial<ServerFlags>): Promise<void> | void => {
  const { nats, ...rest } = flags;
  return nats === undefined ? listFolder(flags) : listServer({ ...rest, nats });
};

const diff = (a: string, b: string, { out, json }: RunFlags): void => {
  const difference = diffRuns(a, b, out);
  if (json === true) {
    const figures = difference.figures.map(({ of, name, a: one, b: other }) => ({
      of,
      name,
      a: one ?? null,
      b: other ?? null,
    }));
    process.stdout.write(canonicalText({ ...difference, figures }));
  } else process.stdout.write(differenceText(difference));
};

interface TagFlags {
  readonly out: string;
  readonly remove?: boolean;
}

const tag = async (run: string, tags: readonly string[], { out, remove }: TagFlags): Promise<void> => {
  const words = tags.map((one) => parseTag(one, "tag"));
  const { folder } = readRunFolder(run, out);
  const known = await (remove === true ? changeTags(folder, [], words) : changeTags(folder, words, []));
  console.log(`${folder}: ${known.length === 0 ? "no tags" : known.join(", ")}`);
};

const withOut = (command: Command): Command =>
  command.option("--out <folder>", "where run folders are", "runs");

const withFlags = (command: Command): Command => withOut(command).option("--json", "print JSON");

const runArgument = "name, its beginning, or a folder";

/** `swath run`: what earlier runs came to. */
export const runCommand = (): Command => {
  const command = new Command("run").description(
    "Look at earlier runs, simulations and sweeps, and at what runs keep on a NATS",
  );
  command.addCommand(
    withFlags(
      new Command("show")
        .description("Print the tables of a run, a simulation or a sweep")
        .argument("<run>", runArgument),
    )
      .addHelpText("after", "\nExample:\n  $ swath run show compare-3f2a")
      .action(show),
  );
  command.addCommand(
    addOptions(
      withFlags(
        new Command("list").description(
          "List the runs, simulations and sweeps of a folder, with date and tags; or what runs keep on a NATS: whose, since when, how large",
        ),
      ).option("--tag <name>", "those with this tag alone"),
      connectionOptionsFor("list what is on this NATS, instead of a folder"),
    )
      .addHelpText(
        "after",
        "\nExamples:\n  $ swath run list --out runs\n  $ swath run list --tag baseline\n  $ swath run list --nats nats://10.0.0.5:4222",
      )
      .action(list),
  );
  command.addCommand(
    withFlags(
      new Command("diff")
        .description("Print what two runs differ in: options, what they rest on, results")
        .argument("<a>", runArgument)
        .argument("<b>", "the same, of another run of that kind"),
    )
      .addHelpText("after", "\nExample:\n  $ swath run diff compare-3f2a compare-91c0")
      .action(diff),
  );
  command.addCommand(
    withOut(
      new Command("tag")
        .description("Give a run tags, or take them away; they change neither its name nor its results")
        .argument("<run>", runArgument)
        .argument("<tag...>", "words"),
    )
      .option("--remove", "take these tags away")
      .addHelpText("after", "\nExample:\n  $ swath run tag compare-3f2a baseline november")
      .action(tag),
  );
  command.addCommand(cleanCommand());
  command.addCommand(runVerifyCommand());
  return command;
};
