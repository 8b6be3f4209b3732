import { availableParallelism } from "node:os";
import type { Table } from "apache-arrow";
import { sizeEdgesPx } from "../measure/quality/average-precision.ts";
import type { RunSummary } from "../measure/summary/run-summary.ts";
import { cpu } from "../pipeline/detection/device.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import { resultRecords } from "../stations/archive/result-record.ts";
import { resultTable } from "../stations/subscribers/result-arrow.ts";
import { resultMessage } from "../stations/archive/record-message.ts";
import { type Checked, checkModel as runModelCheck, type CheckProgress, type CheckRequest } from "./check.ts";
import { readSpacecraft } from "./inputs/spacecraft-file.ts";
import type { FinishedRun } from "./folder/finished-run.ts";
import { writeRun as writeFolder } from "./folder/run-files.ts";
import type { SimulationResult } from "./folder/fleet-files.ts";
import { readOptions, requireKnown, type Written } from "./options/option.ts";
import { readExecution, readScenario } from "./options/scenario.ts";
import { readSimulation, readSimulationExecution } from "./options/simulation.ts";
import {
  executionOptions,
  policiesOption,
  policyOption,
  scenarioOptions,
  simulationExecutionOptions,
  simulationOptions,
} from "./options/table.ts";
import { type FleetProgress, type Notes, type Progress, silent, type StudyPorts } from "./progress.ts";
import { flyScenario, policyStudy } from "./replay.ts";
import { runSimulation } from "./simulate.ts";

/** What a library call may leave out: it is silent then, and nobody stops it. */
export type LibraryPorts<P extends Notes = Progress> = Partial<StudyPorts<P>>;

/** The options of `swath replay` and `swath compare` by name, as their command lines have them: `segmentLoss: 0.1`, `rate: "8Mbit/s"`. */
export type RunRequest = Written<typeof scenarioOptions> &
  Omit<Written<typeof executionOptions>, "out" | "json"> & {
    /** STAC collection, folder, image, address or `builtin:harbour`. */
    readonly dataset: string;
  };

/** What a run came to. Its dataset and model stay open until it is disposed of, so that `writeRun` can draw its scenes. */
export interface RunResult extends AsyncDisposable {
  readonly summary: RunSummary;
  /** The detections of one policy that reached the ground, as an Arrow table. Throws `SwathError("config")` for a policy that did not run. */
  readonly detections: (policy: string) => Table;
}

const finishedRuns = new WeakMap<RunResult, FinishedRun>();

const detectionsOf = ({ runs, stage }: FinishedRun, policy: string): Table => {
  const run = runs.find(({ plan }) => plan.policy.label === policy);
  if (run === undefined) {
    throw new SwathError("config", {
      what: "detections",
      wanted: `a policy that ran: ${runs.map(({ plan }) => plan.policy.label).join(", ")}`,
      got: `"${policy}"`,
      field: "policy",
    });
  }
  const { classes } = stage.model.info;
  const records = run.landed.flatMap((landed) => resultRecords(landed, classes));
  const origin = { run: run.plan.runId, policy };
  return resultTable(records.map((record) => resultMessage(origin, record)));
};

const fly = async (
  command: "replay" | "compare",
  { dataset, ...written }: RunRequest,
  policies: readonly Policy[],
  { progress = silent, signal = new AbortController().signal }: LibraryPorts,
): Promise<RunResult> => {
  requireKnown({ ...scenarioOptions, ...executionOptions }, written, command);
  const execution = readExecution(written);
  const scenario = readScenario(dataset, written);
  const finished = await flyScenario(
    policyStudy(command, scenario, policies),
    scenario,
    { ...execution, announceIn: null },
    {
      progress,
      signal,
    },
  );
  const result: RunResult = {
    summary: finished.summary,
    detections: (policy) => detectionsOf(finished, policy),
    [Symbol.asyncDispose]: () => finished[Symbol.asyncDispose](),
  };
  finishedRuns.set(result, finished);
  return result;
};

/** Replays imagery under one policy (`detect`). Throws `SwathError` for whatever does not fit, and the reason of `signal`. */
export const replay = async (
  { policy, ...request }: RunRequest & Written<typeof policyOption>,
  ports: LibraryPorts = {},
): Promise<RunResult> => fly("replay", request, [readOptions(policyOption, { policy }).policy], ports);

/** Runs policies side by side (all of them) over the same acquisitions and contacts. Throws as `replay` does. */
export const compare = async (
  { policies, ...request }: RunRequest & { readonly policies?: string | readonly string[] },
  ports: LibraryPorts = {},
): Promise<RunResult> => {
  const written = policies === undefined ? {} : { policies: [policies].flat().join(",") };
  return fly("compare", request, readOptions(policiesOption, written).policies, ports);
};

/** Writes the folder of a run: summary, report, detections, STAC items. Throws `SwathError("storage")`; half a folder is never left. */
export const writeRun = async (result: RunResult, folder: string): Promise<void> => {
  const finished = finishedRuns.get(result);
  if (finished === undefined) throw new RangeError("a result of `replay` or `compare` is wanted");
  await writeFolder(finished, folder);
};

/** The options of `swath simulate` by name, as its command line has them. */
export type SimulationRequest = Written<typeof simulationOptions> &
  Pick<Written<typeof simulationExecutionOptions>, "out" | "threads">;

/** Flies a constellation without pixels and writes its folder below `out` (`runs`). Throws as `replay` does. */
export const simulate = async (
  request: SimulationRequest,
  { progress = silent, signal = new AbortController().signal }: LibraryPorts<FleetProgress> = {},
): Promise<SimulationResult> => {
  requireKnown({ ...simulationOptions, ...simulationExecutionOptions }, request, "simulate");
  const execution = readSimulationExecution(request);
  const result = await runSimulation(await readSimulation(request), execution, { progress, signal });
  // Only a shard that is not the first has no result, and a request names no shard.
  if (result === null) throw new RangeError("a simulation without shards has a result");
  return result;
};

/** What `swath model check` measures; what is left out is as that command has it. */
export type ModelCheckRequest = Pick<CheckRequest, "model" | "dataset"> &
  Partial<Omit<CheckRequest, "model" | "dataset" | "spacecraft">> & {
    /** A preset or a YAML file: whose computer it runs on. */
    readonly spacecraft?: string;
  };

const silentCheck: CheckProgress = { scene: () => undefined, tiling: () => undefined };

/** Measures a model on labelled scenes. Throws `SwathError` for a model, a dataset or labels that do not fit each other. */
export const checkModel = async (
  { spacecraft = "cubesat-6u", ...request }: ModelCheckRequest,
  {
    progress = silentCheck,
    signal = new AbortController().signal,
  }: { readonly progress?: CheckProgress; readonly signal?: AbortSignal } = {},
): Promise<Checked> =>
  runModelCheck(
    {
      datasetOptions: {},
      scenes: null,
      renamed: new Map(),
      ignored: new Set(),
      excuses: null,
      sizesPx: sizeEdgesPx,
      threads: availableParallelism(),
      device: cpu,
      threshold: null,
      floor: 0.05,
      tileSizePx: null,
      overlapPx: null,
      tiling: false,
      ...request,
      spacecraft: readSpacecraft(spacecraft),
    },
    { progress, signal },
  );
