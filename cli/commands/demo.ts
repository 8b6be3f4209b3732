import { Command } from "commander";
import { addRunOptions, run } from "./replay.ts";
import { policyNames } from "../../pipeline/mission/policy.ts";

/** `swath demo`: the main job on the built-in scenes. */
export const demoCommand = (): Command =>
  addRunOptions(new Command("demo").description("Compare all policies on the built-in scenes"))
    .addHelpText("after", "\nExample:\n  $ swath demo")
    .action(async (_options: unknown, self: Command) => {
      await run("demo", "builtin:harbour", () => policyNames, self);
    });
