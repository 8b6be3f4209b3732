import { Command } from "commander";
import { addRunOptions, run } from "./replay.ts";
import { readOptions } from "../../studies/options/option.ts";
import { policiesOption } from "../../studies/options/table.ts";

/** `swath demo`: the main job on the built-in scenes. */
export const demoCommand = (): Command =>
  addRunOptions(new Command("demo").description("Compare all policies on the built-in scenes"))
    .addHelpText("after", "\nExample:\n  $ swath demo")
    .action(async (_options: unknown, self: Command) => {
      await run("demo", "builtin:harbour", () => readOptions(policiesOption, {}).policies, self);
    });
