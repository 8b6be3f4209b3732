import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openDataset } from "../../datasets/dataset.ts";
import type { Execution, Scenario } from "../scenario.ts";
import { nameOf } from "./run-name.ts";

/** What a sweep's name follows from. */
export interface SweepInputs {
  readonly command: string;
  /** The same for all runs, as written. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What is swept, as written. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** What is looked for, in words; empty: all runs are carried out. */
  readonly sought: readonly string[];
  /** How its imagery is opened; `null`: it flies none. */
  readonly imagery: { readonly scenario: Scenario; readonly execution: Execution } | null;
}

/** Files that options name are small; of a folder, a model's or a run's, those that say what it is are taken. */
const mostBytes = 64e6;
const tellingFiles = ["model.json", "workload.json", "identity.json", "summary.json"];

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

const filesIn = (path: string): readonly string[] => {
  const info = statSync(path);
  if (info.isFile()) return info.size <= mostBytes ? [path] : [];
  if (!info.isDirectory()) return [];
  return readdirSync(path)
    .filter((name) => tellingFiles.includes(name))
    .toSorted()
    .map((name) => join(path, name));
};

/** What an option's value names on this machine; `active.tle:FLOCK` is a file with a filter behind it. */
const named = (value: string): readonly string[] =>
  [value, value.replace(/:[^:/\\]*$/, "")].filter((one, i, all) => all.indexOf(one) === i && existsSync(one));

const valuesOf = ({ options, lists }: SweepInputs): readonly string[] =>
  [...Object.values(options), ...Object.values(lists)].flat(2).map(String);

/** What the imagery holds: every scene, and the digests of its files. */
const imageryOf = async ({ imagery }: SweepInputs, signal: AbortSignal): Promise<readonly string[]> => {
  if (imagery === null) return [];
  const { scenario, execution } = imagery;
  await using dataset = await openDataset(scenario.dataset, {
    ...scenario.reading,
    reach: {
      endpoint: execution.endpoint ?? undefined,
      allowOutside: execution.allowOutside ?? false,
      signal,
    },
  });
  const found = [JSON.stringify([dataset.name, dataset.scenes])];
  for (const { id } of dataset.scenes)
    found.push(JSON.stringify([await dataset.labels(id), await dataset.digests(id, signal)]));
  return found;
};

/**
 * A sweep's name follows from its options and the content of what they name, as a run's does: a file replaced under its name is another
 * sweep, with a journal of its own.
 */
export const nameSweep = async (inputs: SweepInputs, signal: AbortSignal): Promise<string> => {
  const { command, options, lists, sought } = inputs;
  const read = valuesOf(inputs).flatMap(named).flatMap(filesIn).map(digestOf);
  const imagery = await imageryOf(inputs, signal);
  return nameOf("sweep", JSON.stringify([command, options, lists, sought, read, imagery]));
};
