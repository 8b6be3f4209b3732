import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { formatCountOf } from "../../pipeline/format.ts";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import { parseWorkload, type Workload, type WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { declaredWorkload } from "./declared-workload.ts";

const parseFile = async (file: string): Promise<unknown> => {
  const text = await readFile(file, "utf8");
  return isYaml(file) ? parseYaml(text) : JSON.parse(text);
};

/** A YAML file declares a workload; what a run measured is JSON. */
export const isYaml = (file: string): boolean => /\.ya?ml$/.test(file);

/**
 * A workload by the folder of its run, its own file, or a YAML file that declares one for this spacecraft.
 * Throws `SwathError("config")`.
 */
export const readWorkload = async (path: string, spacecraft: Spacecraft): Promise<Workload> => {
  const option = `--workload ${path}`;
  try {
    const file = (await stat(path)).isDirectory() ? join(path, "workload.json") : path;
    const value = await parseFile(file);
    return isYaml(file) ? declaredWorkload(value, file, spacecraft.computer) : parseWorkload(value, file);
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    throw new SwathError("config", {
      what: option,
      wanted: "the folder of a run, its workload.json, or a YAML file that declares one",
      got: (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, ""),
      cause,
    });
  }
};

/**
 * One policy of a run measures the lossless size of the imagery for all of them: they take the same schedule. What follows a tip under this policy
 * alone has the size of its scene.
 */
const withYardstick = (
  entries: readonly WorkloadEntry[],
  { policies }: Workload,
): readonly WorkloadEntry[] => {
  const keyOf = ({ scene, failure }: WorkloadEntry): string => `${scene} ${failure ?? ""}`;
  const ofScene = new Map<string, WorkloadEntry>();
  for (const { acquisitions } of policies)
    for (const one of acquisitions) if (one.losslessBytes !== null) ofScene.set(keyOf(one), one);
  return entries.map((entry, index) => {
    if (entry.losslessBytes !== null) return entry;
    const twins = policies.map(({ acquisitions }) => acquisitions[index]);
    const twin =
      twins.find((one) => one?.scene === entry.scene && one.losslessBytes !== null) ??
      ofScene.get(keyOf(entry));
    return twin === undefined ? entry : { ...entry, losslessBytes: twin.losslessBytes };
  });
};

/**
 * The policy asked for, else `detect`, else the first, and the pictures of its schedule: what was ordered was paid for, and pointed at, by somebody,
 * and is no sample of what a schedule takes. Throws `SwathError("config")` when the policy was not measured, or nothing but orders was.
 */
export const entriesOf = (
  workload: Workload,
  asked: unknown,
): {
  readonly policy: string;
  readonly entries: readonly WorkloadEntry[];
  /** Pictures that were ordered, which are left out. */
  readonly ordered: number;
} => {
  const names = workload.policies.map(({ policy }) => policy);
  const named = workload.policies.find(({ policy }) => policy === (asked ?? "detect"));
  const chosen = asked === undefined ? (named ?? workload.policies[0]) : named;
  if (chosen !== undefined) {
    const all = withYardstick(chosen.acquisitions, workload);
    const entries = all.filter(({ ordered }) => ordered === undefined);
    if (entries.length > 0) return { policy: chosen.policy, entries, ordered: all.length - entries.length };
    throw new SwathError("config", {
      what: `workload ${workload.name}, policy ${chosen.policy}`,
      wanted: "at least one picture of a schedule",
      got: `${formatCountOf(all.length, "picture")}, all of them ordered`,
    });
  }
  throw new SwathError("config", {
    what: `--policy for workload ${workload.name}`,
    wanted: `one that it measured: ${names.join(", ")}`,
    got: JSON.stringify(asked),
  });
};
