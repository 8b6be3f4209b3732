import { Command } from "commander";
import { listPolicies } from "../../studies/inputs/policies.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policiesOption } from "../../studies/options/table.ts";
import { addOptions } from "../options/command-options.ts";
import { policyHelp } from "../text/policy-text.ts";
import { addArrayOptions, datasetArgument, run } from "./replay.ts";

/** `swath compare`: policies side by side. */
export const compareCommand = (): Command =>
  addArrayOptions(
    addOptions(
      new Command("compare")
        .description("Run policies side by side over the same acquisitions and contacts")
        .addArgument(datasetArgument),
      policiesOption,
    ),
  )
    .addHelpText("after", policyHelp(listPolicies()))
    .addHelpText(
      "after",
      `
One that was interrupted or killed goes on behind the policies that are finished when it is called again, and comes to the same bytes.

Examples:
  $ swath compare ships/
  $ swath compare ships/ --live --speed 60
  $ swath compare ships/ --policies raw,compress:quality=50,detect --stations ksat.json --hours 48`,
    )
    .action(async (dataset: string, _options: unknown, self: Command) => {
      await run("compare", dataset, () => readOptions(policiesOption, self.opts()).policies, self);
    });
