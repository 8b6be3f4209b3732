import { once } from "node:events";
import { Argument, Command } from "commander";
import { diagnoses, nothingToCompare, stringifySummary } from "../../studies/answer.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import { listPolicies } from "../../studies/inputs/policies.ts";
import type { Execution, RunCommand, Scenario } from "../../studies/scenario.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policyHelp } from "../text/policy-text.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { interruptible, untilStopped } from "../interrupt.ts";
import { policyStudy, runScenario, type ScenarioResult } from "../../studies/replay.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import {
  arrayOptions,
  executionOptions,
  liveOptions,
  policyOption,
  scenarioOptions,
} from "../../studies/options/table.ts";
import { computePart } from "../../studies/array/scene-part.ts";
import type { RunStudy } from "../../studies/engine/study-flights.ts";
import { parseShard, type ShardOf } from "../../studies/options/shard.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Progress } from "../../studies/progress.ts";
import { printPart } from "../text/part-text.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";
import { openProgress } from "../text/progress-line.ts";
import { printPolicyTable } from "../text/run-text.ts";

/** Table and paths for people, the summary for programs. */
export const show = (command: RunCommand, { summary, folder }: ScenarioResult, json: boolean): void => {
  if (json) process.stdout.write(stringifySummary(summary));
  else {
    printPolicyTable(summary);
    const said = [...diagnoses(summary), ...(command === "compare" ? nothingToCompare(summary) : [])];
    if (said.length > 0) console.log(`\n${said.join("\n")}`);
    console.log(`\nreport   ${folder}/report.html\nsummary  ${folder}/summary.json`);
  }
};

/** Refuses what a part has no use for. Throws `SwathError("config")`. */
const requireAlone = ({ nats, keys, speed, tag, json }: Execution, live: boolean): void => {
  const given = { nats, keys, speed, live: live || null, json: json || null, tag: tag[0] ?? null };
  const [field] = Object.entries(given).find(([, value]) => value !== null) ?? [];
  if (field === undefined) return;
  throw new SwathError("config", {
    what: "--shard",
    wanted: `no --${field} beside it`,
    got: "both",
    hint: "a part is worked out alone, and the run is flown by swath merge",
    field,
  });
};

const workPart = (study: RunStudy, scenario: Scenario, execution: Execution, shard: ShardOf): Promise<void> =>
  interruptible(async (signal) => {
    using progress = openProgress(process.stderr);
    printPart(
      await computePart(study, scenario, execution, shard, { progress, signal }),
      "scenes under a policy",
    );
  });

/** Runs the study for one policy or several and prints its table; what `replay`, `compare` and `demo` share. */
export const run = async (
  command: "replay" | "compare" | "demo",
  dataset: string,
  policiesOf: (self: Command) => readonly Policy[],
  self: Command,
): Promise<void> => {
  applyConfigFile(self);
  const policies = policiesOf(self);
  const values = self.opts();
  const execution = readExecution(values);
  const scenario = readScenario(dataset, values);
  const { live } = readOptions(liveOptions, values);
  const { shard } = readOptions(arrayOptions, values);
  if (shard !== null) {
    requireAlone(execution, live);
    await workPart(policyStudy(command, scenario, policies), scenario, execution, parseShard(shard));
    return;
  }
  const fly = (progress: Progress, signal: AbortSignal): Promise<ScenarioResult> =>
    runScenario(command, scenario, policies, execution, { progress, signal });
  if (!live) {
    await interruptible(async (signal) => {
      using progress = openProgress(process.stderr);
      show(command, await fly(progress, signal), execution.json);
    });
    return;
  }
  // Who ends it after the run has it as wanted; before, the run was interrupted.
  await untilStopped(async (signal) => {
    using progress = openProgress(process.stderr);
    // The gateway is loaded by who asks for it: it costs every other run a fifth of a second.
    const { openLiveServer } = await import("../../studies/serve/live-server.ts");
    await using server = await openLiveServer(execution, progress);
    const { url, loginUrl } = server;
    progress.note(`watch it at ${url}${loginUrl === null ? "" : `, log in at ${loginUrl}`}`);
    const result = await fly(progress, signal);
    signal.throwIfAborted();
    show(command, result, execution.json);
    progress.note(`still served at ${url}: Ctrl-C ends it`);
    await once(signal, "abort");
  });
};

/** The dataset that a command reads; the built-in harbour when none is given. */
export const datasetArgument = new Argument(
  "[dataset]",
  "STAC collection, folder, image or builtin:harbour",
).default("builtin:harbour");

/** The options of every command that runs a scenario. */
export const addRunOptions = (command: Command): Command =>
  addOptions(
    addOptions(addOptions(addConfigOption(command), scenarioOptions), executionOptions),
    liveOptions,
  );

/** The same of a command whose parts may be worked out by an array of jobs. */
export const addArrayOptions = (command: Command): Command =>
  addOptions(addRunOptions(command), arrayOptions);

/** `swath replay`: one policy. */
export const replayCommand = (): Command =>
  addArrayOptions(
    addOptions(
      new Command("replay")
        .description("Replay imagery through satellites under one policy")
        .addArgument(datasetArgument),
      policyOption,
    ),
  )
    .addHelpText("after", policyHelp(listPolicies()))
    .addHelpText(
      "after",
      `
Examples:
  $ swath replay builtin:harbour
  $ swath replay ships/ --policy chips --constellation walker:6 --rate 2Mbit/s --ber 1e-5`,
    )
    .action(async (dataset: string, _options: unknown, self: Command) => {
      await run("replay", dataset, () => [readOptions(policyOption, self.opts()).policy], self);
    });
