import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { stringify as toYaml } from "yaml";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import { canonicalText } from "../pipeline/canonical-json.ts";
import {
  figuresOfFleet,
  figuresOfRun,
  type SweepRow,
  sweepTableVersion,
  type SweepTable,
} from "../measure/summary/sweep-table.ts";
import type { PolicyName } from "../pipeline/mission/policy.ts";
import { writeRunFolder } from "../pipeline/atomic-folder.ts";
import { encodeSweepCsv, encodeSweepParquet } from "./folder/sweep-files.ts";
import { renderSweepReport } from "../measure/report/sweep-report.ts";
import { applyOptions } from "../cli/options/config-file.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { applyRecordedScenario } from "../cli/options/recorded-scenario.ts";
import { replayCommand } from "../cli/commands/replay.ts";
import { runScenario } from "./replay.ts";
import { runSimulation } from "./simulate.ts";
import { parseExecution, parseScenario } from "../cli/options/scenario-options.ts";
import { simulateCommand } from "../cli/commands/simulate.ts";
import { parseSimulation, parseSimulationExecution } from "../cli/options/simulation-options.ts";
import { isYaml } from "./inputs/workload-source.ts";
import { version } from "../pipeline/package.ts";

/** What a sweep leaves a command with. */
export interface SweepResult {
  readonly table: SweepTable;
  readonly folder: string;
}

/** A run that is ready to be carried out: its options have been checked. */
type Prepared = (signal: AbortSignal) => Promise<Pick<SweepRow, "run" | "figures">>;

/** The field of the sweep's file that a message about an option is about. */
const pathOf = ({ file, lists, options }: SweepPlan, point: SweepPoint, what: string): string => {
  const key = /^--([a-z-]+)/.exec(what)?.[1] ?? "";
  const index = lists[key]?.indexOf(point[key] ?? "") ?? -1;
  if (index >= 0) return `sweep ${file}: sweep.${key}.${index}`;
  return key in options ? `sweep ${file}: options.${key}` : `sweep ${file} at ${pointText(point)}`;
};

const commandOf = (plan: SweepPlan, point: SweepPoint, out: string): Command => {
  const command = plan.command === "simulate" ? simulateCommand() : replayCommand();
  applyOptions(command, plan.options, `sweep ${plan.file}: options`);
  applyOptions(command, point, `sweep ${plan.file}: sweep`);
  command.setOptionValueWithSource("out", out, "config");
  return command;
};

const prepare = async (plan: SweepPlan, point: SweepPoint, out: string): Promise<Prepared> => {
  const command = commandOf(plan, point, out);
  try {
    if (plan.command === "replay") {
      const values = command.opts();
      const scenario = parseScenario(plan.dataset ?? "builtin:harbour", values);
      const execution = parseExecution(values);
      const policy = values["policy"] as PolicyName;
      return async (signal) => {
        const { summary } = await runScenario("replay", scenario, [policy], execution, signal);
        return { run: summary.runId, figures: figuresOfRun(summary) };
      };
    }
    applyRecordedScenario(command);
    const values = command.opts();
    const scenario = await parseSimulation(values);
    const execution = parseSimulationExecution(values);
    return async (signal) => {
      const result = await runSimulation(scenario, execution, signal);
      if (result === null) throw new RangeError("a sweep flies no shards");
      return { run: result.summary.runId, figures: figuresOfFleet(result.summary) };
    };
  } catch (error) {
    if (!isSwathError(error)) throw error;
    const { what, ...rest } = error.parts;
    const path = pathOf(plan, point, what);
    throw new SwathError(error.tag, { ...rest, what: `${path}: ${what}`, cause: error });
  }
};

/** Runs that an interrupted sweep has finished, and the file to which more are added. */
const openJournal = async (folder: string) => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${version}.jsonl`);
  const file = await open(path, "a+");
  const text = await readFile(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const rows = whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SweepRow);
  return {
    done: new Map(rows.map((row) => [pointText(row.point), row])),
    add: async (row: SweepRow) => void (await file.write(`${JSON.stringify(row)}\n`)),
    [Symbol.asyncDispose]: () => file.close(),
  };
};

/** What all runs have in common, as a command line would have it. */
const commonOf = ({ command, dataset, options }: SweepPlan): string =>
  [
    `swath ${command}${dataset === null ? "" : ` ${dataset}`}`,
    ...Object.entries(options).map(([key, one]) => `--${key} ${[one].flat().join(` --${key} `)}`),
  ].join(" ");

/**
 * Carries out every combination of a sweep, one after the other, and puts them side by side. All are checked before the first
 * is run; called again after an interruption, it goes on with the first that is missing.
 */
export const runSweep = async (plan: SweepPlan, out: string, signal: AbortSignal): Promise<SweepResult> => {
  await requireWritable(out);
  const { command, dataset, options, lists, points } = plan;
  const prepared: Prepared[] = [];
  for (const point of points) prepared.push(await prepare(plan, point, out));
  const what = JSON.stringify([command, dataset, options, lists]);
  const name = `sweep-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
  const folder = join(out, name);
  const partial = join(out, `.${name}.partial`);
  const rows: SweepRow[] = [];
  {
    await using journal = await openJournal(partial);
    for (const [index, point] of points.entries()) {
      const label = `${index + 1} of ${points.length}: ${pointText(point)}`;
      const known = journal.done.get(pointText(point));
      process.stderr.write(known === undefined ? `${label}\n` : `${label}: run already\n`);
      if (known !== undefined) {
        rows.push(known);
        continue;
      }
      signal.throwIfAborted();
      const row = { point, ...(await (prepared[index] as Prepared)(signal)) };
      await journal.add(row);
      rows.push(row);
    }
  }
  const workload = options["workload"];
  const table: SweepTable = {
    schema: sweepTableVersion,
    name,
    command,
    keys: Object.keys(lists),
    common: commonOf(plan),
    declared: typeof workload === "string" && isYaml(workload),
    rows,
  };
  const configuration = toYaml({
    command,
    ...(dataset === null ? {} : { dataset }),
    options,
    sweep: lists,
  });
  const reproduce = { command: `swath sweep ${folder}/sweep.yaml --out ${out}`, configuration };
  await writeRunFolder(folder, [
    { path: "summary.json", content: canonicalText(table) },
    { path: "table.csv", content: encodeSweepCsv(table) },
    { path: "table.parquet", content: encodeSweepParquet(table) },
    { path: "report.html", content: renderSweepReport(table, reproduce) },
    { path: "sweep.yaml", content: configuration },
  ]);
  await rm(partial, { recursive: true, force: true });
  return { table, folder };
};

/** One value of each option that is swept. */
export type SweepPoint = Readonly<Record<string, string>>;

/** What a sweep runs: plain data. */
export interface SweepPlan {
  /** As the user named it, for messages. */
  readonly file: string;
  readonly command: "simulate" | "replay";
  readonly dataset: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Every combination; the last option changes fastest. */
  readonly points: readonly SweepPoint[];
}

/** `policy=raw, rate=8Mbit/s`. */
export const pointText = (point: SweepPoint): string =>
  Object.entries(point)
    .map(([key, one]) => `${key}=${one}`)
    .join(", ");
