import { computingSatellites } from "./computing-satellites.ts";
import { cubesats } from "./cubesats.ts";
import { dataCentres } from "./data-centres.ts";
import { imagingSatellites } from "./imaging-satellites.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

/** Every spacecraft that `--spacecraft` knows by name; the default first. */
export const spacecraftPresets: readonly SpacecraftPreset[] = [
  ...cubesats,
  ...imagingSatellites,
  ...computingSatellites,
  ...dataCentres,
];
