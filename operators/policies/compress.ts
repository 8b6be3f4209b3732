import { encodeLossyTile } from "../../pipeline/product/lossy-tile.ts";
import { wholeParameter, wordParameter } from "./parameter.ts";
import { policyKind } from "./policy-kind.ts";

/** Lossy tiles: the model on the ground sees what the codec left. */
export const compress = policyKind({
  name: "compress",
  sends: "Every tile, lossy; the ground runs the model on what the codec left.",
  where: "ground",
  parameters: {
    format: wordParameter({
      name: "format",
      words: ["webp", "avif", "jpeg"],
      initial: "webp",
      help: "codec of the tiles",
    }),
    quality: wholeParameter({ name: "quality", low: 1, high: 100, initial: 75, help: "of that codec" }),
  },
  ofTile: async ({ core }, settings) => ({
    kind: "tile-lossy",
    payload: await encodeLossyTile(core, settings),
  }),
});
