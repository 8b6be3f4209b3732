import { signal, type Signal } from "@preact/signals";
import { messageOf } from "../../pipeline/errors.ts";
import { askJson } from "./ask.ts";

/** A run, simulation or sweep as the list of the server has it (`GET /api/runs`). */
export interface ListedRun {
  readonly run: string;
  readonly kind: string;
  readonly state: string;
  /** The dataset, the constellation, or what a sweep varies. */
  readonly of: string;
  readonly policies: readonly string[];
  readonly written: string;
  readonly tags: readonly string[];
  /** It has a record to be shown. */
  readonly mission: boolean;
  readonly report: boolean;
  /** What its folder lacks; empty when it is whole. */
  readonly missing: readonly string[];
}

/** The list of runs, as far as it is known. */
export interface RunCatalogue {
  /** `null` before the first answer. */
  readonly runs: Signal<readonly ListedRun[] | null>;
  readonly problem: Signal<string | null>;
  readonly refresh: () => Promise<void>;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

/** Reads one line of the list; `null` where it is none. Fields that it lacks are empty: a list of another release is still a list. */
export const readListedRun = (value: unknown): ListedRun | null => {
  if (typeof value !== "object" || value === null) return null;
  const row = value as Readonly<Record<string, unknown>>;
  const run = text(row["run"]);
  if (run === "") return null;
  return {
    run,
    kind: text(row["kind"]) || "run",
    state: text(row["state"]),
    of: text(row["of"]),
    policies: texts(row["policies"]),
    written: text(row["written"]),
    tags: texts(row["tags"]),
    mission: row["mission"] === true,
    report: row["report"] === true,
    missing: texts(row["missing"]),
  };
};

/** Asks the server for its runs. */
export const newRunCatalogue = (): RunCatalogue => {
  const runs = signal<readonly ListedRun[] | null>(null);
  const problem = signal<string | null>(null);
  return {
    runs,
    problem,
    async refresh() {
      try {
        const answer = (await askJson("/api/runs")) as { readonly runs?: unknown };
        const list: readonly unknown[] = Array.isArray(answer.runs) ? answer.runs : [];
        runs.value = list.flatMap((row) => readListedRun(row) ?? []);
        problem.value = null;
      } catch (error) {
        problem.value = messageOf(error);
        runs.value ??= [];
      }
    },
  };
};

/** The run to show where none is named: the one at work, else the newest with a record. */
export const usualRun = (runs: readonly ListedRun[]): ListedRun | null =>
  runs.find(({ state, mission }) => state === "at work" && mission) ??
  runs.find(({ mission }) => mission) ??
  null;
