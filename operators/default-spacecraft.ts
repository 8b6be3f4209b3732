import type { Spacecraft } from "../pipeline/bus/spacecraft.ts";
import { findSpacecraftPreset } from "./presets/catalogue.ts";
import { spacecraftOf, type SpacecraftPreset } from "./presets/spacecraft-preset.ts";

/** The preset `cubesat-6u` with power and temperature taken for granted: it never waits. */
export const defaultSpacecraft: Spacecraft = {
  ...spacecraftOf(findSpacecraftPreset("cubesat-6u") as SpacecraftPreset),
  power: null,
  heat: null,
};
