import { policyKind } from "./policy-kind.ts";

/** The yardstick of all savings. */
export const raw = policyKind({
  name: "raw",
  sends: "Every tile goes down, lossless; the ground runs the model. The yardstick.",
  where: "ground",
  parameters: {},
  ofTile: async ({ core }, _, codec) => ({ kind: "tile-lossless", payload: await codec.encode(core) }),
});
