import { Argument, Command, Option } from "commander";
import { protections, type Protection } from "../../pipeline/mission/upset-plan.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { stringifySummary } from "../../studies/answer.ts";
import { policyNames, type PolicyName } from "../../pipeline/mission/policy.ts";
import { applyConfigFile } from "../options/config-file.ts";
import { interruptible } from "../interrupt.ts";
import { runUpsets } from "../../studies/upsets.ts";
import {
  parseExecution,
  parseScenario,
  addExecutionOptions,
  addRunOptions,
} from "../options/scenario-options.ts";
import { scrubOption } from "../options/upset-options.ts";
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
  addExecutionOptions(
    addRunOptions(
      new Command("upsets")
        .description("Turn over bits on board, and put protections against it side by side")
        .addArgument(
          new Argument("[dataset]", "STAC collection, folder, image or builtin:harbour").default(
            "builtin:harbour",
          ),
        )
        .option("--upsets <factor>", "times the real rate", "1000x")
        .option("--protections <names>", "comma-separated", protections.join(","))
        .addOption(scrubOption())
        .addOption(
          new Option("--policy <name>", "what goes down").choices([...policyNames]).default("detect"),
        ),
    ).option("--seed <number>", "seed of everything random", "1"),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ swath upsets ships/ --upsets 1000x --cadence 1h
  $ swath upsets ships/ --model ships-s2:int8 --upsets 1e4 --protections none,scrub --scrub 1h`,
    )
    .action(async (dataset: string, _options: unknown, self: Command) => {
      applyConfigFile(self);
      const values = self.opts<{ policy: PolicyName; protections: string }>();
      const asked = parseProtections(values.protections);
      const execution = parseExecution(values);
      const scenario = parseScenario(dataset, values);
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
        const comparison = { policy: values.policy, upsets, protections: asked };
        using progress = openProgress(process.stderr);
        const ports = { progress, signal };
        const { summary, file } = await runUpsets(scenario, comparison, execution, ports);
        process.stdout.write(
          execution.json ? stringifySummary(summary) : `${upsetComparison(summary)}\nsummary  ${file}\n`,
        );
      });
    });
