import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { seconds } from "../../pipeline/units.ts";
import { parsePolicies, parsePolicy } from "../../operators/policies/policy-choice.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import { journalFile } from "../folder/journal.ts";
import type { SimulationResult } from "../folder/fleet-files.ts";
import { attributeOf, type OptionValues, type WrittenValue } from "../options/option.ts";
import { readScenario } from "../options/scenario.ts";
import { readSimulation } from "../options/simulation.ts";
import type { mergeOptions } from "../options/table.ts";
import type { FleetProgress, Progress, StudyPorts } from "../progress.ts";
import { policyStudy, runStudy, type ScenarioResult } from "../replay.ts";
import { runSimulation } from "../simulate.ts";
import { connectionOptions } from "../options/nats-options.ts";
import { readOptions } from "../options/option.ts";
import { fileDigest, type Part } from "./part-file.ts";
import { gatherParts } from "./part-list.ts";
import { openPartWorks, requireSameReads } from "./part-works.ts";

/** How parts are merged. */
export type MergeExecution = OptionValues<typeof mergeOptions>;

/** What a merge leaves a command with. */
export type Merged =
  | { readonly command: "replay" | "compare"; readonly result: ScenarioResult }
  | { readonly command: "simulate"; readonly result: SimulationResult };

/** What a merge tells while it works. */
export interface MergePorts {
  readonly progress: () => Progress & Disposable;
  readonly fleetProgress: () => FleetProgress & Disposable;
  readonly signal: AbortSignal;
}

const noConnection = readOptions(connectionOptions, {});

const writtenOf = ({ head }: Part): Readonly<Record<string, WrittenValue>> =>
  Object.fromEntries(Object.entries(head.options).map(([key, value]) => [attributeOf(key), value]));

const flyScenes = async (
  parts: readonly [Part, ...Part[]],
  execution: MergeExecution,
  ports: Pick<StudyPorts, "progress" | "signal">,
): Promise<ScenarioResult> => {
  const [first] = parts;
  const { head } = first;
  const dataset = execution.dataset ?? head.dataset;
  if (dataset === null) {
    throw new SwathError("config", {
      what: "the parts",
      wanted: "--dataset beside them",
      got: "an address that is signed, which no part keeps",
      field: "dataset",
    });
  }
  const command = head.command === "compare" ? "compare" : "replay";
  const policies =
    command === "compare"
      ? parsePolicies(head.chosen["policies"] ?? "", "--policies")
      : [parsePolicy(head.chosen["policy"] ?? "", "--policy")];
  const scenario = readScenario(dataset, writtenOf(first));
  return await runStudy(
    policyStudy(command, scenario, policies),
    scenario,
    {
      ...noConnection,
      ...execution,
      strict: head.strict,
      external: false,
      keepResults: seconds(0),
      speed: null,
      computed: openPartWorks(parts),
      onIdentity: (identity) => requireSameReads(parts, identity),
    },
    ports,
  );
};

/** Puts the satellites that parts have flown where the simulation finds those of an interrupted run. */
const handOver = async (parts: readonly Part[], runFolder: string): Promise<void> => {
  for (const { folder, head } of parts) {
    const { index, of } = head.shard;
    for (const { path, sha256 } of head.records) {
      const file = join(folder, path);
      if ((await fileDigest(file)) !== sha256) {
        throw new SwathError("storage", {
          what: file,
          wanted: "as the part wrote it",
          got: "other bytes",
          hint: `run that part again: --shard ${index}/${of}`,
        });
      }
      const journal = journalFile(runFolder, index, of);
      await mkdir(dirname(journal), { recursive: true });
      await copyFile(file, journal);
    }
  }
};

const flyFleet = async (
  parts: readonly [Part, ...Part[]],
  execution: MergeExecution,
  { progress, signal }: StudyPorts<FleetProgress>,
): Promise<SimulationResult> => {
  const scenario = await readSimulation(writtenOf(parts[0]));
  const onIdentity = async (identity: RunIdentity): Promise<void> => {
    requireSameReads(parts, identity);
    await handOver(parts, join(execution.out, identity.run));
  };
  const result = await runSimulation(
    scenario,
    { ...noConnection, ...execution, shard: null, run: null },
    { progress, signal, onIdentity },
  );
  if (result === null) throw new RangeError("a merge is no shard");
  return result;
};

/**
 * Makes a run of the parts of an array: what had to be computed is there, and what satellites, stations and the mission centre do together is flown now. The files
 * are, to the byte, those of one process. Throws `SwathError` for parts that do not make up a job.
 */
export const mergeParts = async (
  folders: readonly string[],
  execution: MergeExecution,
  ports: MergePorts,
): Promise<Merged> => {
  const parts = await gatherParts(folders);
  const { signal } = ports;
  const { command } = parts[0].head;
  if (command === "simulate") {
    using progress = ports.fleetProgress();
    return { command, result: await flyFleet(parts, execution, { progress, signal }) };
  }
  using progress = ports.progress();
  return { command, result: await flyScenes(parts, execution, { progress, signal }) };
};
