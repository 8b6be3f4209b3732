import { Command } from "commander";
import { type PolicyName, policyNames } from "../../pipeline/mission/policy.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { addRunOptions, datasetArgument, run } from "./replay.ts";

const parsePolicies = (self: Command): readonly PolicyName[] => {
  const asked = self
    .opts<{ policies: string }>()
    .policies.split(",")
    .map((name) => name.trim());
  const unknown = asked.find((name) => !policyNames.includes(name as PolicyName));
  if (unknown !== undefined) {
    const wanted = `some of ${policyNames.join(", ")}, with commas between`;
    throw new SwathError("config", { what: "--policies", wanted, got: `"${unknown}"` });
  }
  return policyNames.filter((name) => asked.includes(name));
};

/** `swath compare`: policies side by side. */
export const compareCommand = (): Command =>
  addRunOptions(
    new Command("compare")
      .description("Run policies side by side over the same acquisitions and contacts")
      .addArgument(datasetArgument)
      .option("--policies <names>", "comma-separated", policyNames.join(",")),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ swath compare ships/
  $ swath compare ships/ --policies raw,detect --stations ksat.json --hours 48`,
    )
    .action(async (dataset: string, _options: unknown, self: Command) => {
      await run("compare", dataset, parsePolicies, self);
    });
