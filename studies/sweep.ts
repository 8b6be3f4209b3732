import { printable } from "../datasets/files/location.ts";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify as toYaml } from "yaml";
import { canonicalText } from "../pipeline/canonical-json.ts";
import {
  figuresOfFleet,
  figuresOfRun,
  type SweepRow,
  sweepTableVersion,
  type SweepTable,
} from "../measure/summary/sweep-table.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import { writeRunFolder } from "../pipeline/atomic-folder.ts";
import { encodeSweepCsv, encodeSweepParquet } from "./folder/sweep-files.ts";
import { renderSweepReport } from "../measure/report/sweep-report.ts";
import { nameSweep } from "./engine/sweep-name.ts";
import { openRowJournal } from "./folder/journal.ts";
import { type Condition, searchLeast } from "./least-value.ts";
import { tagFiles } from "./folder/run-tags.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { runScenario } from "./replay.ts";
import { runSimulation } from "./simulate.ts";
import { isYaml } from "./inputs/workload-source.ts";
import type { FleetProgress, Progress } from "./progress.ts";
import type { Execution, Scenario, SimulationExecution, SimulationScenario } from "./scenario.ts";

/** One value of each option that is swept. */
export type SweepPoint = Readonly<Record<string, string>>;

/** A run of a sweep: its options have been checked. */
export type SweepRun = { readonly point: SweepPoint } & (
  | {
      readonly command: "replay";
      readonly scenario: Scenario;
      readonly policy: Policy;
      readonly execution: Execution;
    }
  | {
      readonly command: "simulate";
      readonly scenario: SimulationScenario;
      readonly execution: SimulationExecution;
    }
);

/** What a sweep runs, all of it parsed. */
export interface SweepRequest {
  readonly command: "simulate" | "replay";
  readonly dataset: string | null;
  /** The same for all runs, as written. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What is swept, as written. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Every combination; the last option changes fastest. */
  readonly runs: readonly SweepRun[];
  /** Instead of all runs: the least value of an option with which a condition holds, for each combination of the others. */
  readonly find?: { readonly key: string; readonly condition: Condition };
}

/** What a sweep tells while it works: a line for each run, and what the runs themselves tell. */
export interface SweepPorts {
  readonly note: (text: string) => void;
  readonly progress: () => Progress & Disposable;
  readonly fleetProgress: () => FleetProgress & Disposable;
  /** Tags of the sweep's folder; its runs have none. */
  readonly tags: readonly string[];
  readonly signal: AbortSignal;
}

/** `policy=raw, rate=8Mbit/s`. */
export const pointText = (point: SweepPoint): string =>
  Object.entries(point)
    .map(([key, one]) => `${key}=${one}`)
    .join(", ");

const carryOut = async (run: SweepRun, ports: SweepPorts): Promise<Pick<SweepRow, "run" | "figures">> => {
  const { signal } = ports;
  if (run.command === "replay") {
    using progress = ports.progress();
    const { summary } = await runScenario("replay", run.scenario, [run.policy], run.execution, {
      progress,
      signal,
    });
    return { run: summary.runId, figures: figuresOfRun(summary) };
  }
  using progress = ports.fleetProgress();
  const result = await runSimulation(run.scenario, run.execution, { progress, signal });
  if (result === null) throw new RangeError("a sweep flies no shards");
  return { run: result.summary.runId, figures: figuresOfFleet(result.summary) };
};

/** What a sweep leaves a command with. */
export interface SweepResult {
  readonly table: SweepTable;
  readonly folder: string;
  /** What was found, a sentence for each combination of the other options; empty where nothing was looked for. */
  readonly found: readonly string[];
}

/** Runs that differ in one option alone, in the order of its values. */
const searchGroups = (runs: readonly SweepRun[], key: string): ReadonlyMap<string, readonly SweepRun[]> => {
  const groups = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const { [key]: _, ...others } = run.point;
    const name = pointText(others);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return groups;
};

/** Looks for the least value in each group, and says each step. */
const findLeast = async (
  { runs, find }: SweepRequest & { readonly find: NonNullable<SweepRequest["find"]> },
  carry: (run: SweepRun, label: string) => Promise<SweepRow>,
  note: SweepPorts["note"],
): Promise<readonly string[]> => {
  const { key, condition } = find;
  const found: string[] = [];
  for (const [others, group] of searchGroups(runs, key)) {
    const where = others === "" ? "" : `${others}: `;
    let step = 0;
    const { least, isScan } = await searchLeast(group.length, async (index) => {
      const run = group[index] as SweepRun;
      const row = await carry(run, `step ${++step}: ${pointText(run.point)}`);
      const holds = condition.holds(row.figures);
      note(`  ${condition.text}: ${holds ? "holds" : "does not hold"}`);
      return holds;
    });
    const value = least === null ? null : (group[least] as SweepRun).point[key];
    const how = isScan
      ? "the greatest value does not do, so values were tried one by one"
      : `${step} runs; bisected, as if what a value satisfies all greater ones did`;
    found.push(
      value === null || value === undefined
        ? `${where}no ${key} from ${group[0]?.point[key]} to ${group.at(-1)?.point[key]} gives ${condition.text} (${how}).`
        : `${where}${key}=${value} is the least with ${condition.text} (${how}).`,
    );
  }
  return found;
};

/** What all runs have in common, as a command line would have it. */
const commonOf = ({ command, dataset, options }: SweepRequest): string =>
  [
    `swath ${command}${dataset === null ? "" : ` ${printable(dataset)}`}`,
    ...Object.entries(options).map(([key, one]) => `--${key} ${[one].flat().join(` --${key} `)}`),
  ].join(" ");

/**
 * Carries out every combination of a sweep, one after the other, and puts them side by side. Called again after an interruption, it goes on with the first that is missing.
 */
export const runSweep = async (
  request: SweepRequest,
  out: string,
  ports: SweepPorts,
): Promise<SweepResult> => {
  await requireWritable(out);
  const { command, dataset, options, lists, runs } = request;
  const [first] = runs;
  const sought = request.find === undefined ? [] : [request.find.key, request.find.condition.text];
  const imagery = first?.command === "replay" ? first : null;
  const name = await nameSweep({ command, options, lists, sought, imagery }, ports.signal);
  const folder = join(out, name);
  const partial = join(out, `.${name}.partial`);
  const rows: SweepRow[] = [];
  let found: readonly string[] = [];
  {
    await using journal = await openRowJournal<SweepRow>(partial);
    const done = new Map(journal.rows.map((row) => [pointText(row.point), row]));
    const carry = async (run: SweepRun, label: string): Promise<SweepRow> => {
      const { point } = run;
      const known = done.get(pointText(point));
      ports.note(known === undefined ? label : `${label}: run already`);
      ports.signal.throwIfAborted();
      const row = known ?? { point, ...(await carryOut(run, ports)) };
      if (known === undefined) await journal.add(row);
      rows.push(row);
      return row;
    };
    const { find } = request;
    if (find !== undefined) found = await findLeast({ ...request, find }, carry, ports.note);
    else
      for (const [index, run] of runs.entries())
        await carry(run, `${index + 1} of ${runs.length}: ${pointText(run.point)}`);
  }
  // A search jumps about; the table has its runs in the order of their values.
  const order = new Map(runs.map(({ point }, place) => [pointText(point), place]));
  const placeOf = ({ point }: SweepRow): number => order.get(pointText(point)) ?? 0;
  const workload = options["workload"];
  const table: SweepTable = {
    schema: sweepTableVersion,
    name,
    command,
    keys: Object.keys(lists),
    common: commonOf(request),
    declared: typeof workload === "string" && isYaml(workload),
    rows: rows.toSorted((a, b) => placeOf(a) - placeOf(b)),
  };
  const configuration = toYaml({
    command,
    ...(dataset === null ? {} : { dataset: printable(dataset) }),
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
    ...tagFiles(folder, ports.tags),
  ]);
  await rm(partial, { recursive: true, force: true });
  return { table, folder, found };
};
