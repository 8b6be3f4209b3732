import { spacecraftPresets } from "./registry.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

/** The preset of that name, if there is one. */
export const findSpacecraftPreset = (name: string): SpacecraftPreset | null =>
  spacecraftPresets.find((one) => one.name === name) ?? null;
