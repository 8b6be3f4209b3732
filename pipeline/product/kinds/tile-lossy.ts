import { productCodec } from "../product-kind.ts";

/** Tiles as an image codec leaves them: `encodeLossyTile`. */
export const lossyTiles = productCodec({
  kind: "tile-lossy",
  key: "tileLossy",
  name: "lossy tiles",
  colour: "lossy",
  class: "tiles",
  // Loaded with the first of them: who only counts bytes needs no image codecs.
  decodeTile: async (payload, bands) => (await import("../lossy-tile.ts")).decodeLossyTile(payload, bands),
});
