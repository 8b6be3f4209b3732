import { policyText } from "../operators/policies/policy-choice.ts";
import { trafficText } from "../datasets/http/traffic.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify as toYaml } from "yaml";
import { deleteRun } from "../pipeline/bus/run-bus.ts";
import { trainingOfScenes } from "../measure/summary/provenance-summary.ts";
import type { PolicySummary, RunSummary } from "../measure/summary/run-summary.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import { losslessOf, summarisePolicy, type Yardstick } from "../measure/run/policy-figures.ts";
import type { PolicyRun } from "../measure/run/policy-run.ts";
import { executePolicy, executeCalm } from "./engine/policy-execution.ts";
import { type BusPlace, openBusSession } from "./engine/bus-session.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { meshBenefit } from "./engine/crosslink-benefit.ts";
import { setStage, type Stage, requireAskable } from "./engine/prepared-run.ts";
import type { StudyPorts } from "./progress.ts";
import { summaryHead } from "./folder/summary-head.ts";
import { type FinishedRun, writeRun } from "./folder/run-files.ts";
import type { Execution, RunCommand, Scenario } from "./scenario.ts";

/** What a command is left with. */
export interface ScenarioResult {
  readonly summary: RunSummary;
  /** Folder of the run, with `report.html` and `summary.json`. */
  readonly folder: string;
}

/** Follows from the scenario and the policies: the same run always has the same name. */
const nameRun = (
  command: RunCommand,
  scenario: Scenario,
  policies: readonly Policy[],
  sha256: string,
): string => {
  // The spacecraft itself: a file of the same name may have been edited.
  const { dataset, options, spacecraft } = scenario;
  const what = JSON.stringify([dataset, options, spacecraft, policies.map(policyText), sha256]);
  return `${command}-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
};

const yardstickOf = (
  { dataset, model, labels, judged, training }: Stage,
  runs: readonly PolicyRun[],
): Yardstick => ({
  classes: model.info.classes,
  scenes: new Map(dataset.scenes.map((scene) => [scene.id, scene])),
  labels,
  judged,
  training: trainingOfScenes([...labels.keys()], training),
  lossless: runs.map(losslessOf).find((measured) => measured !== null) ?? null,
  raw: runs.find(({ plan }) => plan.policy.name === "raw") ?? null,
});

const summarised = async (
  run: PolicyRun,
  yardstick: Yardstick,
  signal: AbortSignal,
): Promise<PolicySummary> => {
  const summary = summarisePolicy(run, yardstick);
  if (summary.crosslinks === null) return summary;
  return { ...summary, crosslinks: { ...summary.crosslinks, toGround: await meshBenefit(run, signal) } };
};

/** The policies as the configuration file of a command has them; the demo always takes all. */
const askedPolicies = (command: RunCommand, policies: readonly Policy[]): Readonly<Record<string, string>> =>
  command === "demo"
    ? {}
    : command === "replay"
      ? { policy: policies.map(policyText).join() }
      : { policies: policies.map(policyText).join() };

/** What the user has to start elsewhere, said in full. */
const howToJoin = (id: string, { base }: Stage): string =>
  [
    `waiting for ${base.satellites.length} satellites and ${base.stations.length} stations of run ${id}:`,
    ...base.satellites.map((satellite) => `  swath satellite ${satellite} --run ${id} --nats URL`),
    ...base.stations.map((station) => `  swath station ${station.id} --run ${id} --nats URL`),
  ].join("\n");

/** How a run is carried out, but for what becomes of its result. */
export type RunPlace = Omit<Execution, "out" | "json"> & Pick<BusPlace, "announceIn">;

/**
 * Runs a scenario under each policy in turn, over the same acquisitions, contacts and seed. Whoever gets the result disposes of it:
 * its dataset is still open, for the pictures of a report. Only the policy that is measured against needs lossless sizes: `raw` where it is asked for, else the first.
 */
export const flyScenario = async (
  command: RunCommand,
  scenario: Scenario,
  policies: readonly Policy[],
  execution: RunPlace,
  { progress, signal }: StudyPorts,
): Promise<FinishedRun & AsyncDisposable> => {
  requireAskable(scenario.ask, policies, scenario.crosslinks);
  const stage = await setStage(scenario, policies, execution, { progress, signal });
  try {
    return await flyStage(stage, command, policies, execution, { progress, signal });
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
};

const flyStage = async (
  stage: Stage,
  command: RunCommand,
  policies: readonly Policy[],
  execution: RunPlace,
  { progress, signal }: StudyPorts,
): Promise<FinishedRun & AsyncDisposable> => {
  const { scenario } = stage;
  for (const note of stage.notes) progress.note(note);
  const runId = nameRun(command, scenario, policies, stage.model.info.sha256);
  signal.throwIfAborted();
  await using session = await openBusSession(execution);
  const { bus, guard } = session;
  const measured = policies.find(({ name }) => name === "raw") ?? policies[0];
  const runs: PolicyRun[] = [];
  const calm = new Map<string, PolicyRun>();
  for (const policy of policies) {
    const { label } = policy;
    const id = `${runId}-${label}`;
    if (!execution.external) await deleteRun(bus, id);
    progress.begin(label, stage.base.acquisitions.length);
    if (execution.external) progress.note(howToJoin(id, stage));
    const options = {
      runId: id,
      policy,
      measureLossless: policy === measured,
      external: execution.external,
      strict: execution.strict,
      progress,
      signal,
    };
    runs.push(await guard(() => executePolicy(stage, bus, options)));
    progress.end();
    // Subscribers may still want the results; the rest has done its work, and `raw` can be large.
    await deleteRun(bus, id, ["result"]);
    // Nodes elsewhere are there for the run that was asked for.
    if (scenario.upsets === null || execution.external) continue;
    progress.begin(`${label} without upsets`, stage.base.acquisitions.length);
    calm.set(label, await guard(() => executeCalm(stage, bus, options)));
    progress.end();
  }
  const fetched = trafficText(stage.dataset.fetched());
  if (fetched !== null) progress.note(fetched);
  const yardstick = { ...yardstickOf(stage, runs), calm };
  const summary: RunSummary = {
    ...summaryHead(stage, runId, yardstick),
    day: null,
    noDay: "not flown",
    policies: await Promise.all(runs.map((run) => summarised(run, yardstick, signal))),
  };
  const configuration = toYaml({ ...askedPolicies(command, policies), ...scenario.options });
  return {
    stage,
    runs,
    summary,
    yardstick,
    command,
    configuration,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
};

/** Flies a scenario (see `flyScenario`) and writes the run's folder. */
export const runScenario = async (
  command: RunCommand,
  scenario: Scenario,
  policies: readonly Policy[],
  execution: Execution,
  ports: StudyPorts,
): Promise<ScenarioResult> => {
  const { out } = execution;
  await requireWritable(out);
  await using finished = await flyScenario(
    command,
    scenario,
    policies,
    { ...execution, announceIn: out },
    ports,
  );
  const folder = join(out, finished.summary.runId);
  await writeRun(finished, folder);
  return { summary: finished.summary, folder };
};
