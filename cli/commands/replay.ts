import { once } from "node:events";
import { Argument, Command } from "commander";
import { diagnoses, nothingToCompare, stringifySummary } from "../../studies/answer.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import { listPolicies } from "../../studies/inputs/policies.ts";
import type { RunCommand } from "../../studies/scenario.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policyHelp } from "../text/policy-text.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { interruptible } from "../interrupt.ts";
import { runScenario, type ScenarioResult } from "../../studies/replay.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import { executionOptions, liveOptions, policyOption, scenarioOptions } from "../../studies/options/table.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";
import { openProgress } from "../text/progress-line.ts";
import { printPolicyTable } from "../text/run-text.ts";

/** Table and paths for people, the summary for programs. */
const show = (command: RunCommand, { summary, folder }: ScenarioResult, json: boolean): void => {
  if (json) process.stdout.write(stringifySummary(summary));
  else {
    printPolicyTable(summary);
    const said = [...diagnoses(summary), ...(command === "compare" ? nothingToCompare(summary) : [])];
    if (said.length > 0) console.log(`\n${said.join("\n")}`);
    console.log(`\nreport   ${folder}/report.html\nsummary  ${folder}/summary.json`);
  }
};

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
  await interruptible(async (signal) => {
    using progress = openProgress(process.stderr);
    if (!live) {
      show(
        command,
        await runScenario(command, scenario, policies, execution, { progress, signal }),
        execution.json,
      );
      return;
    }
    // The gateway is loaded by who asks for it: it costs every other run a fifth of a second.
    const { openLiveServer } = await import("../../studies/serve/live-server.ts");
    await using server = await openLiveServer(execution, progress);
    const { url, loginUrl } = server;
    progress.note(`watch it at ${url}${loginUrl === null ? "" : `, log in at ${loginUrl}`}`);
    const result = await runScenario(command, scenario, policies, execution, { progress, signal });
    show(command, result, execution.json);
    progress.note(`still served at ${url}: Ctrl-C ends it`);
    if (!signal.aborted) await once(signal, "abort");
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

/** `swath replay`: one policy. */
export const replayCommand = (): Command =>
  addRunOptions(
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
