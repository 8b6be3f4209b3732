import { trainingOfScenes } from "../measure/summary/provenance-summary.ts";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { policyText } from "../operators/policies/policy-choice.ts";
import { deleteRun } from "../pipeline/bus/run-bus.ts";
import { openBusSession } from "./engine/bus-session.ts";
import type { Protection, UpsetPlan } from "../pipeline/mission/upset-plan.ts";
import { stringifySummary, type RunSummary } from "../measure/summary/run-summary.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import { summarisePolicy, type Yardstick } from "../measure/run/policy-figures.ts";
import type { PolicyRun } from "../measure/run/policy-run.ts";
import { executePolicy, executeCalm } from "./engine/policy-execution.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { setStage } from "./engine/prepared-run.ts";
import type { StudyPorts } from "./progress.ts";
import { summaryHead } from "./folder/summary-head.ts";
import type { Execution, Scenario } from "./scenario.ts";

/** What `swath upsets` compares. */
export interface UpsetComparison {
  readonly policy: Policy;
  readonly upsets: UpsetPlan;
  readonly protections: readonly Protection[];
}

/**
 * Runs one policy without upsets and then under each protection, over the same acquisitions, contacts, seed and particles: a
 * memory is hit at the same moments in the same bits, as far as protections have the same memory. One entry a protection in
 * the summary, which is written to `upsets.json` in the run's folder.
 */
export const runUpsets = async (
  scenario: Scenario,
  { policy, upsets, protections }: UpsetComparison,
  execution: Execution,
  { progress, signal }: StudyPorts,
): Promise<{ readonly summary: RunSummary; readonly file: string }> => {
  await requireWritable(execution.out);
  await using stage = await setStage(scenario, [policy], execution, { progress, signal });
  for (const note of stage.notes) progress.note(note);
  const { dataset, options, spacecraft } = scenario;
  const what = JSON.stringify([
    dataset,
    options,
    spacecraft,
    policyText(policy),
    protections,
    stage.model.info.sha256,
  ]);
  const runId = `upsets-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
  signal.throwIfAborted();
  await using session = await openBusSession({ ...execution, announceIn: null });
  const { bus } = session;
  const shared = {
    policy,
    measureLossless: false,
    external: false,
    strict: execution.strict,
    progress,
    signal,
  };
  const count = stage.base.acquisitions.length;
  progress.begin("without upsets", count);
  const calm = await executeCalm(stage, bus, { ...shared, runId });
  progress.end();
  const runs: PolicyRun[] = [];
  for (const protection of protections) {
    const id = `${runId}-${protection}`;
    const base = { ...stage.base, upsets: { ...upsets, protection } };
    await deleteRun(bus, id);
    progress.begin(protection, count);
    runs.push(await executePolicy({ ...stage, base }, bus, { ...shared, runId: id }));
    progress.end();
    await deleteRun(bus, id);
  }
  const yardstick: Yardstick = {
    classes: stage.model.info.classes,
    scenes: new Map(stage.dataset.scenes.map((scene) => [scene.id, scene])),
    labels: stage.labels,
    judged: stage.judged,
    training: trainingOfScenes([...stage.labels.keys()], stage.training),
    lossless: null,
    raw: null,
    calm: new Map([[policy.label, calm]]),
  };
  const summary: RunSummary = {
    ...summaryHead(stage, runId, yardstick),
    day: null,
    noDay: "a study of upsets looks at the scenes alone",
    policies: runs.map((run) => summarisePolicy(run, yardstick)),
  };
  const folder = join(execution.out, runId);
  const file = join(folder, "upsets.json");
  await mkdir(folder, { recursive: true });
  await writeFile(file, stringifySummary(summary));
  return { summary, file };
};
