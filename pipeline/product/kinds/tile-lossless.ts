import { productCodec } from "../product-kind.ts";

/** Tiles bit for bit, by the lossless codec and its threads. */
export const losslessTiles = productCodec({
  kind: "tile-lossless",
  key: "tileLossless",
  name: "lossless tiles",
  colour: "lossless",
  class: "tiles",
  decodeTile: (payload, bands, codec) => codec.decode(payload, bands),
});
