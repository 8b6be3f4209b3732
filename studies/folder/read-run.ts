import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import {
  type FleetSummary,
  fleetSummaryVersion,
  parseFleetSummary,
} from "../../measure/summary/fleet-summary.ts";
import { parseSummary, type RunSummary } from "../../measure/summary/run-summary.ts";
import { parseSweepTable, type SweepTable, sweepTableVersion } from "../../measure/summary/sweep-table.ts";
import { someOf } from "../../pipeline/format.ts";

/** What the `summary.json` of a folder holds: of `replay`, `compare` and `demo`, of `simulate`, or of `sweep`. */
export type Written =
  | { readonly kind: "run"; readonly summary: RunSummary }
  | { readonly kind: "simulation"; readonly summary: FleetSummary }
  | { readonly kind: "sweep"; readonly summary: SweepTable };

/** Names of the folders in `out`, in order. Throws `SwathError("storage")` where there is no such folder. */
export const runsIn = (out: string): readonly string[] => {
  try {
    return readdirSync(out, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .toSorted();
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new SwathError("storage", {
      what: `no runs in ${out}`,
      got: missing ? "no such folder" : messageOf(cause),
      hint: "swath demo makes one; --out says where else to look",
      cause,
    });
  }
};

/** The folder of a run that is named by its name in `out`, by a beginning of it that fits only one, or by its path. */
const folderOf = (run: string, out: string): string => {
  if (run.includes("/")) return run;
  const names = runsIn(out);
  const fitting = names.filter((name) => name.startsWith(run));
  const [only] = names.includes(run) ? [run] : fitting.length === 1 ? fitting : [];
  if (only !== undefined) return join(out, only);
  throw fitting.length > 1
    ? new SwathError("config", { what: `run ${run}`, wanted: "a name that fits one", got: someOf(fitting) })
    : new SwathError("storage", { what: `no run ${run} in ${out}`, wanted: `one of ${someOf(names)}` });
};

const readJson = (folder: string, file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SwathError("storage", {
      what: `no run in ${folder}`,
      wanted: "a summary.json",
      got: (cause as NodeJS.ErrnoException).code === "ENOENT" ? "none" : messageOf(cause),
      hint: "swath run list shows what is there",
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError("storage", { what: `${file} is no JSON`, got: messageOf(cause), cause });
  }
};

/** Reads a run by name, beginning of its name, or path. Throws `SwathError` of kind "storage" or "config". */
export const readRunFolder = (run: string, out: string): Written & { readonly folder: string } => {
  const folder = folderOf(run, out);
  const file = join(folder, "summary.json");
  const value = readJson(folder, file);
  const { schema } = (value ?? {}) as { readonly schema?: unknown };
  if (schema === fleetSummaryVersion)
    return { kind: "simulation", summary: parseFleetSummary(value, file), folder };
  if (schema === sweepTableVersion) return { kind: "sweep", summary: parseSweepTable(value, file), folder };
  return { kind: "run", summary: parseSummary(value, file), folder };
};
