import { Argument, Command } from "commander";
import { type RunSummary, stringifySummary } from "../../studies/answer.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import { listPolicies } from "../../studies/inputs/policies.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policyHelp } from "../text/policy-text.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { interruptible } from "../interrupt.ts";
import { runScenario, type ScenarioResult } from "../../studies/replay.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import { executionOptions, policyOption, scenarioOptions } from "../../studies/options/table.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";
import { openProgress } from "../text/progress-line.ts";
import { printPolicyTable } from "../text/run-text.ts";

/** Nothing found is a result, but more often a model on imagery that it was not made for: never left to be noticed. */
const nothingFound = ({ model, dataset }: RunSummary): string =>
  `Nothing was found: ${model.name} gave no detection of score ${model.scoreThreshold} or more in ${dataset.scenes} scene${
    dataset.scenes === 1 ? "" : "s"
  }.\n\`swath model check\` shows lower scores; see that bands, units and pixel size are those that the model was made for.`;

/** Table and paths for people, the summary for programs. */
const show = ({ summary, folder }: ScenarioResult, json: boolean): void => {
  if (json) process.stdout.write(stringifySummary(summary));
  else {
    printPolicyTable(summary);
    if (summary.policies.every(({ detections }) => detections.delivered === 0)) {
      console.log(`\n${nothingFound(summary)}`);
    }
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
  await interruptible(async (signal) => {
    using progress = openProgress(process.stderr);
    show(await runScenario(command, scenario, policies, execution, { progress, signal }), execution.json);
  });
};

/** The dataset that a command reads; the built-in harbour when none is given. */
export const datasetArgument = new Argument(
  "[dataset]",
  "STAC collection, folder, image or builtin:harbour",
).default("builtin:harbour");

/** The options of every command that runs a scenario. */
export const addRunOptions = (command: Command): Command =>
  addOptions(addOptions(addConfigOption(command), scenarioOptions), executionOptions);

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
