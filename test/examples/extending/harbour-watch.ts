import { cubesats } from "../../../operators/presets/cubesats.ts";
import { assumed } from "../../../operators/presets/figure.ts";
import type { SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";

const [base] = cubesats as readonly [SpacecraftPreset];

/** The default cubesat with a larger store and a faster radio. */
export const harbourWatch: SpacecraftPreset = {
  name: "harbour-watch",
  title: "Harbour Watch: a 6U cubesat with an S-band upgrade",
  note: "An example: no such satellite flies.",
  sheet: {
    ...base.sheet,
    radio: { ...base.sheet.radio, rate: { kind: "fixed", rate: assumed(20e6, "bit/s", "an example") } },
    store: { capacity: assumed(64e9, "B", "an example: one module of flash") },
  },
};
