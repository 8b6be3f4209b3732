import type { Policy } from "../../pipeline/mission/policy.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { printable } from "../../datasets/files/location.ts";
import { requireAskable } from "../engine/ask-requirement.ts";
import { setStage, type Stage } from "../engine/prepared-run.ts";
import { digestScenes, readsOf, seenScenes } from "../engine/run-name.ts";
import { measuredFlight, type RunStudy } from "../engine/study-flights.ts";
import { isDoubt, readValueFile, writeValueFile } from "../folder/value-file.ts";
import { requireWritable } from "../folder/out-folder.ts";
import type { ShardOf } from "../options/shard.ts";
import type { StudyPorts } from "../progress.ts";
import type { Execution, Scenario } from "../scenario.ts";
import { closePart, jobOf, openPart, partFolder, type PartHead } from "./part-file.ts";
import { type SceneWork, unitFile, workScene } from "./scene-work.ts";

/** What a part leaves a command with. */
export interface FinishedPart {
  readonly folder: string;
  readonly shard: ShardOf;
  /** Units of work, or satellites: of this part, and of those what an earlier start had done. */
  readonly units: number;
  readonly before: number;
}

/** A scene under a policy. */
interface Unit {
  readonly scene: string;
  readonly policy: Policy;
}

/**
 * The units of one part. All policies of a scene go to the same part while there are scenes enough: they look at the same tiles, and the model
 * looks once.
 */
export const unitsOf = (
  scenes: readonly string[],
  policies: readonly Policy[],
  { index, of }: ShardOf,
): readonly Unit[] =>
  scenes.flatMap((scene, s) =>
    policies.flatMap((policy, p) => {
      const place = scenes.length >= of ? s : s * policies.length + p;
      return place % of === index ? [{ scene, policy }] : [];
    }),
  );

/** Refuses what cannot be worked out apart. Throws `SwathError("config")`. */
const requireApart = ({ flights }: RunStudy): void => {
  if (flights.every(({ upsets }) => upsets === null)) return;
  throw new SwathError("config", {
    what: "--shard",
    wanted: "no --upsets beside it",
    got: "both",
    hint: "what particles do follows from where a satellite is: fly it in one process, or on a NATS with --external",
    field: "shard",
  });
};

const workUnits = async (
  stage: Stage,
  study: RunStudy,
  units: readonly Unit[],
  part: { readonly folder: string; readonly job: string; readonly files: PartHead["files"] },
  { progress, signal }: StudyPorts,
): Promise<{ readonly works: PartHead["works"]; readonly before: number }> => {
  const { folder, job, files } = part;
  const measured = measuredFlight(study.flights);
  const first = new Map<string, Acquisition>();
  for (const one of stage.base.acquisitions) if (!first.has(one.scene)) first.set(one.scene, one);
  const works: PartHead["works"][number][] = [];
  let before = 0;
  for (const { scene, policy } of units) {
    signal.throwIfAborted();
    const { path, name, value } = unitFile(folder, job, policy.label, scene, files[scene] ?? []);
    works.push({ policy: policy.label, scene, path: name });
    const known = await readValueFile<SceneWork>(path, value);
    // A scene that could not be read may be readable by now.
    if (known !== null && !isDoubt(known) && known.work.record.failure === null) {
      before++;
      continue;
    }
    if (known !== null && isDoubt(known))
      progress.note(`${scene} under ${policy.label} again: ${known.doubt}`);
    const flown = { runId: job, policy, upsets: null, measureLossless: policy === measured.policy };
    const done = await workScene(stage, flown, first.get(scene) as Acquisition, signal);
    await writeValueFile(path, done, value);
    const { failure, tiles, detections } = done.work.record;
    progress.satellite(
      failure === null
        ? { type: "Acquisition:Processed", scene, tiles, detections }
        : { type: "Acquisition:Failed", scene, reason: failure },
    );
  }
  return { works, before };
};

/**
 * Works out one part of a run with pixels, without a bus and without the other parts: what is made on board of every n-th scene, and what the ground's model
 * sees in it. Called again after it was stopped or killed, it goes on with the first unit that is missing. `mergeParts` flies the run.
 */
export const computePart = async (
  study: RunStudy,
  scenario: Scenario,
  execution: Execution,
  shard: ShardOf,
  ports: StudyPorts,
): Promise<FinishedPart> => {
  const { progress, signal } = ports;
  requireApart(study);
  const policies = study.flights.map(({ policy }) => policy);
  requireAskable(scenario.ask, policies, scenario.crosslinks);
  await requireWritable(execution.out);
  await using stage = await setStage(scenario, policies, execution, ports);
  const command = study.command === "compare" ? "compare" : "replay";
  const reads = readsOf(stage, study.chosen);
  const units = unitsOf(seenScenes(stage), policies, shard);
  const files = await digestScenes(stage, [...new Set(units.map(({ scene }) => scene))], signal);
  const folder = partFolder(execution.out, { command, reads }, shard);
  await openPart(folder);
  progress.begin(`part ${shard.index} of ${shard.of}`, units.length);
  const plain = Object.fromEntries(Object.entries(files).map(([scene, digests]) => [scene, [...digests]]));
  const { works, before } = await workUnits(
    stage,
    study,
    units,
    { folder, job: jobOf({ command, reads }), files: plain },
    ports,
  );
  progress.end();
  const { dataset } = scenario;
  await closePart(folder, {
    command,
    dataset: printable(dataset) === dataset ? dataset : null,
    options: scenario.options as PartHead["options"],
    chosen: study.chosen,
    strict: execution.strict,
    shard,
    reads,
    files: plain,
    works,
    records: [],
  });
  return { folder, shard, units: units.length, before };
};
