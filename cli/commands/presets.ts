import { Command } from "commander";
import { computerProfiles } from "../../operators/presets/computers.ts";
import { spacecraftPresets } from "../../operators/presets/registry.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { namedConstellations } from "../../planning/orbits/constellation-presets.ts";
import { stationNetworks } from "../../planning/contacts/station-networks.ts";
import { presetsJson, presetsText, presetText, type Presets } from "../text/presets-text.ts";
import { spacecraftYaml } from "../../studies/inputs/spacecraft-file.ts";

const all: Presets = {
  spacecraft: spacecraftPresets,
  computers: computerProfiles,
  constellations: namedConstellations,
  networks: stationNetworks,
};

const called = (name: string): Presets => {
  const found: Presets = {
    spacecraft: all.spacecraft.filter((one) => one.name === name),
    computers: all.computers.filter((one) => one.name === name),
    constellations: all.constellations.filter((one) => one.name === name),
    networks: all.networks.filter((one) => one.name === name),
  };
  if (Object.values(found).some((list: readonly unknown[]) => list.length > 0)) return found;
  const known = Object.values(all).flatMap((list: readonly { readonly name: string }[]) =>
    list.map((one) => one.name),
  );
  throw new SwathError("config", {
    what: `no preset "${name}"`,
    wanted: `one of ${[...new Set(known)].join(", ")}`,
  });
};

interface Flags {
  readonly json?: boolean;
  readonly yaml?: boolean;
}

const run = (name: string | undefined, { json, yaml }: Flags): void => {
  if (json === true && yaml === true) {
    throw new SwathError("config", { what: "--json and --yaml", wanted: "one of them", got: "both" });
  }
  const chosen = name === undefined ? all : called(name);
  if (yaml === true) {
    const [preset] = name === undefined ? [] : chosen.spacecraft;
    if (preset === undefined) {
      throw new SwathError("config", {
        what: "--yaml",
        wanted: `the name of a spacecraft: ${all.spacecraft.map((one) => one.name).join(", ")}`,
        got: name ?? "nothing",
      });
    }
    process.stdout.write(spacecraftYaml(preset));
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
      "one preset: its figures, each with unit, source, and whether it is published or assumed",
    )
    .option("--json", "print as JSON")
    .option("--yaml", "print a spacecraft as the file that --spacecraft reads, to edit")
    .addHelpText(
      "after",
      `
Examples:
  $ swath presets
  $ swath presets oec
  $ swath presets three-body --yaml > mine.yaml`,
    )
    .action(run);
