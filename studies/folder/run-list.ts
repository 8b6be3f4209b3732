import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runMark } from "../../pipeline/atomic-folder.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { readRunFolder, runsIn, type Written } from "./read-run.ts";
import { readTags } from "./run-tags.ts";

/** A run, a simulation or a sweep, as a list has it. */
export interface ListedRun {
  readonly run: string;
  readonly kind: Written["kind"];
  /** The dataset, the constellation, or what a sweep varies; `null` where it is not finished. */
  readonly of: string | null;
  readonly model: string | null;
  readonly policies: readonly string[];
  /** Start of the horizon, ISO 8601; `null` for a sweep. */
  readonly from: string | null;
  /** When its folder was last written, ISO 8601, UTC. */
  readonly written: string;
  /** `unfinished`: at work elsewhere, or interrupted: called again, it goes on where it was. */
  readonly state: "finished" | "unfinished";
  readonly tags: readonly string[];
}

/** What was found, and what is no run that can be read, a line each. */
export interface RunList {
  readonly runs: readonly ListedRun[];
  readonly leftOut: readonly string[];
}

type Described = Pick<ListedRun, "run" | "of" | "model" | "policies" | "from">;

const described = (written: Written): Described => {
  if (written.kind === "sweep") {
    const { name, command, keys, rows } = written.summary;
    const of = `${rows.length} × ${command} over ${keys.join(", ")}`;
    return { run: name, of, model: null, policies: [], from: null };
  }
  if (written.kind === "simulation") {
    const { runId, workload, constellation, horizon } = written.summary;
    const { model, policy } = workload;
    return { run: runId, of: constellation.spec, model, policies: [policy], from: horizon.from };
  }
  const { runId, dataset, model, policies, horizon } = written.summary;
  const names = policies.map(({ policy }) => policy);
  return { run: runId, of: dataset.name, model: model.name, policies: names, from: horizon.from };
};

const writtenAt = (path: string): string => new Date(statSync(path).mtimeMs).toISOString();

/** Journals of simulations and sweeps that have not come to their end: `.simulate-3f2a91c0.partial`. */
const unfinished = (out: string): readonly ListedRun[] =>
  readdirSync(out, { withFileTypes: true }).flatMap((entry) => {
    const [, run = "", kind] = /^\.((simulate|sweep)-[0-9a-f]+)\.partial$/.exec(entry.name) ?? [];
    if (!entry.isDirectory() || kind === undefined) return [];
    const folder = join(out, entry.name);
    const newest = readdirSync(folder)
      .map((name) => writtenAt(join(folder, name)))
      .toSorted()
      .at(-1);
    return [
      {
        run,
        kind: kind === "sweep" ? "sweep" : "simulation",
        of: null,
        model: null,
        policies: [],
        from: null,
        written: newest ?? writtenAt(folder),
        state: "unfinished",
        tags: [],
      },
    ];
  });

/**
 * The runs in a folder by name. What cannot be read costs itself alone: it is left out and named.
 * Throws `SwathError("storage")` where there is no such folder.
 */
export const listRuns = (out: string): RunList => {
  const runs: ListedRun[] = [];
  const leftOut: string[] = [];
  for (const name of runsIn(out)) {
    try {
      const { folder, ...written } = readRunFolder(name, out);
      runs.push({
        ...described(written),
        run: name,
        kind: written.kind,
        written: writtenAt(join(folder, runMark)),
        state: "finished",
        tags: readTags(folder),
      });
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      leftOut.push(messageOf(error));
    }
  }
  const finished = new Set(runs.map(({ run }) => run));
  const all = [...runs, ...unfinished(out).filter(({ run }) => !finished.has(run))];
  return { runs: all.toSorted((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : 0)), leftOut };
};
