import { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import { readMapping } from "./config-file.ts";
import type { SweepPoint, SweepPlan } from "../../studies/sweep.ts";

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

const combinations = (lists: SweepPlan["lists"]): readonly SweepPoint[] =>
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
 * Reads a sweep; `set` has options as `key=value` that take the place of the file's.
 * Throws `SwathError("config")` with the path of the field that does not fit.
 */
export const readSweep = (file: string, set: readonly string[] = []): SweepPlan => {
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
  const { command, dataset = null, sweep } = parsed.data;
  const options = { ...parsed.data.options, ...Object.fromEntries(set.map(parsePair)) };
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
