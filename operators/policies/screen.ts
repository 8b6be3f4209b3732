import { numberParameter } from "./parameter.ts";
import { policyKind } from "./policy-kind.ts";

/** Lossless tiles, but for those that show mostly cloud. */
export const screen = policyKind({
  name: "screen",
  sends: "Tiles that are neither empty nor cloudy, lossless; the ground runs the model.",
  where: "ground",
  parameters: {
    maxCloudShare: numberParameter({
      name: "max-cloud",
      low: 0,
      high: 1,
      initial: 0.7,
      help: "largest share of cloud in a tile that goes down",
    }),
  },
  maxCloudShare: ({ maxCloudShare }) => maxCloudShare,
  ofTile: async ({ core }, _, codec) => ({ kind: "tile-lossless", payload: await codec.encode(core) }),
});
