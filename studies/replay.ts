import { policyText } from "../operators/policies/policy-choice.ts";
import { RefusalCount } from "../pipeline/mission/refusal.ts";
import { trafficText } from "../datasets/http/traffic.ts";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify as toYaml } from "yaml";
import { claimRun } from "../pipeline/bus/run-lease.ts";
import { trainingOfScenes } from "../measure/summary/provenance-summary.ts";
import type { PolicySummary, RunSummary } from "../measure/summary/run-summary.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import { losslessOf, summarisePolicy, type Yardstick } from "../measure/run/policy-figures.ts";
import type { PolicyRun } from "../measure/run/policy-run.ts";
import { type FlightGround, flyAll, type RunStudy } from "./engine/study-flights.ts";
import { nothingKept, openKeptFlights } from "./folder/kept-flights.ts";
import { partialFolder } from "./folder/partial-folder.ts";
import { identifyRun, type RunIdentity } from "./engine/run-name.ts";
import { type BusPlace, openBusSession } from "./engine/bus-session.ts";
import { seconds } from "../pipeline/units.ts";
import { unknownVerdicts } from "../measure/summary/verdict-summary.ts";
import { type FullDay, flyFullDay } from "./engine/full-day.ts";
import { requireOwnFolder } from "./folder/identity-file.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { meshBenefit } from "./engine/crosslink-benefit.ts";
import { requireReachable } from "./orders/live-mission.ts";
import { requireAskable } from "./engine/ask-requirement.ts";
import { setStage, type Stage, type StageExecution } from "./engine/prepared-run.ts";
import type { StudyPorts } from "./progress.ts";
import { summaryHead } from "./folder/summary-head.ts";
import { messageOf } from "../pipeline/errors.ts";
import type { MissionRecorder } from "./record/mission-recorder.ts";
import { busSink } from "./record/bus-sink.ts";
import { allSinks, folderSink } from "./record/record-sink.ts";
import { recordRun } from "./record/run-record.ts";
import type { SigningKey } from "../pipeline/keys/nkey.ts";
import { billOf } from "./tenancy/bill.ts";
import { readSigningKey } from "./tenancy/signing-key.ts";
import type { FinishedRun } from "./folder/finished-run.ts";
import { writeRun } from "./folder/run-files.ts";
import type { Execution, Scenario } from "./scenario.ts";

/** What a command is left with. */
export interface ScenarioResult {
  readonly summary: RunSummary;
  /** Folder of the run, with `report.html` and `summary.json`. */
  readonly folder: string;
}

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
  const bought = summary.crosslinks === null ? null : await meshBenefit(run, signal);
  if (summary.crosslinks === null || bought === null) return summary;
  const { offload, ...crosslinks } = summary.crosslinks;
  return {
    ...summary,
    crosslinks: {
      ...crosslinks,
      toGround: bought.toGround,
      ...(offload === undefined ? {} : { offload: { ...offload, flown: bought.flown } }),
    },
  };
};

/** The study of `replay`, `compare` and `demo`: policies in turn, each under the scenario's own upsets. */
export const policyStudy = (
  command: "replay" | "compare" | "demo",
  { upsets }: Scenario,
  policies: readonly Policy[],
): RunStudy => {
  const names = policies.map(policyText).join();
  return {
    command,
    flights: policies.map((policy) => ({
      policy,
      upsets,
      title: policy.label,
      quietTitle: `${policy.label} without upsets`,
    })),
    chosen: command === "replay" ? { policy: names } : { policies: names },
  };
};

/** How a run is carried out, but for what becomes of its result. */
export type RunPlace = StageExecution &
  Pick<BusPlace, "announceIn"> & {
    /** Told who the run is before it flies; may refuse it. */
    readonly onIdentity?: (identity: RunIdentity) => void;
  };

/**
 * Flies a scenario once for each flight of a study, over the same acquisitions, contacts, seed and particles. Whoever gets the result disposes of it:
 * its dataset is still open, for the pictures of a report. Only the policy that is measured against needs lossless sizes: `raw` where it is asked for, else the first.
 */
export const flyScenario = async (
  study: RunStudy,
  scenario: Scenario,
  execution: RunPlace,
  { progress, signal }: StudyPorts,
): Promise<FinishedRun & AsyncDisposable> => {
  const policies = study.flights.map(({ policy }) => policy);
  requireAskable(scenario.ask, policies, scenario.crosslinks);
  requireReachable(scenario.commanded, execution.nats);
  const stage = await setStage(scenario, policies, execution, { progress, signal });
  try {
    return await flyStage(stage, study, execution, { progress, signal });
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
};

/** Does the work of a run; what it came to before it failed can still be looked at, what nobody waits for any more goes. */
const recorded = async <T>(
  recorder: MissionRecorder,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) await recorder.discard();
    else await recorder.fail(messageOf(error));
    throw error;
  }
};

/** How long a server of our own may be silent: only a machine that is overloaded makes it so. */
const privatePatience = seconds(60);

const flyStage = async (
  stage: Stage,
  study: RunStudy,
  execution: RunPlace,
  { progress, signal }: StudyPorts,
): Promise<FinishedRun & AsyncDisposable> => {
  const { command, flights, chosen } = study;
  for (const note of stage.notes) progress.note(note);
  const { ledgerKey } = execution;
  const signing =
    ledgerKey === null || ledgerKey === undefined ? null : readSigningKey(ledgerKey, "ledger key");
  const identity = await identifyRun(command, stage, chosen, signal);
  const runId = identity.run;
  execution.onIdentity?.(identity);
  signal.throwIfAborted();
  const runFolder = execution.announceIn === null ? null : join(execution.announceIn, runId);
  if (runFolder !== null) await requireOwnFolder(runFolder, identity);
  const refusals = new RefusalCount();
  await using session = await openBusSession(execution, {
    waiting: { progress, signal },
    onRefused: refusals.add,
  });
  const { bus, guard, nodes } = session;
  await using claim = await claimRun(bus, {
    run: runId,
    // Nodes of a command that was killed are still at work: they are gone on with.
    resume: execution.external,
    keepResults: execution.keepResults,
    note: progress.note,
    signal,
  });
  const kept =
    runFolder === null
      ? nothingKept
      : await openKeptFlights({ runFolder, identity, strict: execution.strict }, progress);
  const recorder = recordRun(
    stage,
    runId,
    command,
    flights.map(({ policy }) => policy),
    allSinks([
      ...(runFolder === null ? [] : [folderSink(runFolder, progress.note)]),
      // Whoever shares this NATS need not share this disk.
      ...(execution.nats === null ? [] : [busSink(bus, claim.busRun(runId), progress.note)]),
    ]),
  );
  // A private server does not come back.
  const wait = execution.nats === null ? privatePatience : execution.wait;
  const place = { bus, claim, guard, nodes, external: execution.external, wait };
  try {
    return await recorded(recorder, signal, () =>
      flyFlights(stage, study, { identity, recorder, kept, place, signing, ports: { progress, signal } }),
    );
  } finally {
    for (const note of refusals.notes) progress.note(note);
  }
};

const flyFlights = async (
  stage: Stage,
  { command, flights, chosen }: RunStudy,
  {
    identity,
    recorder,
    kept,
    place,
    signing,
    ports: { progress, signal },
  }: Omit<FlightGround, "runId"> & { readonly identity: RunIdentity; readonly signing: SigningKey | null },
): Promise<FinishedRun & AsyncDisposable> => {
  const { scenario } = stage;
  const runId = identity.run;
  const { runs, calm } = await flyAll(stage, flights, {
    runId,
    recorder,
    kept,
    place,
    ports: { progress, signal },
  });
  const fetched = trafficText(stage.dataset.fetched());
  if (fetched !== null) progress.note(fetched);
  const yardstick = { ...yardstickOf(stage, runs), calm };
  const bill = billOf(stage.scenario.tenants, runs, yardstick, { runId, identity, signing });
  const flown: FullDay = scenario.day
    ? await flyFullDay(stage, runs, { progress, signal })
    : { noDay: "left out: --no-day" };
  const summary: RunSummary = {
    ...summaryHead(stage, runId, yardstick),
    day: "day" in flown ? flown.day : null,
    noDay: "noDay" in flown ? flown.noDay : null,
    policies: await Promise.all(
      runs.map(async (run) => ({
        ...(await summarised(run, yardstick, signal)),
        ...bill?.partOf(run),
        verdicts:
          ("verdicts" in flown ? flown.verdicts.get(run.plan.policy.label) : undefined) ??
          unknownVerdicts("noDay" in flown ? flown.noDay : "no day was flown"),
      })),
    ),
  };
  place.claim.keepResults();
  await recorder.complete();
  const configuration = toYaml({ ...(command === "demo" ? {} : chosen), ...scenario.options });
  return {
    stage,
    runs,
    summary,
    identity,
    yardstick,
    command,
    configuration,
    mission: recorder,
    ...(bill === null ? {} : { ledger: bill.ledger }),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
};

/** Flies a study (see `flyScenario`) and writes the run's folder. */
export const runStudy = async (
  study: RunStudy,
  scenario: Scenario,
  execution: Execution & Pick<RunPlace, "computed" | "onIdentity">,
  ports: StudyPorts,
): Promise<ScenarioResult> => {
  const { out, tag } = execution;
  await requireWritable(out);
  await using finished = await flyScenario(study, scenario, { ...execution, announceIn: out }, ports);
  const folder = join(out, finished.summary.runId);
  await recorded(finished.mission, ports.signal, () => writeRun(finished, folder, tag));
  await finished.mission.discard();
  await rm(partialFolder(folder), { recursive: true, force: true });
  return { summary: finished.summary, folder };
};

/** Runs policies over a scenario and writes the run's folder. */
export const runScenario = (
  command: "replay" | "compare" | "demo",
  scenario: Scenario,
  policies: readonly Policy[],
  execution: Execution,
  ports: StudyPorts,
): Promise<ScenarioResult> => runStudy(policyStudy(command, scenario, policies), scenario, execution, ports);
