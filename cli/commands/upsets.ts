import { Command } from "commander";
import { protections, type Protection } from "../../pipeline/mission/upset-plan.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { stringifySummary } from "../../studies/answer.ts";
import { listPolicies } from "../../studies/inputs/policies.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policyHelp } from "../text/policy-text.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { interruptible } from "../interrupt.ts";
import { runUpsets } from "../../studies/upsets.ts";
import { readExecution, readUpsetScenario } from "../../studies/options/scenario.ts";
import { executionOptions, policyOption, upsetStudyOptions } from "../../studies/options/table.ts";
import { addConfigOption, addOptions } from "../options/command-options.ts";
import { datasetArgument } from "./replay.ts";
import { openProgress } from "../text/progress-line.ts";
import { upsetComparison } from "../text/upset-text.ts";

const parseProtections = (text: string): readonly Protection[] => {
  const asked = text.split(",").map((name) => name.trim());
  const unknown = asked.find((name) => !protections.includes(name as Protection));
  if (unknown !== undefined) {
    const wanted = `some of ${protections.join(", ")}, with commas between`;
    throw new SwathError("config", { what: "--protections", wanted, got: `"${unknown}"` });
  }
  return protections.filter((name) => asked.includes(name));
};

/** `swath upsets`: protections against radiation side by side. */
export const upsetsCommand = (): Command =>
  addOptions(
    addOptions(
      addOptions(
        addConfigOption(
          new Command("upsets")
            .description("Turn over bits on board, and put protections against it side by side")
            .addArgument(datasetArgument),
        ),
        upsetStudyOptions,
      ).option("--protections <names>", "comma-separated", protections.join(",")),
      policyOption,
    ),
    executionOptions,
  )
    .addHelpText("after", policyHelp(listPolicies()))
    .addHelpText(
      "after",
      `
Examples:
  $ swath upsets ships/ --upsets 1000x --cadence 1h
  $ swath upsets ships/ --model ships-s2:int8 --upsets 1e4 --protections none,scrub --scrub 1h`,
    )
    .action(async (dataset: string, _options: unknown, self: Command) => {
      applyConfigFile(self);
      const values = self.opts();
      const { policy } = readOptions(policyOption, values);
      const asked = parseProtections(String(values["protections"]));
      const execution = readExecution(values);
      const scenario = readUpsetScenario(dataset, values);
      const { upsets } = scenario;
      if (upsets === null) {
        throw new SwathError("config", { what: "--upsets", wanted: "a factor above 0", got: "0" });
      }
      if (execution.external) {
        const hint = "swath replay --upsets 100x --external takes satellites in other processes";
        throw new SwathError("config", {
          what: "--external",
          wanted: "a run in this process",
          got: "--external",
          hint,
        });
      }
      await interruptible(async (signal) => {
        const comparison = { policy, upsets, protections: asked };
        using progress = openProgress(process.stderr);
        const ports = { progress, signal };
        const { summary, folder } = await runUpsets(scenario, comparison, execution, ports);
        process.stdout.write(
          execution.json
            ? stringifySummary(summary)
            : `${upsetComparison(summary)}\nreport   ${folder}/report.html\nsummary  ${folder}/summary.json\n`,
        );
      });
    });
