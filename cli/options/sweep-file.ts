import { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import { applyOptions, readMapping } from "./config-file.ts";
import type { Command } from "commander";
import { isSwathError } from "../../pipeline/errors.ts";
import type { Condition, Range } from "../../studies/least-value.ts";
import { pointText, type SweepPoint, type SweepRequest, type SweepRun } from "../../studies/sweep.ts";
import { replayCommand } from "../commands/replay.ts";
import { simulateCommand } from "../commands/simulate.ts";
import { applyRecordedScenario } from "./recorded-scenario.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policyOption } from "../../studies/options/table.ts";
import { readSimulation, readSimulationExecution } from "../../studies/options/simulation.ts";

const value = z.union([z.string().min(1), z.number()]);

const sweepSchema = z.strictObject({
  command: z.enum(["simulate", "replay"]),
  /** What is replayed. */
  dataset: z.string().min(1).optional(),
  /** The same for all runs. */
  options: z.record(z.string(), z.union([value, z.boolean(), z.array(value)])).default({}),
  /** Lists: every combination is a run. */
  sweep: z.record(z.string(), z.array(value).min(1)),
});

/** More runs than anybody waits for. */
const mostPoints = 10_000;

/** A sweep as its file has it: plain data. */
interface SweepFile {
  /** As the user named it, for messages. */
  readonly file: string;
  readonly command: "simulate" | "replay";
  readonly dataset: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Every combination; the last option changes fastest. */
  readonly points: readonly SweepPoint[];
}

const combinations = (lists: SweepFile["lists"]): readonly SweepPoint[] =>
  Object.entries(lists).reduce<readonly SweepPoint[]>(
    (points, [key, values]) => points.flatMap((point) => values.map((one) => ({ ...point, [key]: one }))),
    [{}],
  );

const parsePair = (pair: string): readonly [string, string] => {
  const at = pair.indexOf("=");
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new SwathError("config", {
    what: "--set",
    wanted: "option=value, such as hours=48",
    got: `"${pair}"`,
  });
};

/**
 * Reads a sweep's file; `set` has options as `key=value` that take the place of the file's.
 * Throws `SwathError("config")` with the path of the field that does not fit.
 */
export const readSweep = (
  file: string,
  set: readonly string[] = [],
  over: Range | null = null,
): SweepFile => {
  const what = `sweep ${file}`;
  const parsed = sweepSchema.safeParse(readMapping(file, what));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw new SwathError("config", {
      what: `${what}${path === "" ? "" : `: ${path}`}`,
      wanted: "command, options and sweep, a list for each option swept",
      ...(issue ? { got: issue.message } : {}),
      hint: "examples/sweep.yaml is one that works",
      cause: parsed.error,
    });
  }
  const { command, dataset = null } = parsed.data;
  const options = { ...parsed.data.options, ...Object.fromEntries(set.map(parsePair)) };
  // What is searched over takes the place of what the file says of it.
  const sweep = over === null ? parsed.data.sweep : { ...parsed.data.sweep, [over.key]: [...over.values] };
  if (over !== null) delete options[over.key];
  const fail = (path: string, wanted: string, got: string): never => {
    throw new SwathError("config", { what: `${what}: ${path}`, wanted, got });
  };
  if (command === "simulate" && dataset !== null) fail("dataset", "options.workload", dataset);
  const lists: Record<string, readonly string[]> = {};
  for (const [key, values] of Object.entries(sweep)) {
    if (key in options) fail(`sweep.${key}`, "options or sweep, not both", "both");
    lists[key] = values.map(String);
    const twice = lists[key].find((one, index) => lists[key]?.indexOf(one) !== index);
    if (twice !== undefined) fail(`sweep.${key}`, "each value once", `${twice} twice`);
  }
  if (Object.keys(lists).length === 0) fail("sweep", "a list for at least one option", "none");
  const count = Object.values(lists).reduce((product, { length }) => product * length, 1);
  if (count > mostPoints) fail("sweep", `at most ${mostPoints} combinations`, `${count}`);
  return { file, command, dataset, options, lists, points: combinations(lists) };
};

/** The field of the sweep's file that a message about an option is about. */
const pathOf = ({ file, lists, options }: SweepFile, point: SweepPoint, key = ""): string => {
  const index = lists[key]?.indexOf(point[key] ?? "") ?? -1;
  if (index >= 0) return `sweep ${file}: sweep.${key}.${index}`;
  return key in options ? `sweep ${file}: options.${key}` : `sweep ${file} at ${pointText(point)}`;
};

/** The command with the options of a point laid under it, as a configuration file would be. */
const commandOf = (sweep: SweepFile, point: SweepPoint, out: string): Command => {
  const command = sweep.command === "simulate" ? simulateCommand() : replayCommand();
  applyOptions(command, sweep.options, `sweep ${sweep.file}: options`);
  applyOptions(command, point, `sweep ${sweep.file}: sweep`);
  command.setOptionValueWithSource("out", out, "config");
  return command;
};

const parseRun = async (sweep: SweepFile, point: SweepPoint, out: string): Promise<SweepRun> => {
  const command = commandOf(sweep, point, out);
  try {
    if (sweep.command === "replay") {
      const values = command.opts();
      return {
        command: "replay",
        point,
        scenario: readScenario(sweep.dataset ?? "builtin:harbour", values),
        execution: readExecution(values),
        policy: readOptions(policyOption, values).policy,
      };
    }
    applyRecordedScenario(command);
    const values = command.opts();
    const scenario = await readSimulation(values);
    return { command: "simulate", point, scenario, execution: readSimulationExecution(values) };
  } catch (error) {
    if (!isSwathError(error)) throw error;
    const { what, ...rest } = error.parts;
    const path = pathOf(sweep, point, rest.field);
    throw new SwathError(error.tag, { ...rest, what: `${path}: ${what}`, cause: error });
  }
};

/** Reads a sweep and checks the options of every run, before the first is carried out. Throws as `readSweep` does. */
export const parseSweep = async (
  file: string,
  set: readonly string[],
  out: string,
  find: { readonly over: Range; readonly condition: Condition } | null = null,
): Promise<SweepRequest> => {
  const sweep = readSweep(file, set, find?.over ?? null);
  const runs: SweepRun[] = [];
  for (const point of sweep.points) runs.push(await parseRun(sweep, point, out));
  const { command, dataset, options, lists } = sweep;
  return {
    command,
    dataset,
    options,
    lists,
    runs,
    ...(find === null ? {} : { find: { key: find.over.key, condition: find.condition } }),
  };
};
