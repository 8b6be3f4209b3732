import { Command } from "commander";
import { listPolicies } from "../../../studies/inputs/policies.ts";
import { policyHelp } from "../../../cli/text/policy-text.ts";

/** `swath policies`: what may go down. */
export const policiesCommand = (): Command =>
  new Command("policies")
    .description("List policies and their parameters")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ swath policies --json")
    .action(({ json }: { readonly json?: boolean }) => {
      const rows = listPolicies();
      process.stdout.write(`${json === true ? JSON.stringify(rows, null, 2) : policyHelp(rows).trim()}\n`);
    });
