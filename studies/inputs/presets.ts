import { computerProfiles, type ComputerProfile } from "../../operators/presets/computers.ts";
import { figuresOf, type PlacedFigure } from "../../operators/presets/figure.ts";
import { spacecraftPresets } from "../../operators/presets/registry.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { type StationNetwork, stationNetworks } from "../../planning/contacts/station-networks.ts";
import { namedConstellations } from "../../planning/orbits/constellation-presets.ts";
import type { NamedConstellation } from "../../planning/orbits/named-constellation.ts";
import { spacecraftYaml } from "./spacecraft-file.ts";

export type { PlacedFigure } from "../../operators/presets/figure.ts";

/** A spacecraft by name, figure by figure. */
export interface SpacecraftRow {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly figures: readonly PlacedFigure[];
}

/** A computer by name, with networks whose times on it were measured. */
export interface ComputerRow {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly PlacedFigure[];
  readonly anchors: ComputerProfile["anchors"];
  /** It is the computer of a spacecraft that has a name, whose figures list it too. */
  readonly isAboard: boolean;
}

/** A constellation in the list of presets. */
export type ConstellationRow = Pick<NamedConstellation, "name" | "title" | "source" | "spacecraft" | "count">;

/** A network of stations in the list of presets. */
export type NetworkRow = Pick<StationNetwork, "name" | "title" | "source" | "stations">;

/** Everything of one name, or of all, as plain rows. */
export interface Presets {
  readonly spacecraft: readonly SpacecraftRow[];
  readonly computers: readonly ComputerRow[];
  readonly constellations: readonly ConstellationRow[];
  readonly networks: readonly NetworkRow[];
}

/** All presets that the user can name. */
export const allPresets = (): Presets => ({
  spacecraft: spacecraftPresets.map(({ name, title, note, sheet }) => ({
    name,
    title,
    note,
    figures: figuresOf(sheet),
  })),
  computers: computerProfiles.map(({ name, title, sheet, anchors }) => ({
    name,
    title,
    figures: figuresOf(sheet),
    anchors,
    isAboard: spacecraftPresets.some((preset) => preset.sheet.computer === sheet),
  })),
  constellations: namedConstellations,
  networks: stationNetworks,
});

/** All presets of that name. Throws `SwathError("config")` where there is none. */
export const presetsCalled = (name: string): Presets => {
  const all = allPresets();
  const called = <T extends { readonly name: string }>(rows: readonly T[]): readonly T[] =>
    rows.filter((row) => row.name === name);
  const found: Presets = {
    spacecraft: called(all.spacecraft),
    computers: called(all.computers),
    constellations: called(all.constellations),
    networks: called(all.networks),
  };
  if (Object.values(found).some((rows: readonly unknown[]) => rows.length > 0)) return found;
  const known = Object.values(all).flatMap((rows: readonly { readonly name: string }[]) =>
    rows.map((row) => row.name),
  );
  throw new SwathError("config", {
    what: `no preset "${name}"`,
    wanted: `one of ${[...new Set(known)].join(", ")}`,
  });
};

/** A spacecraft as the file that `--spacecraft` reads; `null` where no spacecraft has that name. */
export const spacecraftFileOf = (name: string): string | null => {
  const preset = spacecraftPresets.find((one) => one.name === name);
  return preset === undefined ? null : spacecraftYaml(preset);
};
