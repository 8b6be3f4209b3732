import { trafficText } from "../datasets/http/traffic.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify as toYaml } from "yaml";
import { connectBus } from "../pipeline/bus/connection.ts";
import { deleteRun } from "../pipeline/bus/run-bus.ts";
import { startNatsServer } from "../pipeline/bus/server.ts";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import type { PolicySummary, RunSummary } from "../measure/summary/run-summary.ts";
import type { PolicyName } from "../pipeline/mission/policy.ts";
import { losslessOf, summarisePolicy, type Yardstick } from "../measure/run/policy-figures.ts";
import type { PolicyRun } from "../measure/run/policy-run.ts";
import { executePolicy, executeCalm } from "./engine/policy-execution.ts";
import { announceServer } from "./engine/live-server.ts";
import { requireWritable } from "./folder/out-folder.ts";
import { meshBenefit } from "./engine/crosslink-benefit.ts";
import { policyOf, setStage, type Stage, requireAskable } from "./engine/prepared-run.ts";
import type { StudyPorts } from "./progress.ts";
import { summaryHead } from "./folder/summary-head.ts";
import { writeRun } from "./folder/run-files.ts";
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
  policies: readonly PolicyName[],
  sha256: string,
): string => {
  // The spacecraft itself: a file of the same name may have been edited.
  const { dataset, options, spacecraft } = scenario;
  const what = JSON.stringify([dataset, options, spacecraft, policies, sha256]);
  return `${command}-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
};

const yardstickOf = ({ dataset, model, labels, judged }: Stage, runs: readonly PolicyRun[]): Yardstick => ({
  classes: model.info.classes,
  scenes: new Map(dataset.scenes.map((scene) => [scene.id, scene])),
  labels,
  judged,
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
const askedPolicies = (
  command: RunCommand,
  policies: readonly PolicyName[],
): Readonly<Record<string, string>> =>
  command === "demo"
    ? {}
    : command === "replay"
      ? { policy: policies.join() }
      : { policies: policies.join() };

/** A server of our own that does not answer has no room to write: there is no URL to be checked. */
const orOutOfRoom = async <T>(own: boolean, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!own || !isSwathError(error, "bus")) throw error;
    const hint = "the private server keeps its data in the temporary folder (TMPDIR): see that there is room";
    throw new SwathError("bus", { ...error.parts, hint });
  }
};

/** What the user has to start elsewhere, said in full. */
const howToJoin = (id: string, { base }: Stage): string =>
  [
    `waiting for ${base.satellites.length} satellites and ${base.stations.length} stations of run ${id}:`,
    ...base.satellites.map((satellite) => `  swath satellite ${satellite} --run ${id} --nats URL`),
    ...base.stations.map((station) => `  swath station ${station.id} --run ${id} --nats URL`),
  ].join("\n");

/**
 * Runs a scenario under each policy in turn, over the same acquisitions, contacts and seed, and writes the run's folder.
 * Only the policy that is measured against needs lossless sizes: `raw` where it is asked for, else the first.
 */
export const runScenario = async (
  command: RunCommand,
  scenario: Scenario,
  policies: readonly PolicyName[],
  execution: Execution,
  { progress, signal }: StudyPorts,
): Promise<ScenarioResult> => {
  requireAskable(scenario.ask, policies.map(policyOf), scenario.crosslinks);
  await requireWritable(execution.out);
  await using stage = await setStage(scenario, policies, execution, signal);
  for (const note of stage.notes) progress.note(note);
  const runId = nameRun(command, scenario, policies, stage.model.info.sha256);
  signal.throwIfAborted();
  // The user's NATS, or one of our own that ends with the command: after the bus, since nodes finish what they are at.
  await using server = execution.nats === null ? await startNatsServer() : null;
  await using bus = await connectBus({
    url: server?.url ?? execution.nats ?? "",
    name: "swath",
    ...(execution.creds === null ? {} : { creds: execution.creds }),
  });
  await using _announced = server === null ? null : await announceServer(execution.out, server.url);
  const measured = policies.includes("raw") ? "raw" : policies[0];
  const runs: PolicyRun[] = [];
  const calm = new Map<PolicyName, PolicyRun>();
  for (const name of policies) {
    const id = `${runId}-${name}`;
    if (!execution.external) await deleteRun(bus, id);
    progress.begin(name, stage.base.acquisitions.length);
    if (execution.external) progress.note(howToJoin(id, stage));
    const options = {
      runId: id,
      policy: policyOf(name),
      measureLossless: name === measured,
      external: execution.external,
      strict: execution.strict,
      progress,
      signal,
    };
    runs.push(await orOutOfRoom(server !== null, () => executePolicy(stage, bus, options)));
    progress.end();
    // Subscribers may still want the results; the rest has done its work, and `raw` can be large.
    await deleteRun(bus, id, ["result"]);
    // Nodes elsewhere are there for the run that was asked for.
    if (scenario.upsets === null || execution.external) continue;
    progress.begin(`${name} without upsets`, stage.base.acquisitions.length);
    calm.set(name, await orOutOfRoom(server !== null, () => executeCalm(stage, bus, options)));
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
  const folder = join(execution.out, runId);
  await writeRun({
    stage,
    runs,
    summary,
    yardstick,
    folder,
    command,
    configuration: toYaml({ ...askedPolicies(command, policies), ...scenario.options }),
  });
  return { summary, folder };
};
