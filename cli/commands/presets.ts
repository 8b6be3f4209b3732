import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { allPresets, presetsCalled, spacecraftFileOf } from "../../studies/inputs/presets.ts";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { largeModelText, reckonLargeModels } from "../text/large-model-text.ts";
import { presetsJson, presetsText, presetText } from "../text/presets-text.ts";

interface Flags {
  readonly json?: boolean;
  readonly yaml?: boolean;
}

/** The name under which models too large for most computers are reckoned instead of a preset. */
const largeModels = "large-models";

const run = async (name: string | undefined, { json, yaml }: Flags): Promise<void> => {
  if (json === true && yaml === true) {
    throw new SwathError("config", { what: "--json and --yaml", wanted: "one of them", got: "both" });
  }
  if (name === largeModels && yaml !== true) {
    const models = await reckonLargeModels();
    process.stdout.write(json === true ? canonicalText(models) : largeModelText(models));
    return;
  }
  const chosen = name === undefined ? allPresets() : presetsCalled(name);
  if (yaml === true) {
    const file = name === undefined ? null : spacecraftFileOf(name);
    if (file === null) {
      const names = allPresets().spacecraft.map((one) => one.name);
      throw new SwathError("config", {
        what: "--yaml",
        wanted: `the name of a spacecraft: ${names.join(", ")}`,
        got: name ?? "nothing",
      });
    }
    process.stdout.write(file);
  } else if (json === true) console.log(JSON.stringify(presetsJson(chosen), null, 2));
  else process.stdout.write(name === undefined ? presetsText(chosen) : presetText(chosen));
};

/** `swath presets`. The action throws `SwathError("config")` for a name that is none. */
export const presetsCommand = (): Command =>
  new Command("presets")
    .description(
      "List spacecraft, computers, constellations and station networks by name, with the source of every figure",
    )
    .argument(
      "[name]",
      "one preset: its figures, each with unit, source, and whether it is published or assumed; or large-models: what eight billion parameters do on board, and what it costs to send them up",
    )
    .option("--json", "print as JSON")
    .option("--yaml", "print a spacecraft as the file that --spacecraft reads, to edit")
    .addHelpText(
      "after",
      `
Examples:
  $ swath presets
  $ swath presets oec
  $ swath presets large-models
  $ swath presets three-body --yaml > mine.yaml`,
    )
    .action(run);
