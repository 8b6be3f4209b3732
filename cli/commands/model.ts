import { Command } from "commander";
import { modelAddCommand } from "./model-add.ts";
import { modelCheckCommand } from "./model-check.ts";
import { modelDiffCommand } from "./model-diff.ts";
import { modelInspectCommand, modelListCommand } from "./model-inspect.ts";

/** `swath model list`, `inspect`, `add`, `check` and `diff`. */
export const modelCommand = (): Command =>
  new Command("model")
    .alias("models")
    .description("Look at detection models, bring your own and measure them")
    .addCommand(modelListCommand())
    .addCommand(modelInspectCommand())
    .addCommand(modelAddCommand())
    .addCommand(modelCheckCommand())
    .addCommand(modelDiffCommand());
